"""Options that say which exercises, whom again, and what late days cost."""

import csv
import json
import os
import re

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, NUMPY, RIGHT, TORCH

from classroom.grading import command
from classroom.grading.intake import LateRule
from classroom.grading.journal import NAME
from classroom.grading.report.files import file_name

DUE = 1_740_826_800
"""2025-03-01T11:00 UTC, in seconds."""


def graded(tmp_path, *words, exercises=(NUMPY, TORCH)):
    arguments = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--trusted", *words]
    return command.main(arguments, lambda _: exercises)


def rows(tmp_path):
    lines = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


def told(tmp_path, *columns):
    return [tuple(row[column] for column in columns) for row in rows(tmp_path)]


@pytest.fixture
def handed_in(tmp_path):
    for student, cells in (("ada", RIGHT), ("bob", HALF)):
        hand_in(tmp_path / "in", student, NUMPY.name, notebook(*cells))
    return tmp_path


@pytest.mark.parametrize("weeks", [(NUMPY, TORCH), (TORCH, NUMPY)])
def test_each_week_adds_its_exercise_to_the_report(handed_in, weeks):
    for exercise in weeks:
        assert graded(handed_in, "--exercise", exercise.name) == 0
    assert told(handed_in, "student", "exercise", "points", "status") == [
        ("ada", NUMPY.name, "8", "graded"),
        ("ada", TORCH.name, "0", "missing"),
        ("bob", NUMPY.name, "4", "graded"),
        ("bob", TORCH.name, "0", "missing"),
    ]
    page = (handed_in / "out" / "feedback" / f"{file_name('ada')}.html").read_text()
    assert NUMPY.name in page
    assert TORCH.name in page
    record = json.loads((handed_in / "out" / "report.json").read_text())
    assert set(record["run"]["checks"]) == {NUMPY.name, TORCH.name}


def test_several_exercises_are_graded_at_once_in_the_courses_order(handed_in):
    words = [word for one in (TORCH, NUMPY, TORCH) for word in ("--exercise", one.name)]
    assert graded(handed_in, *words) == 0
    assert told(handed_in, "exercise") == [(NUMPY.name,), (TORCH.name,)] * 2


def test_one_unknown_exercise_of_several_is_told(handed_in, capsys):
    assert graded(handed_in, "--exercise", NUMPY.name, "--exercise", "99_x") == 2
    assert (
        "one of the exercises (90_numbers, 91_tensors); got '99_x'" in capsys.readouterr().err
    )


def test_a_student_is_graded_again_and_nobody_else(handed_in):
    words = ("--exercise", NUMPY.name)
    assert graded(handed_in, *words) == 0
    path = handed_in / "out" / NAME

    def attempts():
        said = [json.loads(line)[1] for line in path.read_text().splitlines()]
        return [one["student"] for one in said if "student" in one]

    assert attempts() == ["ada", "bob"]
    before = told(handed_in, *("student", "points"))
    assert graded(handed_in, *words) == 0
    assert attempts() == ["ada", "bob"]
    assert graded(handed_in, *words, "--regrade", "bob", "--regrade", "bob") == 0
    assert attempts() == ["ada", "bob", "bob"]
    assert told(handed_in, *("student", "points")) == before


def test_an_unknown_student_is_told_with_those_near(handed_in, capsys):
    assert graded(handed_in, "--regrade", "ada") == 2
    assert "in a report; " in capsys.readouterr().err
    assert graded(handed_in, "--exercise", NUMPY.name) == 0
    assert graded(handed_in, "--exercise", NUMPY.name, "--regrade", "adda") == 2
    said = capsys.readouterr().err
    assert "one of the 2 students for --regrade; got 'adda'. Near it: ada." in said
    assert graded(handed_in, "--exercise", NUMPY.name, "--regrade", "xyz") == 2
    assert "No name is near it." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("percent", "free", "days", "left"),
    [
        (10, 0, 0, 7.0),
        (10, 0, None, 7.0),
        (10, 0, 1, 6.3),
        (10, 2, 2, 7.0),
        (10, 2, 3, 6.3),
        (50, 0, 3, 0.0),
        (0, 0, 9, 7.0),
        (100, 0, 1, 0.0),
        (33.3, 0, 1, 4.67),  # 4.669
    ],
)
def test_a_late_day_costs_a_part_of_the_points(percent, free, days, left):
    assert LateRule(percent=percent, free_days=free).after(7.0, days) == left


