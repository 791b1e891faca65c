"""The LMS's own file: points in the rows whose number is known, everything else as it was."""

import csv
import io
import re

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, NUMPY, RIGHT, TORCH

from classroom.grading import command

MOODLE = [
    ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"],
    ["Participant 901", "Zoë Ärger", "z@x.org", "Submitted for grading", "", "8.00"],
    ["Participant 902", "Lovelace, Ada", "a@x.org", "Submitted for grading", "1.00", "8.00"],
    ["Participant 903", 'Bo "B" Ng', "b@x.org", "No submission", "2.00", "8.00"],
]
EXTRA = ["Grade can be changed", "Last modified (submission)", "Feedback comments"]
ROWS = [
    [*row, *rest] for row, rest in zip(MOODLE, [EXTRA, *[["Yes", "-", ""]] * 3], strict=True)
]
CANVAS = [
    [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        f"{NUMPY.name} (41)",
        "Essay (42)",
    ],
    ["", "", "", "", "", "Manual Posting", ""],
    ["    Points Possible", "", "", "", "", "8.0", "20.0"],
    ["Ärger, Zoë", "901", "S1", "zoe", "A, B", "", "3"],
    ["Lovelace, Ada", "902", "", "ada", "A", "7.5", ""],
    ["Student, Test", "999", "", "0a1b", "A", "", ""],
]


