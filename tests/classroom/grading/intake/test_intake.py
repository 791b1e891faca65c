"""Folders, nbgrader, Moodle and Canvas: who handed in what, when, and what is no notebook."""

import os
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hostile.notebooks import hand_in, notebook
from zipped import packed

from classroom.grading.faults import UnreadableError
from classroom.grading.intake import collect, late_days, read_times
from classroom.grading.notebook import MOST_BYTES, parse, read_beneath

ONE, TWO = "01_first", "02_second"
CONTENT = notebook("a = 1")
MOODLE = "Ada Lovelace_12345_assignsubmission_file"


def handed_in(root, exercises=(ONE, TWO)):
    """Return what was found, without what was not: {(student, exercise): bytes}."""
    found = collect(root, exercises).submissions
    return {(one.student, one.exercise): one.read() for one in found if one.read}


def write(path, content=CONTENT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("path", "student"),
    [
        (f"ada/{ONE}.ipynb", "ada"),
        (f"ada/{ONE}/{ONE}.ipynb", "ada"),
        (f"Ada Löwe, 李/{ONE}.ipynb", "Ada Löwe, 李"),
        (f"ada/{ONE} (1).ipynb", "ada"),
        (f"ada/{ONE.upper()}-Copy1.IPYNB", "ada"),
        (f"ada/{ONE}/my answer.ipynb", "ada"),
        (f"{MOODLE}_/{ONE}.ipynb", "Ada Lovelace_12345"),
        (f"{MOODLE}/{ONE}.ipynb", "Ada Lovelace_12345"),
        (f"{MOODLE}_{ONE}.ipynb", "Ada Lovelace_12345"),
        (f"lovelaceada_123_456_{ONE}.ipynb", "lovelaceada_123"),
        (f"lovelaceada_LATE_123_456_{ONE}-2.ipynb", "lovelaceada_123"),
    ],
)
@pytest.mark.parametrize("kind", ["folder", "zip", "zip of a folder"])
def test_every_layout_is_understood(tmp_path, path, student, kind):
    root = tmp_path / "in"
    if kind == "folder":
        write(root / path)
    else:
        inside = "export/" if kind == "zip of a folder" and "/" in path else ""
        root.write_bytes(packed({inside + path: CONTENT, "__MACOSX/._x": b""}))
    assert handed_in(root) == {(student, ONE): CONTENT}


def test_a_student_may_hand_in_a_zip(tmp_path):
    write(tmp_path / "ada" / "work.zip", packed({f"work/{ONE}.ipynb": CONTENT}))
    write(tmp_path / f"b_1_2_{TWO}.zip", packed({f"{TWO}.ipynb": CONTENT}))
    assert handed_in(tmp_path) == {("ada", ONE): CONTENT, ("b_1", TWO): CONTENT}


def test_a_lone_notebook_of_another_name_counts_where_one_exercise_is_graded(tmp_path):
    write(tmp_path / "ada" / "Untitled.ipynb")
    assert handed_in(tmp_path) == {}
    (found,) = collect(tmp_path, [ONE]).submissions
    assert found.read() == CONTENT
    assert found.notes == ("it is called Untitled.ipynb",)


def test_a_notebook_of_another_exercise_is_no_lone_one(tmp_path):
    write(tmp_path / "ada" / f"{TWO}.ipynb")
    write(tmp_path / "bob" / f"{TWO} again.ipynb")
    write(tmp_path / "bob" / "Untitled.ipynb", b"lone")
    assert handed_in(tmp_path, [ONE]) == {("bob", ONE): b"lone"}


