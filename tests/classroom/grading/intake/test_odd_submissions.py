"""What no honest student hands in, or only by accident: told, and nobody else's trouble."""

import contextlib
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from collecting import CONTENT, ONE, TWO, reasons, told, write
from hostile.notebooks import hand_in, notebook
from hostile.toy import NUMPY, RIGHT
from sandboxed import AS_ROOT
from zipped import packed

from classroom.grading import command
from classroom.grading.intake import collect, late_days

NOBODY = 65_534


@pytest.fixture
def home():
    """A folder that anybody may enter; pytest's own are their owner's alone."""
    made = Path(tempfile.mkdtemp(prefix="intake-"))
    made.chmod(0o777)
    yield made
    for path in [made, *made.rglob("*")]:
        if path.is_dir():
            path.chmod(0o777)
    shutil.rmtree(made)


@contextlib.contextmanager
def an_ordinary_user():
    """Be somebody from whom a mode keeps something, which it does not from root."""
    if AS_ROOT:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if AS_ROOT:
            os.seteuid(0)


def test_what_may_not_be_opened_is_its_students_trouble_alone(home):
    for student in ("ada", "bob", "cyd", "dan", "eve"):
        write(home / student / f"{ONE}.ipynb")
    write(home / "cyd" / TWO / f"{TWO}.ipynb")
    write(home / "dan" / "work.zip", packed({f"{TWO}.ipynb": CONTENT}))
    for closed in ("bob", f"cyd/{TWO}", "dan/work.zip", f"eve/{ONE}.ipynb"):
        (home / closed).chmod(0)
    with an_ordinary_user():
        found = reasons(home, (ONE, TWO))
    denied = "cannot be opened (Permission denied)"
    assert found == {
        ("ada", ONE): "",
        ("ada", TWO): None,
        ("bob", ONE): f"the folder {denied}",
        ("bob", TWO): f"the folder {denied}",
        ("cyd", ONE): "",
        ("cyd", TWO): f"{TWO}: the folder {denied}",
        ("dan", ONE): "",
        ("dan", TWO): f"work.zip: it {denied}",
        ("eve", ONE): f"it {denied}",
        ("eve", TWO): None,
    }


@pytest.fixture
def any_time():
    """A folder that keeps every time, which not every disk does; that of memory does."""
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=place if place.is_dir() else None) as made:
        yield Path(made)


