"""The learner's copies: made when missing, renewed when asked, never written over."""

import errno
import json
import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from types import ModuleType

import pytest

from classroom.desk import copies
from mmcourse.__main__ import main
from mmcourse.atomic import write_whole


def notebook(text, *, output="", count=None):
    """Return a notebook of one code cell, as the course writes it."""
    cell = {
        "cell_type": "code",
        "execution_count": count,
        "outputs": [output] if output else [],
    }
    return json.dumps({"cells": [{**cell, "source": text}]}, indent=1) + "\n"


@pytest.fixture
def course(tmp_path):
    """Return the folder of a small course: lessons 01 and 02, an exercise for 02."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / "02_angles.ipynb").write_text(notebook("lesson two"))
    (notebooks / "01_sounds.ipynb").write_text(notebook("lesson one"))
    (notebooks / "notes.ipynb").write_text("no lesson: it has no number")
    exercise = tmp_path / "exercises" / "02_angles"
    (exercise / ".ipynb_checkpoints").mkdir(parents=True)
    (exercise / ".ipynb_checkpoints" / "02_angles-checkpoint.ipynb").write_text("old")
    (exercise / "02_angles.ipynb").write_text(notebook("questions two"))
    (exercise / "points.csv").write_text("1,2")
    return tmp_path


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != copies.LOCK.name
    }


def full_at(ending):
    """Return `write_whole` for a disk that is full in the middle of a file named so."""

    def cut_short(content):
        yield content[: len(content) // 2]
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write(operation, path, content, *, replace=True):
        full = path.as_posix().endswith(ending)
        write_whole(operation, path, cut_short(content) if full else content, replace=replace)

    return write


def test_missing_copies_are_made_and_mirror_the_course(course):
    made = copies.make_missing(course)
    assert content(course / "my") == {
        "notebooks/01_sounds.ipynb": notebook("lesson one"),
        "notebooks/02_angles.ipynb": notebook("lesson two"),
        "exercises/02_angles/02_angles.ipynb": notebook("questions two"),
        "exercises/02_angles/points.csv": "1,2",
    }
    assert {path.as_posix() for path in made} == {
        f"my/{name}" for name in content(course / "my")
    }


def test_copies_hold_no_answers(course):
    answered = notebook("1 + 1", output="2", count=1)
    (course / "notebooks" / "01_sounds.ipynb").write_text(answered)
    copies.make_missing(course)
    assert (course / "my/notebooks/01_sounds.ipynb").read_text() == notebook("1 + 1")


def test_an_edited_copy_is_never_written_over(course):
    copies.make_missing(course)
    mine = course / "my" / "notebooks" / "02_angles.ipynb"
    mine.write_text("my work")
    (course / "my" / "exercises" / "02_angles" / "points.csv").unlink()
    made = copies.make_missing(course)
    assert mine.read_text() == "my work"
    assert made == [Path("my/exercises/02_angles/points.csv")]


def test_the_first_lesson_is_the_lowest_numbered_one(course):
    assert copies.first_lesson(course) == Path("my/notebooks/01_sounds.ipynb")
    (course / "notebooks" / "00_start.ipynb").write_text("start")
    assert copies.first_lesson(course) == Path("my/notebooks/00_start.ipynb")


def test_a_course_without_lessons_has_no_first_one(tmp_path):
    (tmp_path / "notebooks").mkdir()
    assert copies.first_lesson(tmp_path) is None
    assert copies.make_missing(tmp_path) == []


@pytest.mark.parametrize("number", ["02", "2"])
def test_fresh_renews_lesson_and_exercise_and_keeps_the_old_ones(course, number):
    copies.make_missing(course)
    (course / "my" / "notebooks" / "02_angles.ipynb").write_text("my work")
    (course / "my" / "exercises" / "02_angles" / "02_angles.ipynb").write_text("my answers")
    renewed = copies.fresh(number, course)
    assert content(course / "my") == {
        "notebooks/01_sounds.ipynb": notebook("lesson one"),
        "notebooks/02_angles.ipynb": notebook("lesson two"),
        "notebooks/02_angles.kept-1.ipynb": "my work",
        "exercises/02_angles/02_angles.ipynb": notebook("questions two"),
        "exercises/02_angles/points.csv": "1,2",
        "exercises/02_angles.kept-1/02_angles.ipynb": "my answers",
        "exercises/02_angles.kept-1/points.csv": "1,2",
    }
    assert set(renewed) == {
        (Path("my/notebooks/02_angles.ipynb"), Path("my/notebooks/02_angles.kept-1.ipynb")),
        (Path("my/exercises/02_angles"), Path("my/exercises/02_angles.kept-1")),
    }


def test_fresh_never_writes_over_an_earlier_kept_copy(course):
    mine = course / "my" / "notebooks" / "01_sounds.ipynb"
    for work in ("first try", "second try", "third try"):
        copies.fresh("01", course)
        mine.write_text(work)
    copies.fresh("01", course)
    kept = {path.name: path.read_text() for path in mine.parent.glob("*kept*")}
    assert kept == {
        "01_sounds.kept-1.ipynb": "first try",
        "01_sounds.kept-2.ipynb": "second try",
        "01_sounds.kept-3.ipynb": "third try",
    }


def test_fresh_where_there_was_no_copy_only_makes_one(course):
    assert copies.fresh("1", course) == [(Path("my/notebooks/01_sounds.ipynb"), None)]


@pytest.mark.parametrize("number", ["03", "0", "angles", "", "-1", "²", "002"])
def test_an_unknown_number_lists_the_lessons_there_are(course, number):
    with pytest.raises(
        ValueError, match=r"fresh: expected a lesson's number \(01, 02\); got '"
    ):
        copies.fresh(number, course)
    assert not (course / "my").exists()


def test_a_folder_that_is_not_the_course_is_refused(tmp_path):
    with pytest.raises(
        ValueError, match=r"copies: expected the course's folder.*; got .*pip inst"
    ):
        copies.make_missing(tmp_path)


def test_a_copy_cut_short_is_made_again(course, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(copies, "write_whole", full_at("points.csv"))
        with pytest.raises(OSError, match=r"cannot write my/exercises/.*points.csv: No space"):
            copies.make_missing(course)
    assert "my/exercises/02_angles" not in str(list((course / "my").rglob("*")))
    copies.make_missing(course)
    assert (course / "my" / "exercises" / "02_angles" / "points.csv").read_text() == "1,2"


def test_a_fresh_copy_that_fails_leaves_the_old_one_in_place(course, monkeypatch):
    copies.make_missing(course)
    mine = course / "my" / "notebooks" / "01_sounds.ipynb"
    mine.write_text("my work")

    def full_disk(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("classroom.desk.copies._copy", full_disk)
        with pytest.raises(OSError, match="No space left"):
            copies.fresh("01", course)
    assert mine.read_text() == "my work"
    assert list(mine.parent.glob("*kept*")) == []


def test_a_full_disk_in_the_middle_of_an_exercise_leaves_the_old_one_in_place(
    course, monkeypatch
):
    copies.make_missing(course)
    (course / "my/exercises/02_angles/02_angles.ipynb").write_text("my answers")
    before = content(course / "my")
    monkeypatch.setattr(copies, "write_whole", full_at("points.csv"))
    with pytest.raises(
        OSError,
        match=r"02_angles/points\.csv: No space .*\. Free some space and try again\. "
        r"Your old copy is my/exercises/02_angles\.$",
    ):
        copies.fresh("02", course)
    assert content(course / "my") == before


def test_an_error_names_the_old_copy_that_had_made_room_already(course, monkeypatch):
    copies.make_missing(course)
    monkeypatch.setattr(copies, "write_whole", full_at("notebooks/02_angles.ipynb"))
    with pytest.raises(
        OSError,
        match=r"Your old copy is my/notebooks/02_angles\.ipynb\. "
        r"Your old copy is my/exercises/02_angles\.kept-1\.$",
    ):
        copies.fresh("02", course)


@pytest.mark.parametrize(
    ("second_names", "made_meanwhile", "place"),
    [
        (True, False, "01_sounds.ipynb"),
        (False, False, "01_sounds.kept-1.ipynb"),
        (True, True, "01_sounds.kept-1.ipynb"),
        (False, True, "01_sounds.kept-1.ipynb"),
    ],
)
def test_ctrl_c_between_keeping_and_copying_says_where_the_old_copy_is(
    second_names, made_meanwhile, place, course, monkeypatch
):
    copies.make_missing(course)
    mine = course / "my" / "notebooks" / "01_sounds.ipynb"
    mine.write_text("my work")

    def interrupted(*_):
        if made_meanwhile:
            mine.write_text("another's")
        raise KeyboardInterrupt

    monkeypatch.setattr(copies, "_make", interrupted)
    if not second_names:
        monkeypatch.setattr("os.link", lambda *_, **__: os.close(-1))  # an OSError
    with pytest.raises(KeyboardInterrupt) as stopped:
        copies.fresh("01", course)
    assert f"fresh: stopped. Your old copy is my/notebooks/{place}." in stopped.value.__notes__
    assert mine.with_name(place).read_text() == "my work"
    if made_meanwhile:
        assert mine.read_text() == "another's"


def test_a_copy_that_links_to_a_disk_that_is_away_counts_as_there(course):
    copies.make_missing(course)
    for name in ("notebooks/01_sounds.ipynb", "exercises/02_angles"):
        copy = course / "my" / name
        copy.rename(course / f"away {copy.name}")
        copy.symlink_to(course / "nowhere" / copy.name)
    before = content(course / "my")
    assert copies.make_missing(course) == []
    assert content(course / "my") == before
    copies.fresh("01", course)
    copies.fresh("02", course)
    for name in ("notebooks/01_sounds.kept-1.ipynb", "exercises/02_angles.kept-1"):
        kept = course / "my" / name
        assert kept.readlink() == course / "nowhere" / kept.name.replace(".kept-1", "")
    assert (course / "my/exercises/02_angles/points.csv").read_text() == "1,2"
    assert (course / "my/notebooks/01_sounds.ipynb").read_text() == notebook("lesson one")


def test_a_linked_folder_is_kept_as_the_link_and_its_files_are_left_alone(course):
    elsewhere = course / "elsewhere"
    elsewhere.mkdir()
    (course / "my" / "exercises").mkdir(parents=True)
    (course / "my/exercises/02_angles").symlink_to(elsewhere)
    copies.make_missing(course)
    assert (elsewhere / "points.csv").read_text() == "1,2"
    (elsewhere / "points.csv").write_text("mine")
    copies.fresh("02", course)
    assert (course / "my/exercises/02_angles.kept-1").readlink() == elsewhere
    assert (elsewhere / "points.csv").read_text() == "mine"


@pytest.mark.parametrize("name", ["my", "my/notebooks", "my/exercises"])
@pytest.mark.parametrize(
    ("put", "remedy"),
    [
        (lambda path: path.write_text("mine"), "a file where a folder must be. Give it"),
        (
            lambda path: path.symlink_to("/nowhere/x"),
            "a link to /nowhere/x, which is away. Conn",
        ),
    ],
)
def test_what_is_where_a_folder_must_be_is_named_and_left(name, put, remedy, course):
    (course / name).parent.mkdir(exist_ok=True)
    put(course / name)
    for act in (copies.make_missing, lambda root: copies.fresh("02", root)):
        with pytest.raises(OSError, match=f": {name} is {remedy}"):
            act(course)
    assert not (course / name).is_dir()


def test_a_file_in_place_of_an_exercise_is_named_and_fresh_keeps_it(course):
    wrong = course / "my" / "exercises" / "02_angles"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("mine")
    with pytest.raises(OSError, match=r"my/exercises/02_angles is a file where a folder must"):
        copies.make_missing(course)
    assert ("my/exercises/02_angles.kept-1") in [
        str(kept) for _, kept in copies.fresh("2", course)
    ]
    assert wrong.with_name("02_angles.kept-1").read_text() == "mine"


def test_a_my_that_cannot_be_written_is_named_with_the_remedy(course, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(
        OSError, match=r"cannot write my/notebooks: Permission denied\. Make the"
    ):
        copies.make_missing(course)


def test_a_file_called_my_is_named_with_the_remedy(course):
    (course / "my").write_text("a file")
    with pytest.raises(OSError, match=r"cannot write my/notebooks: .*move it away"):
        copies.make_missing(course)


def test_the_command_says_what_is_new_and_what_was_kept(monkeypatch, capsys):
    renewed = [(Path("my/notebooks/02_a.ipynb"), Path("my/notebooks/02_a.kept-1.ipynb"))]
    monkeypatch.setattr("classroom.desk.copies.fresh", lambda _: renewed)
    assert main(["fresh", "02"]) == 0
    said = capsys.readouterr().out
    assert said == "new:  my/notebooks/02_a.ipynb\nkept: my/notebooks/02_a.kept-1.ipynb\n"


def test_the_command_refuses_an_unknown_lesson_without_a_traceback(capsys):
    assert main(["fresh", "99"]) == 1
    assert capsys.readouterr().err.startswith("fresh: expected a lesson's number (")


@pytest.mark.parametrize("broken", [None, ModuleType("filelock")])
def test_copies_are_made_where_filelock_is_missing_or_broken(broken, course, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", broken)
    copies.make_missing(course)
    assert copies.fresh("1", course)[0][1] == Path("my/notebooks/01_sounds.kept-1.ipynb")


def test_copies_are_made_where_the_disk_has_no_locks(course, monkeypatch):
    monkeypatch.setattr("filelock.FileLock.acquire", lambda *_, **__: os.close(-1))
    assert len(copies.make_missing(course)) == 4


def test_a_command_waits_for_another_and_then_says_what_to_do(course, monkeypatch):
    monkeypatch.setattr(copies, "TURN_SECONDS", 0.1)
    (course / "my").mkdir()
    code = f"""
import filelock, sys
with filelock.FileLock({str(course / copies.LOCK)!r}):
    print("held", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", code]
    with Popen(command, stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout.readline()
        for act in (copies.make_missing, lambda root: copies.fresh("02", root)):
            with pytest.raises(
                OSError, match=r"another .* in my/ for 0\.1 s\. .* delete my/\.copies\.lock\."
            ):
                act(course)
        assert content(course / "my") == {}
        other.kill()
    assert len(copies.make_missing(course)) == 4  # the lock went with the process