def content(rows, separator=",", newline="\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows(rows)
    return text.getvalue()


def changed(rows, *fields):
    """Return the rows with some fields changed: (row, column, text)."""
    made = [list(row) for row in rows]
    for at, column, text in fields:
        made[at][column] = text
    return made


@pytest.fixture
def folder(tmp_path):
    """Two whom Moodle numbers 901 and 902, and one of a plain folder."""
    for student, cells in (("Zoë Ärger_901", RIGHT), ("Ada Lovelace_902", HALF)):
        name = f"{student}_assignsubmission_file_"
        hand_in(tmp_path / "in", name, NUMPY.name, notebook(*cells))
    hand_in(tmp_path / "in", "Bo_903", NUMPY.name, notebook(*RIGHT))
    return tmp_path


def graded(folder, *words, exercises=(NUMPY,)):
    arguments = [str(folder / "in"), "--out", str(folder / "out"), "--trusted", *words]
    return command.main(arguments, lambda _: exercises)


def filled(folder, name, exported, *words, encoding="utf-8"):
    (folder / "export.csv").write_bytes(exported.encode(encoding))
    assert graded(folder, f"--{name}", str(folder / "export.csv"), *words) == 0
    return (folder / "out" / f"{name}.csv").read_bytes().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_moodles_worksheet_is_filled_in_and_nothing_else_changes(folder, capsys, encoding):
    found = filled(folder, "moodle", content(ROWS), encoding=encoding)
    assert found == content(changed(ROWS, (1, 4, "8"), (2, 4, "4")))
    said = capsys.readouterr().out
    assert "moodle.csv: 2 filled in, 2 left out." in said
    assert 'left out: Bo "B" Ng (903), 90_numbers: nothing of that number was hand' in said
    assert "left out: Bo_903, 90_numbers: moodle.csv has no row of that number" in said


def test_line_ends_separators_and_decimal_commas_stay(folder):
    rows = changed(ROWS, *((at, 5, "8,00") for at in (1, 2, 3)))
    words = ("--due", "2000-01-01", "--late-per-day", "0.001")
    found = filled(folder, "moodle", content(rows, ";", "\r\n"), *words)
    kept = found.replace("\r\n", "\n").splitlines()
    assert found.count("\r\n") == 4
    assert kept[0] == content(rows[:1], ";").strip()
    points = [row.split(";")[4] for row in kept[1:3]]
    assert all("," in one and 0 < float(one.replace(",", ".")) < 8 for one in points)


def test_canvass_gradebook_is_filled_in_and_nothing_else_changes(folder, capsys):
    found = filled(folder, "canvas", content(CANVAS), encoding="utf-8-sig")
    assert found == content(changed(CANVAS, (3, 5, "8"), (4, 5, "4")))
    said = capsys.readouterr().out
    assert "left out: Student, Test (999), 90_numbers: nothing of that number" in said


def test_a_canvas_assignment_may_have_another_name(folder, capsys):
    rows = changed(CANVAS, (0, 5, "Week 2 (41)"))
    (folder / "export.csv").write_text(content(rows))
    assert graded(folder, "--canvas", str(folder / "export.csv")) == 2
    said = capsys.readouterr().err
    assert "one assignment called 90_numbers in" in said
    assert "got 0 among Week 2 (41), Essay (42). Name its column with --canvas-column." in said
    for name in ("Week 2", "week 2 (41)"):
        found = filled(folder, "canvas", content(rows), "--canvas-column", name)
        assert found == content(changed(rows, (3, 5, "8"), (4, 5, "4")))


def test_a_grade_that_is_locked_or_claimed_twice_stays(folder, capsys):
    double = "Eve Double_902_assignsubmission_file_"
    hand_in(folder / "in", double, NUMPY.name, notebook(*RIGHT))
    rows = changed(ROWS, (1, 6, "No"))
    assert filled(folder, "moodle", content(rows)) == content(rows)
    said = capsys.readouterr().out
    assert "Moodle says that the grade cannot be changed" in said
    assert "Ada Lovelace_902 and Eve Double_902 have the same number" in said


def test_what_was_not_graded_is_no_zero(folder, monkeypatch):
    def broken(*arguments, **named):
        raise command.BrokenError("ours")

    monkeypatch.setattr("classroom.grading.batch.grade_questions", broken)
    (folder / "export.csv").write_text(content(ROWS))
    assert graded(folder, "--moodle", str(folder / "export.csv")) == 3
    assert (folder / "out" / "moodle.csv").read_text() == content(ROWS)


@pytest.mark.parametrize(
    ("option", "rows", "words", "message"),
    [
        (
            "moodle",
            [["Name", "Points"]],
            [],
            "expected the columns Identifier, Full name, Grade",
        ),
        ("moodle", changed(ROWS, (2, 5, "100.00")), [], "expected 8 points .* got '100.00'"),
        ("moodle", [], [], "expected rows in .*; it has none"),
        ("moodle", CANVAS, [], "Download grading worksheet"),
        ("canvas", ROWS, [], "expected the columns Student and ID"),
        ("canvas", CANVAS[:2], [], "a row Points Possible"),
        ("canvas", changed(CANVAS, (2, 5, "(read only)")), [], r"got '\(read only\)'"),
        ("canvas", changed(CANVAS, (0, 6, CANVAS[0][5])), [], "got 2 among"),
    ],
)
def test_another_file_is_refused_before_anything_is_graded(
    folder, capsys, option, rows, words, message
):
    (folder / "export.csv").write_text(content(rows))
    assert graded(folder, f"--{option}", str(folder / "export.csv"), *words) == 2
    assert re.search(message, capsys.readouterr().err)
    assert not (folder / "out").exists()


def test_options_of_one_exercise_want_one(folder, capsys):
    (folder / "export.csv").write_text(content(CANVAS))
    (folder / "moodle.csv").write_text(content(ROWS))
    both = {"exercises": (NUMPY, TORCH)}
    assert graded(folder, "--moodle", str(folder / "moodle.csv"), **both) == 2
    assert "of one assignment; name its exercise" in capsys.readouterr().err
    words = ["--canvas-column", "x"]
    assert graded(folder, "--canvas", str(folder / "export.csv"), *words, **both) == 2
    assert "--canvas-column is for one exercise" in capsys.readouterr().err
    assert graded(folder, *words) == 2
    assert "a column of --canvas; give both" in capsys.readouterr().err
    assert graded(folder, "--moodle", "none.csv") == 2
    assert "No such file" in capsys.readouterr().err