def test_a_run_goes_on_past_a_closed_folder(tmp_path, capsys, monkeypatch):
    for student in ("ada", "bob"):
        hand_in(tmp_path / "in", student, NUMPY.name, notebook(*RIGHT))
    real = os.scandir

    def scandir(path):
        if str(path).endswith("bob"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("classroom.grading.intake.files.os.scandir", scandir)
    words = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--trusted"]
    assert command.main(words, lambda _: [NUMPY]) == 0
    rows = (tmp_path / "out" / "grades.csv").read_text().splitlines()[1:]
    reason = "the folder cannot be opened (Permission denied)"
    assert rows == [
        "ada,90_numbers,8,8,graded,",
        f"bob,90_numbers,0,8,unreadable,{reason}",
    ]
    assert f"  unreadable: bob, 90_numbers: {reason}" in capsys.readouterr().out


def test_a_run_goes_on_past_a_time_that_no_calendar_has(any_time):
    file = hand_in(any_time / "in", "ada", NUMPY.name, notebook(*RIGHT))
    os.utime(file, (4e11, 4e11))
    words = [str(any_time / "in"), "--out", str(any_time / "out"), "--trusted"]
    assert command.main([*words, "--due", "2025-03-01"], lambda _: [NUMPY]) == 0
    rows = (any_time / "out" / "grades.csv").read_text().splitlines()[1:]
    assert rows == ["ada,90_numbers,8,8,graded,when it arrived cannot be told"]


def test_a_folder_that_goes_while_it_is_looked_at_is_named(tmp_path, monkeypatch):
    for student in ("ada", "bob"):
        write(tmp_path / student / f"{ONE}.ipynb")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("bob"):
            (tmp_path / "bob" / f"{ONE}.ipynb").unlink()
            (tmp_path / "bob").rmdir()
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = reasons(tmp_path)
    assert found["ada", ONE] == ""
    assert found["bob", ONE] == "the folder cannot be opened (No such file or directory)"


def test_what_goes_between_looking_and_reading_is_unreadable(tmp_path):
    write(tmp_path / "in" / "ada" / f"{ONE}.ipynb")
    write(tmp_path / "in" / "bob" / "work.zip", packed({f"{ONE}.ipynb": CONTENT}))
    found = collect(tmp_path / "in", [ONE]).submissions
    write(tmp_path / "in" / "bob" / "work.zip", b"another")
    assert told(found[1]) == "it cannot be unpacked (BadZipFile)"
    shutil.rmtree(tmp_path / "in")
    assert "No such file" in told(found[0])


@pytest.mark.parametrize("seconds", [-1e9, -62_135_596_801, 253_402_300_800, 4e11, 9e18])
def test_no_time_stamp_ends_a_collection(any_time, seconds):
    file = write(any_time / "ada" / f"{ONE}.ipynb")
    os.utime(file, (seconds, seconds))
    (found,) = collect(any_time, [ONE]).submissions
    assert found.read() == CONTENT
    known = seconds == -1e9
    assert found.notes == (() if known else ("when it arrived cannot be told",))
    assert late_days(found.when, datetime(2025, 3, 1, tzinfo=UTC)) == (0 if known else None)


NAMES = [
    "new\nline",
    "tab\there",
    "\x1b[31mred",
    "n" * 255,
    "ü" * 127,
    os.fsdecode(b"caf\xe9"),
    "=1+1",
    "'",
    "ada ",
    "Ada",
    "ADA",
    "\u202egnp",
    "🐱",
]


def test_every_name_that_a_disk_can_hold_is_a_student(tmp_path):
    for at, name in enumerate(NAMES):
        write(tmp_path / name / f"{ONE}.ipynb", str(at).encode())
    found = collect(tmp_path, [ONE]).submissions
    assert sorted(int(one.read()) for one in found) == list(range(len(NAMES)))
    told = [one.student for one in found]
    assert len(set(told)) == len(NAMES)
    assert all(name.isprintable() and len(name) <= 100 for name in told)


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_a_terminal_that_cannot_show_a_name_ends_no_run(tmp_path, monkeypatch, encoding):
    for name in ("Zoë 李", os.fsdecode(b"caf\xe9")):
        hand_in(tmp_path / "in", name, NUMPY.name, b"")
    with (tmp_path / "said").open("w", encoding=encoding) as terminal:
        monkeypatch.setattr("sys.stdout", terminal)
        monkeypatch.setattr("sys.stderr", terminal)
        words = [str(tmp_path / "in"), "--out", str(tmp_path / "李"), "--trusted"]
        assert command.main(words, lambda _: [NUMPY]) == 0
    said = (tmp_path / "said").read_text(encoding=encoding)
    assert r"\u674e, 90_numbers: unreadable" in said
    assert "The report is in" in said


def test_what_nobody_wants_is_named_up_to_a_number(tmp_path):
    write(tmp_path / "ada" / "work.zip", packed({f"{n}.png": b"" for n in range(90)}))
    ignored = collect(tmp_path, [ONE]).ignored
    assert len(ignored) == 21
    assert ignored[-1] == "and 70 more like it"


def test_an_lms_knows_its_students_by_a_number(tmp_path):
    write(tmp_path / "Ada L_12345_assignsubmission_file_" / f"{ONE}.ipynb")
    write(tmp_path / f"bobb_LATE_77_456_{ONE}.ipynb")
    write(tmp_path / "team_5" / f"{ONE}.ipynb")
    found = {one.student: one.number for one in collect(tmp_path, [ONE]).submissions}
    assert found == {"Ada L_12345": "12345", "bobb_77": "77", "team_5": ""}
