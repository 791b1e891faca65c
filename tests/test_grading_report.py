"""The reports: what each file says, and what none of them lets through."""

import csv
import dataclasses
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, IMPORTS, NUMPY, RIGHT, TORCH, UNIT_ROWS
from sandboxed import SMALL, needs

from mmcourse.grading import Settings, command, grade
from mmcourse.grading.report.files import file_name
from mmcourse.grading.report.page import page
from mmcourse.grading.report.table import harmless
from mmcourse.grading.results import CaseResult, PropertyResult, QuestionResult, Result

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
        ('Zoë 李, "x"', NUMPY.name, "4", "8", "graded", "", ""),
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
    assert len(after) == 4


def test_a_page_runs_nothing_whatever_is_written_on_it():
    text = page(SCRIPT, [RESULT])
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "default-src 'none'" in text
    assert not re.search(r"\bon\w+=|javascript:|<(iframe|object|embed|form|img|link)", text)


def test_a_page_tells_of_a_hidden_case_only_that_there_is_one():
    text = page("ada", [RESULT])
    assert "secret" not in text
    assert "1 hidden case: not passed" in text
    assert "example: wrong" in text


def test_our_fault_is_not_explained_to_students():
    broken = Result(
        student="a", exercise="e", maximum=1, status="not graded", reason="secret trace"
    )
    text = page("a", [broken])
    assert "secret" not in text
    assert "not graded yet" in text


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "|x", "%0", "  =1", "\r=1"])
def test_no_name_is_a_formula(text):
    assert harmless(text) == f"'{text}"


def test_file_names_are_portable_and_never_shared():
    names = ["ada", "Ada", "ADA ", "../ada", "CON", "李", "a/b", "x" * 300, ""]
    made = [file_name(name) for name in names]
    assert len({name.lower() for name in made}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) for name in made)


def graded(tmp_path, *words, exercises=(NUMPY,)):
    return command.main(
        [str(tmp_path / "in"), "--out", str(tmp_path / "out"), *words], lambda _: exercises
    )


@needs("namespaces")
def test_the_command_ends_with_0_when_all_was_handled(tmp_path, capsys):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*RIGHT))
    hand_in(tmp_path / "in", "bad", NUMPY.name, b"")
    assert graded(tmp_path, "--seed", "3", "--jobs", "2") == 0
    said = capsys.readouterr().out
    assert "ada, 90_numbers: graded 8 of 8" in said
    assert "2 students: 1 graded, 1 unreadable." in said
    assert "  unreadable: bad, 90_numbers: the file is empty" in said
    assert graded(tmp_path) == 0, "without --seed, the seed of the report is kept"
    assert graded(tmp_path, "--seed", "4") == 2
    assert "differs in seed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--exercise", "99_none"], r"one of the exercises \(90_numbers\); got '99_none'"),
        (["--jobs", "0"], "at least one job; got 0"),
        (["--times", "no.csv"], "No such file"),
        ([], "there is no .*in"),
        (["--out", "pyproject.toml"], "a folder for --out; pyproject.toml is a file"),
    ],
)
def test_what_is_not_understood_ends_with_2(tmp_path, capsys, words, message):
    assert graded(tmp_path, *words) == 2
    assert re.search(message, capsys.readouterr().err)
    with pytest.raises(SystemExit, match="2"):
        graded(tmp_path, "--due", "tomorrow")


def test_a_report_among_the_submissions_is_refused(tmp_path, capsys):
    """Or the next run would grade it."""
    hand_in(tmp_path, "ada", NUMPY.name, notebook(*RIGHT))
    for out in (tmp_path, tmp_path / "report"):
        assert command.main([str(tmp_path), "--out", str(out)], lambda _: [NUMPY]) == 2
        assert "lies among the submissions" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["ada"]


@needs("namespaces")
def test_names_that_a_list_of_times_does_not_share_are_told(tmp_path, capsys):
    for student in ("ada", "bob"):
        hand_in(tmp_path / "in", student, NUMPY.name, b"")
    times = tmp_path / "times.csv"
    times.write_text("student,time\nada,2025-03-01T11:00\nBob,2025-03-04T11:00\n")
    assert graded(tmp_path, "--times", str(times)) == 2
    assert "give both" in capsys.readouterr().err
    assert graded(tmp_path, "--times", str(times), "--due", "2025-03-01T12:00") == 0
    assert capsys.readouterr().err.splitlines() == [
        "grade: nobody among the submissions is called Bob.",
        "grade: the list of times has none for bob.",
    ]