def test_of_several_files_the_right_name_wins_then_the_newest(tmp_path):
    write(tmp_path / "ada" / f"{ONE} (1).ipynb", b"copy")
    write(tmp_path / "ada" / f"{ONE}.ipynb", b"named")
    write(tmp_path / "bob" / f"{ONE}-1.ipynb", b"new")
    write(tmp_path / "bob" / f"{ONE}-2.ipynb", b"old")
    os.utime(tmp_path / "bob" / f"{ONE}-2.ipynb", (1, 1))
    found = {one.student: one for one in collect(tmp_path, [ONE]).submissions}
    assert (found["ada"].read(), found["bob"].read()) == (b"named", b"new")
    assert found["bob"].notes == (f"not used: {ONE}-2.ipynb",)


def test_a_zip_of_many_copies_makes_no_long_list_of_notes(tmp_path):
    many = {f"{n}/{ONE}.ipynb": CONTENT for n in range(9)}
    write(tmp_path / "ada" / "work.zip", packed(many))
    (found,) = collect(tmp_path, [ONE]).submissions
    assert len(found.notes) == 4
    assert found.notes[-1] == "and 5 more like it"


def test_students_without_work_are_listed_and_strays_are_named(tmp_path):
    (tmp_path / "empty").mkdir()
    write(tmp_path / "ada" / "notes.txt")
    write(tmp_path / "stray.ipynb")
    write(tmp_path / ".hidden" / f"{ONE}.ipynb")
    found = collect(tmp_path, [ONE])
    assert [(one.student, one.read) for one in found.submissions] == [
        ("ada", None),
        ("empty", None),
    ]
    assert len(found.ignored) == 2


def test_names_that_print_alike_stay_two_students(tmp_path):
    composed, apart = "Zoë", "Zoe\u0308"
    write(tmp_path / composed / f"{ONE}.ipynb", b"1")
    write(tmp_path / apart / f"{ONE}.ipynb", b"2")
    write(tmp_path / "Zo\u202eë" / f"{ONE}.ipynb", b"3")
    found = handed_in(tmp_path)
    assert sorted(found.values()) == [b"1", b"2", b"3"]
    assert {student for student, _ in found} == {"Zoë", "Zoë (2)", "Zoë (3)"}


def unreadable(root, exercises=(ONE,)):
    (found,) = collect(root, exercises).submissions
    with pytest.raises(UnreadableError) as caught:
        found.read()
    return str(caught.value)


def test_links_pipes_and_large_files_are_not_read(tmp_path):
    secret = tmp_path / "solution.ipynb"
    write(secret)
    root = tmp_path / "in"
    file = root / "ada" / f"{ONE}.ipynb"
    file.parent.mkdir(parents=True)
    file.symlink_to(secret)
    assert unreadable(root) == "it is a symbolic link"
    file.unlink()
    os.mkfifo(file)
    assert unreadable(root) == "it is not a regular file"
    file.unlink()
    with file.open("wb") as opened:
        opened.truncate(MOST_BYTES + 1)
    assert unreadable(root) == "it is larger than 16 MB"


def test_a_folder_that_is_a_link_is_not_entered(tmp_path):
    write(tmp_path / "solutions" / f"{ONE}.ipynb")
    root = tmp_path / "in"
    (root / "ada").mkdir(parents=True)
    (root / "ada" / ONE).symlink_to(tmp_path / "solutions")
    (root / "bob").symlink_to(tmp_path / "solutions")
    assert handed_in(root) == {}
    with pytest.raises(UnreadableError, match="symbolic link"):
        read_beneath(root, ["bob", f"{ONE}.ipynb"])


def test_a_zip_cannot_climb_out_nor_blow_up(tmp_path):
    bomb = packed({f"ada/{ONE}.ipynb": b"\0" * (MOST_BYTES + 1)})
    assert len(bomb) < 100_000
    (tmp_path / "bomb.zip").write_bytes(bomb)
    assert unreadable(tmp_path / "bomb.zip") == "it is larger than 16 MB"
    names = [
        f"../../{ONE}.ipynb",
        f"/ada/{ONE}.ipynb",
        f"ada/../bob/{ONE}.ipynb",
        f"..\\x\\{ONE}.ipynb",
    ]
    climbing = packed({**dict.fromkeys(names, CONTENT), f"eve/{ONE}.ipynb": CONTENT})
    (tmp_path / "climb.zip").write_bytes(climbing)
    assert handed_in(tmp_path / "climb.zip") == {("eve", ONE): CONTENT}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bomb.zip", "climb.zip"]