def test_half_a_hundredth_is_rounded_upwards():
    assert LateRule(percent=50).after(0.05, 1) == 0.03
    assert LateRule(percent=50).after(2.01, 1) == 1.01


def test_what_counts_after_a_late_day_stands_in_every_report(handed_in):
    for student, hours in (("ada", 30), ("bob", -1)):
        (path,) = (handed_in / "in" / student).rglob("*.ipynb")
        os.utime(path, (DUE + hours * 3600,) * 2)
    words = ["--exercise", NUMPY.name, "--due", "2025-03-01T11:00+00:00"]
    assert graded(handed_in, *words, "--late-per-day", "20", "--late-days", "1") == 0
    columns = ("points", "late_days", "points_after_late")
    assert told(handed_in, *columns) == [("8", "2", "6.4"), ("4", "0", "4")]
    record = json.loads((handed_in / "out" / "report.json").read_text())
    assert [one["points_after_late"] for one in record["results"]] == [6.4, 4.0]
    page = (handed_in / "out" / "feedback" / f"{file_name('ada')}.html").read_text()
    assert "2 days late: 6.4 of its 8 points count" in page
    sent = (handed_in / "out" / "gradescope" / file_name("ada") / "results.json").read_text()
    assert json.loads(sent)["score"] == 6.4
    assert graded(handed_in, *words) == 0, "a rule may change, or go"
    assert "points_after_late" not in rows(handed_in)[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--late-per-day", "10"], "counts late days from --due"),
        (
            ["--late-days", "1", "--due", "2025-03-01"],
            "--late-per-day does not count; give both",
        ),
        (["--late-per-day", "101", "--due", "2025-03-01"], "from 0 to 100 .* got 101"),
        (["--late-per-day", "nan", "--due", "2025-03-01"], "from 0 to 100 .* got nan"),
        (["--late-per-day", "-1", "--due", "2025-03-01"], "from 0 to 100 .* got -1"),
        (
            ["--late-per-day", "1", "--late-days", "-1", "--due", "2025-03-01"],
            "no days or more for --late-days; got -1",
        ),
    ],
)
def test_late_rules_that_cannot_be_are_refused(handed_in, capsys, words, message):
    assert graded(handed_in, *words) == 2
    assert re.search(message, capsys.readouterr().err)
    assert not (handed_in / "out").exists()


@pytest.mark.parametrize("due", ["0001-01-01T00:00+23:00", "9999-12-31T23:59-23:00", "x"])
def test_a_date_beyond_the_calendar_is_refused(handed_in, capsys, due):
    with pytest.raises(SystemExit, match="2"):
        graded(handed_in, "--due", due)
    assert "expected a time such as" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.symlink_to(path), "expected a folder or a zip; there is no"),
        (os.mkfifo, "expected a folder or a zip; there is no"),
        (lambda path: path.write_bytes(b"PK"), "cannot read .*not a zip file"),
    ],
)
def test_submissions_that_are_neither_folder_nor_zip_are_refused(
    tmp_path, capsys, make, message
):
    make(tmp_path / "in")
    assert graded(tmp_path) == 2
    assert re.search(message, capsys.readouterr().err)


def test_submissions_that_cannot_be_opened_are_refused(tmp_path, capsys):
    words = ["x" * 300, "--out", str(tmp_path / "out"), "--trusted"]
    assert command.main(words, lambda _: [NUMPY]) == 2
    assert "(File name too long)" in capsys.readouterr().err
    (tmp_path / "in").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    words = [str(tmp_path / "in"), "--out", str(tmp_path / "loop"), "--trusted"]
    assert command.main(words, lambda _: [NUMPY]) == 2
    assert "loop" in capsys.readouterr().err
