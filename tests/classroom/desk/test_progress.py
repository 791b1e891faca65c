"""`python -m mmcourse check`: learners' copies, whatever they hold."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from classroom import checks
from classroom.desk import copies, progress
from mmcourse import __main__ as command

NAME = "02_cosine_similarity"
ROOT = copies.ROOT
QUESTIONS = checks.exercise("02").questions


@pytest.fixture
def course(tmp_path):
    """Return a course with exercise 02, and no copy of it yet."""
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(ROOT / "exercises" / NAME, tmp_path / "exercises" / NAME)
    return tmp_path


def hand_in(course, *cells):
    """Write the learner's copy, of these code cells."""
    path = course / "my" / "exercises" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    nbformat.write(made, path)
    return path


def check(course, limits=(progress.CELLS, progress.QUESTION)):
    (report,) = progress.check("02", course, limits)
    return report


def states(report):
    return [one["state"] for one in report.results]


def test_what_is_solved_passes_with_all_points(course):
    path = hand_in(course)
    shutil.copyfile(ROOT / "solutions" / NAME / f"{NAME}.ipynb", path)
    report = check(course)
    assert report.passed
    assert report.notes == []
    assert [one["points"] for one in report.results] == [one.points for one in QUESTIONS]


def test_without_a_copy_nothing_is_attempted(course):
    report = check(course)
    assert not report.passed
    assert states(report) == ["not attempted"] * 4
    assert report.notes == [f"{NAME}: you have no copy yet; make lab makes one."]


def test_each_question_is_judged_by_itself(course):
    hand_in(
        course,
        "import numpy as np\nfrom classroom import check",
        "def l2_normalize(x, eps=1e-12):\n    return x / np.linalg.norm(x, axis=0)",
        'check("02.1", l2_normalize)',
        "def paired_cosine(a, b):\n    raise NotImplementedError()",
        "1 / 0",
        "def cosine_matrix(a, b:\n    pass",
        "%timeit -n 1 -r 1 1 + 1\nangle_degrees = 5\nprint('heard by nobody')",
    )
    report = check(course)
    assert states(report) == ["failed", "not attempted", "failed", "not attempted"]
    assert "You divided each column by its length" in report.results[0]["text"]
    assert (
        "code cell 6, which should define it, stopped: SyntaxError: "
        in report.results[2]["text"]
    )
    assert report.notes[0] == (
        f"{NAME}: code cell 5 stopped: ZeroDivisionError: division by zero"
    )
    assert report.notes[1].startswith(f"{NAME}: code cell 6 stopped: SyntaxError: ")
    assert len(report.notes) == 2


def test_the_line_of_an_error_is_the_learners(course):
    hand_in(course, "x = 1\n\ndef l2_normalize(x):\n    y = x\n    return y.nothing")
    said = check(course).results[0]["text"]
    assert "It raised AttributeError" in said
    assert "  in line 5 of its cell: return y.nothing" in said


def test_a_loop_without_end_holds_up_no_other_question(course):
    hand_in(
        course,
        "import numpy as np",
        "def l2_normalize(x, eps=1e-12):\n    while True: pass",
        "def paired_cosine(a, b):\n"
        "    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)\n"
        "    return (a * b).sum(1) / lengths",
    )
    report = check(course, limits=(progress.CELLS, 1))
    assert states(report) == ["failed", "passed", "not attempted", "not attempted"]
    assert report.results[0]["text"] == "02.1 l2_normalize: did not end within 1 s."


def test_a_cell_that_stops_in_every_run_is_told_once(course):
    hand_in(course, "1 / 0", "import os\ndef l2_normalize(x, eps=0):\n    os._exit(3)")
    report = check(course)
    assert states(report) == ["failed", *["not attempted"] * 3]
    assert len(report.notes) == 1


def test_a_package_that_is_broken_is_no_fault_of_the_notebook(course, tmp_path, monkeypatch):
    hand_in(course, "x = 1")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "numpy.py").write_text("raise ImportError('libblas is gone')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'broken'}{os.pathsep}{ROOT}")
    with pytest.raises(progress.CannotStartError, match=r"libblas is gone.*doctor"):
        check(course)


def test_a_cell_that_does_not_end_is_named(course):
    hand_in(course, "while True: pass")
    report = check(course, limits=(3, 1))
    assert states(report) == ["not checked"] * 4
    assert report.notes == [
        f"{NAME}: its cells did not end within 3 s; its questions are not checked."
    ]


def test_an_answer_that_ends_the_process_is_named(course):
    hand_in(course, "import os\ndef l2_normalize(x, eps=1e-12):\n    os._exit(3)")
    report = check(course)
    assert states(report) == ["failed", *["not attempted"] * 3]
    said = report.results[0]["text"]
    assert said == "02.1 l2_normalize: ended the process, with status 3."


def test_a_cell_that_ends_the_process_is_no_fault_of_ours(course):
    hand_in(course, "import os\nos._exit(3)")
    report = check(course)
    assert states(report) == ["not checked"] * 4
    assert report.notes == [
        f"{NAME}: its cells ended the process, with status 3; its questions are not checked."
    ]


@pytest.mark.parametrize("text", ["", "no notebook", "{}", '{"cells": 3}', "[]"])
def test_what_is_no_notebook_is_said_to_be_none(course, text):
    hand_in(course).write_text(text, encoding="utf-8")
    report = check(course)
    assert states(report) == ["not attempted"] * 4
    assert f"{NAME}.ipynb: cannot be read as a notebook" in report.notes[0]
    assert "python -m mmcourse fresh 02" in report.notes[0]


def test_reading_a_file_beside_the_notebook_works(course):
    path = hand_in(course, "text = open('beside.txt').read()")
    (path.parent / "beside.txt").write_text("here")
    assert check(course).notes == []


def test_the_table_lists_every_question_and_sums_up():
    reports = [
        progress.Report(
            "02_a",
            [
                result("02.1", "passed", 4, 4),
                result("02.2", "failed", 1, 3),
            ],
        ),
        progress.Report("03_b", [result("03.1", "not attempted", 0, 0)]),
    ]
    assert progress.table(reports).splitlines() == [
        "exercise  question       state          points",
        "02_a      02.1 f         passed         4 of 4",
        "02_a      02.2 f         failed         1 of 3",
        "03_b      03.1 f         not attempted  –",
        "all       1 of 3 passed                 5 of 7",
    ]


def result(question, state, points, most):
    return {
        "question": question,
        "function": "f",
        "state": state,
        "points": points,
        "most": most,
        "text": f"{question}: {state}",
    }


@pytest.mark.parametrize(
    ("state", "status"), [("passed", 0), ("failed", 1), ("not attempted", 1)]
)
def test_the_exit_status_says_whether_all_is_passed(monkeypatch, capsys, state, status):
    report = progress.Report("02_a", [result("02.1", state, 0, 4)], ["a note"])
    monkeypatch.setattr(progress, "check", lambda lesson: [report])
    assert command.main(["check"]) == status
    said = capsys.readouterr().out
    assert "a note" in said
    assert ("02.1: failed" in said) == (state == "failed")


@pytest.mark.parametrize("number", ["77", "two", ""])
def test_an_unknown_lesson_is_refused(capsys, number):
    assert command.main(["check", number]) == 2
    assert "check: expected the number of a lesson with an exercise" in capsys.readouterr().err


def test_a_number_may_lack_its_zero(course):
    assert [report.name for report in progress.check("2", course)] == [NAME]
    assert [report.name for report in progress.check(None, course)] == [NAME]
    assert Path(course, "my").exists() is False