def test_a_broken_zip_is_its_students_trouble_alone(tmp_path):
    write(tmp_path / "ada" / f"{ONE}.zip", b"PK\x03\x04 no zip")
    write(tmp_path / "bob" / f"{ONE}.ipynb")
    one, two, bobs, _ = collect(tmp_path, [ONE, TWO]).submissions
    with pytest.raises(UnreadableError, match=r"^01_first\.zip: the zip cannot be .*BadZip"):
        one.read()
    assert two.read is None, "its name says that it is of the other exercise"
    assert bobs.read() == CONTENT


@pytest.mark.parametrize("kind", ["nothing", "empty", "text"])
def test_what_holds_no_students_is_refused(tmp_path, kind):
    root = tmp_path / kind
    if kind == "empty":
        root.mkdir()
    elif kind == "text":
        root.write_text("no zip")
    with pytest.raises(ValueError, match="submissions: expected a folder"):
        collect(root, [ONE])


def test_late_days_are_begun_days_after_the_date_due():
    due = datetime(2025, 3, 1, 12, tzinfo=UTC)
    hours = {-1: 0, 0: 0, 1: 1, 24: 1, 25: 2}
    assert {hour: late_days(due + timedelta(hours=hour), due) for hour in hours} == hours
    assert late_days(None, due) is None
    assert late_days(due, None) is None


def test_times_come_from_the_file_the_export_or_a_list(tmp_path):
    path = hand_in(tmp_path / "in", "ada", ONE, CONTENT)
    os.utime(path, (1e9, 1e9))
    write(path.parent / "timestamp.txt", b"1999-01-01 00:00:00")
    (found,) = collect(tmp_path / "in", [ONE]).submissions
    assert found.when.timestamp() == 1e9
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"ada/{ONE}.ipynb", (2025, 3, 1, 12, 0, 0)), CONTENT)
    (found,) = collect(tmp_path / "x.zip", [ONE]).submissions
    assert found.when.replace(tzinfo=None) == datetime(2025, 3, 1, 12)


def test_a_list_of_times_is_read_and_its_faults_are_named(tmp_path):
    path = tmp_path / "times.csv"
    path.write_text(f"student,exercise,time\nada,,2025-03-01T12:00\nada,{ONE},2025-03-02\n")
    times = read_times(path)
    assert times["ada", ""] == datetime(2025, 3, 1, 12).astimezone()
    assert times["ada", ONE] == datetime(2025, 3, 2).astimezone()
    path.write_text("\ufeffstudent;time\nZoë;2025-03-02\n", encoding="utf-8")
    assert read_times(path) == {("Zoë", ""): datetime(2025, 3, 2).astimezone()}
    path.write_text("student,time\nada,yesterday\n")
    with pytest.raises(ValueError, match=r"row 2 of .*got 'yesterday'"):
        read_times(path)
    path.write_text("student,time\nada,0001-01-01T00:00+23:00\n")
    with pytest.raises(ValueError, match=r"row 2 of .*got '0001"):
        read_times(path)
    path.write_text("who,when\n")
    with pytest.raises(ValueError, match="expected the columns student and time"):
        read_times(path)


def test_a_notebook_gives_its_sources_and_nothing_else():
    cells = parse(
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a\\n", "b"],'
        b' "outputs": 3, "metadata": {"tags": ["skip-execution"],'
        b' "nbgrader": {"grade_id": "q1"}}}, {"cell_type": "markdown", "source": "text"}]}'
    )
    assert [(cell.code, cell.source, cell.place) for cell in cells] == [
        (True, "a\nb", "q1"),
        (False, "text", None),
    ]