@needs("namespaces")
def test_a_report_is_of_one_sandbox(tmp_path, capsys):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*RIGHT))
    assert graded(tmp_path, "--trusted") == 0
    assert graded(tmp_path) == 2
    assert "differs in sandbox" in capsys.readouterr().err


@needs("namespaces")
def test_another_name_and_untouched_work_are_told_wherever_marks_are(tmp_path, capsys):
    stubs = [
        f"def {name}(x):\n    raise NotImplementedError" for name in ("unit_rows", "softmax")
    ]
    hand_in(tmp_path / "in", "ada", "my homework", notebook(*RIGHT))
    hand_in(tmp_path / "in", "bob", NUMPY.name, notebook(IMPORTS, *stubs))
    hand_in(tmp_path / "in", "cyd", NUMPY.name, notebook(IMPORTS))
    hand_in(tmp_path / "in", "dan", NUMPY.name, notebook(IMPORTS, "def softmax(x)", stubs[0]))
    assert graded(tmp_path) == 0
    note = "it is called my homework.ipynb"
    said = capsys.readouterr().out
    assert f"4 students: 2 graded, 2 not attempted. The report is in {tmp_path}" in said
    assert said.splitlines()[-1] == f"  graded: ada, 90_numbers: {note}"
    rows = (tmp_path / "out" / "grades.csv").read_text().splitlines()[1:]
    assert rows == [
        f"ada,90_numbers,8,8,graded,{note}",
        "bob,90_numbers,0,8,not attempted,",
        "cyd,90_numbers,0,8,not attempted,",
        "dan,90_numbers,0,8,graded,",
    ]
    pages = [
        (tmp_path / "out" / "feedback" / f"{file_name(one)}.html").read_text()
        for one in ("ada", "bob")
    ]
    assert f"graded: {note}" in pages[0]
    assert "<td>not attempted</td>" in pages[1]


def test_one_student_is_no_students():
    assert command.summary([RESULT], Path("out")).startswith("1 student: 1 graded.")
    late = dataclasses.replace(RESULT, late_days=1)
    assert "graded; 1 day late" in page("ada", [late])


def test_a_reader_who_has_read_enough_ends_no_run(tmp_path, capsys, monkeypatch):
    """As in `grade ... | head`."""
    for student in ("ada", "bob"):
        hand_in(tmp_path / "in", student, NUMPY.name, b"")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        assert graded(tmp_path, "--trusted") == 0
    assert "Broken pipe" not in capsys.readouterr().err
    assert len((tmp_path / "out" / "grades.csv").read_text().splitlines()) == 3


def test_our_own_fault_ends_with_3(tmp_path, capsys, monkeypatch):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*RIGHT))
    monkeypatch.setattr("mmcourse.grading.sandbox.refused", lambda backend: "not here")
    assert graded(tmp_path) == 3
    assert "none starts here" in capsys.readouterr().err


def test_exercises_that_cannot_be_loaded_are_our_own_fault(tmp_path, capsys):
    words = [str(tmp_path), "--out", str(tmp_path / "out")]
    assert command.main(words, lambda _: 1 // 0) == 3
    assert "cannot be loaded (ZeroDivisionError" in capsys.readouterr().err


def test_trusted_is_loud_and_grades_without_a_sandbox(tmp_path, capsys):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(IMPORTS, UNIT_ROWS))
    assert graded(tmp_path, "--trusted") == 0
    assert "NO SANDBOX" in capsys.readouterr().err
    assert (
        Path(tmp_path / "out" / "grades.csv")
        .read_text()
        .splitlines()[1]
        .startswith("ada,90_numbers,4,8")
    )


@needs("namespaces")
def test_one_exercise_can_be_graded_alone(tmp_path):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*RIGHT))
    assert graded(tmp_path, "--exercise", NUMPY.name, exercises=(NUMPY, TORCH)) == 0
    assert len((tmp_path / "out" / "grades.csv").read_text().splitlines()) == 2
