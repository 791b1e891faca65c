"""The command: its exit statuses, and what it says on the way."""

import errno
import os
import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from hostile.in_words import ASKING, card
from hostile.notebooks import hand_in, notebook, with_texts
from hostile.toy import IMPORTS, NUMPY, RIGHT, SOFTMAX, TORCH, UNIT_ROWS
from sandboxed import needs

from classroom.grading import command
from classroom.grading.report.files import file_name


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
def test_marks_for_words_count_from_the_run_that_is_given_them(tmp_path, capsys):
    hand_in(tmp_path / "in", "ada", ASKING.name, with_texts(RIGHT, *card("Because.")))
    assert graded(tmp_path, exercises=(ASKING,)) == 0
    table = tmp_path / "out" / "grades.csv"
    assert "8,12,graded,90.5 awaits marking" in table.read_text()
    marks = tmp_path / "marks.csv"
    for row, message in (("ada,90.5,9", "from 0 to 4"), ("Ada,90.5,3", "got 'Ada'")):
        marks.write_text(f"student,question,points\n{row}\n")
        assert graded(tmp_path, "--marks", str(marks), exercises=(ASKING,)) == 2
        assert message in capsys.readouterr().err
    marks.write_text("student,question,points\nada,90.5,3\n")
    assert graded(tmp_path, "--marks", str(marks), exercises=(ASKING,)) == 0
    assert "11,12,graded," in table.read_text()


@needs("namespaces")
def test_near_copies_of_the_solutions_are_not_told(tmp_path):
    own = SOFTMAX.replace("return", "y = [[1, 2], [3, 4], [5, 6]]\n    return")
    for student in ("ada", "bob"):
        hand_in(tmp_path / "in", student, NUMPY.name, notebook(IMPORTS, own))
    words = [str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    page = tmp_path / "out" / "class.html"
    for told in (True, False):
        assert command.main(words, lambda _: [NUMPY], tmp_path / "solutions") == 0
        assert ("Answers that two or three share" in page.read_text()) is told
        hand_in(tmp_path / "solutions", NUMPY.name, NUMPY.name, notebook(own))


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
        'bob,90_numbers,0,8,not attempted,"90.1 not attempted, 90.2 not attempted"',
        'cyd,90_numbers,0,8,not attempted,"90.1 missing, 90.2 missing"',
        "dan,90_numbers,0,8,graded,\"code cell 2 ended with SyntaxError: expected ':', "
        'in line 1: def softmax(x); 90.1 not attempted, 90.2 missing"',
    ]
    pages = [
        (tmp_path / "out" / "feedback" / f"{file_name(one)}.html").read_text()
        for one in ("ada", "bob")
    ]
    assert f"graded: {note}" in pages[0]
    assert "<td>not attempted: 90.1 not attempted, 90.2 not attempted</td>" in pages[1]


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
    monkeypatch.setattr("classroom.grading.sandbox.refused", lambda backend: "not here")
    assert graded(tmp_path) == 3
    assert "none starts here" in capsys.readouterr().err


def test_exercises_that_cannot_be_loaded_are_our_own_fault(tmp_path, capsys):
    words = [str(tmp_path), "--out", str(tmp_path / "out")]
    assert command.main(words, lambda _: 1 // 0) == 3
    assert "cannot be loaded (ZeroDivisionError" in capsys.readouterr().err


def test_a_full_disk_is_our_own_fault(tmp_path, capsys, monkeypatch):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*RIGHT))
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("classroom.grading.write_table", Mock(side_effect=full))
    assert graded(tmp_path, "--trusted") == 3
    assert "No space left on device. Mend that, and the same" in capsys.readouterr().err


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
