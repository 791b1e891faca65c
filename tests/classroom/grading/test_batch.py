"""Whatever of ours fails with one submission: that one is told, and the others are graded."""

import csv
import pkgutil
import re

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import FULL_POINTS, NUMPY, RIGHT, TORCH
from sandboxed import SMALL

from classroom.grading import BrokenError, Settings, command, grade

SETTINGS = Settings(seed=5, backend="none", limits=SMALL)
STAGES = (
    "intake.files:read_beneath",
    "batch:late_days",
    "batch:parse",
    "batch:Room",
    "sandbox.room:Room.seat",
    "sandbox.room:ask",
    "batch:Attempt",
    "attempt:text_of",
    "batch:grade_questions",
    "runner:_judged",
    "batch:reason",
    "journal:Journal.known",
    "journal:Journal.add",
)


@pytest.fixture
def fail(monkeypatch):
    """Let a function of ours raise in its first calls, or those after some, and then work."""

    def failing(stage, error, *, times=1, after=0):
        real, calls = pkgutil.resolve_name(f"classroom.grading.{stage}"), []

        def instead(*arguments, **keywords):
            calls.append(arguments)
            if after < len(calls) <= after + times:
                raise error
            return real(*arguments, **keywords)

        monkeypatch.setattr(f"classroom.grading.{stage.replace(':', '.')}", instead)

    return failing


def hand_in_all(folder, students, exercise=NUMPY):
    for student in students:
        hand_in(folder / "in", student, exercise.name, notebook(*RIGHT))


def run(folder, exercises=(NUMPY,), **keywords):
    return grade(exercises, folder / "in", folder / "out", SETTINGS, **keywords)


@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_of_ours_costs_its_submission_no_mark_and_the_others_nothing(
    tmp_path, fail, stage
):
    hand_in_all(tmp_path, ("ada", "bob"))
    fail(stage, ZeroDivisionError("so odd"))
    ada, bob = run(tmp_path)
    assert (ada.status, ada.points, bob.points) == ("not graded", None, FULL_POINTS)
    assert ada.reason.startswith("a fault of the grader, and no student's: ZeroDivisionError")
    assert re.search(r": so odd \(test_batch\.py, line \d+\)$", ada.reason)
    rows = list(csv.DictReader((tmp_path / "out" / "grades.csv").read_text().splitlines()))
    assert [row["status"] for row in rows] == ["not graded", "graded"]


def test_the_command_tells_it_and_ends_with_3(tmp_path, fail, capsys):
    hand_in_all(tmp_path, ("ada", "bob"))
    fail("batch:parse", ZeroDivisionError("so odd"))
    words = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--trusted"]
    assert command.main(words, lambda _: [NUMPY]) == 3
    said = capsys.readouterr().out
    assert "bob, 90_numbers: graded 8 of 8" in said
    assert "not graded: ada, 90_numbers: a fault of the grader" in said


@pytest.mark.parametrize(
    ("stage", "error"),
    [("batch:parse", KeyError("x")), ("sandbox.room:ask", BrokenError("it ended"))],
)
def test_odd_submissions_end_no_run_however_many(tmp_path, fail, stage, error):
    hand_in_all(tmp_path, "abcde")
    fail(stage, error, times=4)
    assert [one.points for one in run(tmp_path)] == [*[None] * 4, FULL_POINTS]


def test_a_sandbox_that_does_not_start_ends_its_exercise_alone(tmp_path, fail):
    hand_in_all(tmp_path, "abcde", TORCH)
    hand_in_all(tmp_path, "a")
    fail("batch:Room", BrokenError("sandbox: no torch today"), times=3)
    results = run(tmp_path, (TORCH, NUMPY))
    theirs = [one.reason for one in results if one.exercise == TORCH.name]
    assert theirs[:3] == ["sandbox: no torch today"] * 3
    assert theirs[3:] == ["not begun, after 3 faults of the sandbox"] * 2
    assert [one.points for one in results if one.student == "a"] == [None, FULL_POINTS]


def test_a_sandbox_that_one_submission_broke_is_another_s_no_more(tmp_path, fail):
    hand_in_all(tmp_path, "abc")
    fail("sandbox.room:Room.seat", BrokenError("sandbox: the worker ended"), after=1)
    assert [one.points for one in run(tmp_path)] == [FULL_POINTS] * 3


def test_a_process_that_cannot_be_ended_alone_costs_no_mark(tmp_path, fail):
    hand_in_all(tmp_path, "abc")
    fail("sandbox.room:Room.clear", BrokenError("sandbox: the worker ended"))
    assert [one.points for one in run(tmp_path)] == [FULL_POINTS] * 3


def test_a_line_that_cannot_be_shown_costs_no_mark(tmp_path):
    hand_in_all(tmp_path, "ab")

    def tell(result):
        raise UnicodeEncodeError("ascii", result.student, 0, 1, "unshowable")

    assert [one.points for one in run(tmp_path, tell=tell)] == [FULL_POINTS] * 2
