"""The bridge to nbgrader: its formgrader, feedback and export work on what we write."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, NUMPY, RIGHT

from classroom.grading import command, options
from classroom.grading.notebook import Cell
from classroom.grading.results import CellResult, PropertyResult, QuestionResult, Result

pytest.importorskip("nbgrader", reason="the extra `instructor` is not installed")
from classroom.grading.report import nbgrader
from classroom.grading.report.returned import rebuilt

HARM = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    hand_in(folder / "in", "ada", NUMPY.name, notebook(*RIGHT, f"print({HARM!r})"))
    hand_in(folder / "in", f"B {HARM[:8]}", NUMPY.name, notebook(*HALF))
    hand_in(folder / "in", "bad", NUMPY.name, b"{")
    (folder / "in" / "none").mkdir()
    words = [str(folder / "in"), "--out", str(folder / "out"), "--trusted", "--nbgrader"]
    assert command.main(words, lambda _: [NUMPY], folder / "solutions") == 0
    return folder / "out" / "nbgrader"


def nbgrader_app(course, *words):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]


@pytest.mark.slow
def test_nbgrader_exports_our_points(course):
    nbgrader_app(course, "export")
    rows = [line.split(",") for line in (course / "grades.csv").read_text().splitlines()]
    heading, *rows = rows
    student, score, most = (
        heading.index(name) for name in ("student_id", "score", "max_score")
    )
    told = {row[student]: (float(row[score]), float(row[most])) for row in rows}
    assert told.pop("ada") == (8, 8)
    assert told.pop("bad") == (0, 8)
    assert told.pop("none") == (0, 8)
    assert list(told.values()) == [(4, 8)]


@pytest.mark.slow
def test_nbgrader_writes_its_feedback_from_our_copies(course):
    nbgrader_app(course, "generate_feedback", NUMPY.name)
    page = (course / "feedback" / "ada" / NUMPY.name / f"{NUMPY.name}.html").read_text()
    assert "any shape: 3 of 3 points, right" in page
    assert HARM not in page


def test_a_copy_shows_markdown_as_text_and_our_verdict_below_each_check(course):
    path = course / "autograded" / "ada" / NUMPY.name / f"{NUMPY.name}.ipynb"
    copy = nbformat.read(path, 4)
    nbformat.validate(copy)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in copy.cells]
    assert ids == [None, None, "90-1-check", None, "90-2-check", None]
    said = copy.cells[2].outputs[0].text
    assert said.startswith("90.1 unit_rows: all 4 cases passed, 4 of 4 points.")
    assert "\nthe example: right\n  example: passed" in said


def test_markdown_cannot_leave_its_text(course):
    from nbconvert import HTMLExporter

    sources = [HARM, f"```\n```\n{HARM}", f"\n\n\t{HARM}\r{HARM}", "[x](javascript:alert(1))"]
    cells = [Cell(code=False, source=source) for source in sources]
    result = Result(student="a", exercise="e", maximum=1, status="graded")
    copy = nbformat.from_dict(rebuilt(cells, result))
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(copy)
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_outputs_are_ours_and_missing_checks_are_added():
    prop = PropertyResult(name="p", points=1, maximum=1, cases=())
    question = QuestionResult(number="90.1", function="f", properties=(prop,))
    result = Result(
        student="a",
        exercise="e",
        maximum=1,
        status="graded",
        questions=(question,),
        cells=(CellResult(text="printed", error="ValueError: x"),),
    )
    copy = nbformat.from_dict(rebuilt([Cell(code=True, source="f = 1")], result))
    assert copy.cells[0].outputs[0].text == "printed\nValueError: x"
    assert copy.cells[1].source == 'check("90.1", f)'


def test_a_student_is_a_folder_of_their_own():
    names = ["ada", "Ada L", "..", "../ada", "a/b", ".x", "-"]
    made = [nbgrader.student_id(name) for name in names]
    assert len(set(made)) == len(names)
    assert not any("/" in one or one.startswith(".") for one in made)


def test_without_nbgrader_the_option_says_what_to_install(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(options, "find_spec", lambda name: None)
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*HALF))
    words = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--trusted", "--nbgrader"]
    assert command.main(words, lambda _: [NUMPY]) == 2
    assert "[instructor]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()  # told before anything is graded
