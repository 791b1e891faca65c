"""The reports: what each file says, and what none of them lets through."""

import csv
import dataclasses
import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, NUMPY, RIGHT
from sandboxed import SMALL, needs

from classroom.grading import Settings, command, grade
from classroom.grading.report.files import file_name
from classroom.grading.report.master import Run, write_master
from classroom.grading.report.page import feedback, page
from classroom.grading.results import (
    CaseResult,
    CellResult,
    PropertyResult,
    QuestionResult,
    Result,
    WrittenResult,
)

SCRIPT = "<script>alert(1)</script>"
CASES = (
    CaseResult(label="example", visible=True, status="wrong", text=f"{SCRIPT} off by 1"),
    CaseResult(label="secret label", visible=False, status="raised", text="secret text"),
)
QUESTION = QuestionResult(
    number="90.1",
    function="f",
    properties=(PropertyResult(name="any shape", points=0, maximum=3, cases=CASES),),
)
RESULT = Result(
    student=SCRIPT, exercise="90_numbers", maximum=3, status="graded", questions=(QUESTION,)
)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A run of a right, a half right, a broken and a missing submission; names that harm."""
    folder = tmp_path_factory.mktemp("report")
    hand_in(folder / "in", "=1+1", NUMPY.name, notebook(*RIGHT))
    hand_in(folder / "in", 'Zoë 李, "x"', NUMPY.name, notebook(*HALF))
    hand_in(folder / "in", "bad", NUMPY.name, b"{")
    (folder / "in" / "none").mkdir()
    times = {(name, ""): datetime(2025, 3, 3, tzinfo=UTC) for name in ("=1+1", "bad")}
    due = datetime(2025, 3, 1, 12, tzinfo=UTC)
    settings = Settings(seed=5, backend="namespaces", limits=SMALL, due=due)
    grade([NUMPY], folder / "in", folder / "out", settings, times=times)
    return folder / "out"


@needs("namespaces")
def test_the_table_has_a_row_for_each_student_and_exercise(report):
    lines = (report / "grades.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    assert [tuple(row.values()) for row in rows] == [
        ("'=1+1", NUMPY.name, "8", "8", "graded", "", "2"),
        ('Zoë 李, "x"', NUMPY.name, "4", "8", "graded", "90.2 wrong", ""),
        ("bad", NUMPY.name, "0", "8", "unreadable", rows[2]["reason"], "2"),
        ("none", NUMPY.name, "0", "8", "missing", "nothing was handed in", ""),
    ]
    assert rows[2]["reason"].startswith("the file is no notebook: its JSON is broken")
    assert list(rows[0]) == [
        *("student", "exercise", "points", "max_points", "status", "reason", "late_days")
    ]


@needs("namespaces")
def test_the_master_record_holds_every_case_and_how_to_repeat_the_run(report):
    record = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert record["run"]["seed"] == 5
    assert record["run"]["sandbox"] == "namespaces"
    assert {"python", "numpy"} <= record["run"]["versions"].keys()
    cases = [
        case["status"]
        for question in record["results"][0]["questions"]
        for prop in question["properties"]
        for case in prop["cases"]
    ]
    assert cases == ["passed"] * 7


@needs("namespaces")
def test_gradescope_gets_the_same_points(report):
    path = report / "gradescope" / file_name("=1+1") / "results.json"
    told = json.loads(path.read_text())
    assert told["score"] == 8
    assert [(test["score"], test["max_score"]) for test in told["tests"]] == [(4, 4), (4, 4)]
    assert {test["visibility"] for test in told["tests"]} == {"visible"}


@needs("namespaces")
def test_a_second_report_of_the_same_run_is_the_same(report, tmp_path):
    before = {path: path.read_bytes() for path in report.rglob("*.html")}
    settings = Settings(seed=5, backend="namespaces", limits=SMALL)
    results = grade([NUMPY], report.parent / "in", report, settings)
    assert [one.points for one in results] == [8, 4, 0, 0]
    after = {path: path.read_bytes() for path in report.rglob("*.html")}
    assert before.keys() == after.keys()
    assert len(after) == 5, "four students and the class"


def test_a_page_runs_nothing_whatever_is_written_on_it():
    text = page(SCRIPT, [RESULT])
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "default-src 'none'" in text
    assert not re.search(r"\bon\w+=|javascript:|<(iframe|object|embed|form|img|link)", text)


def test_whatever_is_written_is_shown_as_it_was_typed():
    typed = "&amp; \"'<b>{{ 7 * 7 }}{% raw %} 李"
    cells = (CellResult(text="", error=f"ValueError: {typed}"),)
    told = dataclasses.replace(RESULT, exercise=typed, notes=(typed,), cells=cells)
    text = page(typed, [told])
    assert "<b>" not in text
    shown = html.unescape(text)
    assert f"<h1>Feedback for {typed}</h1>" in shown
    assert f"<td>{typed}</td>" in shown
    assert f"<td>graded: {typed}</td>" in shown
    assert f"<pre>code cell 1: ValueError: {typed}</pre>" in shown


def test_a_page_tells_of_a_hidden_case_only_that_there_is_one():
    text = page("ada", [RESULT])
    assert "secret" not in text
    assert "1 hidden case: not passed" in text
    assert "example: wrong" in text


def test_a_page_shows_what_the_check_says_and_keeps_the_mistake_for_the_instructor():
    prop = dataclasses.replace(QUESTION.properties[0], mistake="secret mistake")
    said = "90.1 f: 1 of 3 cases passed, 0 of 3 points.\n<b>Average</b> along axis 1."
    question = dataclasses.replace(QUESTION, properties=(prop,), feedback=said)
    text = page("ada", [dataclasses.replace(RESULT, questions=(question,))])
    assert f"<pre>{html.escape(said)}</pre>" in text
    assert "secret" not in text
    assert "A property counts whole" in text
    assert "All practice cases pass" not in text


def test_a_page_says_plainly_where_practice_passes_and_grading_does_not():
    said = "90.1 f: all 3 cases passed, 3 of 3 points.\n2 of these cases are hidden."
    question = dataclasses.replace(QUESTION, feedback=said)
    plainly = "All practice cases pass; new cases that grading drew do not."
    assert plainly in page("ada", [dataclasses.replace(RESULT, questions=(question,))])
    assert plainly in list(feedback(question)), "Gradescope and nbgrader say it too"
    cases = tuple(dataclasses.replace(case, status="passed") for case in CASES)
    prop = dataclasses.replace(QUESTION.properties[0], cases=cases, points=3)
    passed = dataclasses.replace(question, properties=(prop,))
    assert plainly not in page("ada", [dataclasses.replace(RESULT, questions=(passed,))])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ({"text": SCRIPT}, "90.5 In words: awaits marking"),
        ({"text": ""}, "90.5 In words: not answered"),
        ({"text": SCRIPT, "points": 2.5, "comment": SCRIPT}, "90.5 In words: 2.5 of 4 points"),
    ],
)
def test_a_page_shows_the_mark_of_an_answer_in_words(written, shown):
    answer = WrittenResult(number="90.5", title="In words", maximum=4, **written)
    text = page("ada", [dataclasses.replace(RESULT, written=(answer,))])
    assert f"<h3>{shown}</h3>" in text
    assert "<script" not in text
    assert text.count("&lt;script") - page("ada", [RESULT]).count("&lt;script") == sum(
        value == SCRIPT for value in written.values()
    )


def test_the_master_record_names_the_mistake_of_every_failed_property(tmp_path):
    prop = dataclasses.replace(QUESTION.properties[0], mistake="columns")
    question = dataclasses.replace(QUESTION, properties=(prop,), diagnosis="columns")
    run = Run(seed=1, sandbox="none", versions={}, began="", exercises={}, checks={})
    write_master(tmp_path, run, [dataclasses.replace(RESULT, questions=(question,))])
    record = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    (told,) = record["results"][0]["questions"]
    assert (told["diagnosis"], told["properties"][0]["mistake"]) == ("columns", "columns")


def test_our_fault_is_not_explained_to_students():
    broken = Result(
        student="a", exercise="e", maximum=1, status="not graded", reason="secret trace"
    )
    text = page("a", [broken])
    assert "secret" not in text
    assert "not graded yet" in text


def test_file_names_are_portable_and_never_shared():
    names = ["ada", "Ada", "ADA ", "../ada", "CON", "李", "a/b", "x" * 300, ""]
    made = [file_name(name) for name in names]
    assert len({name.lower() for name in made}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) for name in made)


def test_one_student_is_no_students():
    assert command.summary([RESULT], Path("out")).startswith("1 student: 1 graded.")
    late = dataclasses.replace(RESULT, late_days=1)
    assert "graded; 1 day late" in page("ada", [late])
