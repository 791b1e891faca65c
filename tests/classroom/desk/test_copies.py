"""The learner's copies: made when missing, renewed when asked, never written over."""

import errno
import json
import os
from pathlib import Path

import pytest

from classroom.desk import copies
from mmcourse.__main__ import main


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
        if path.is_file()
    }


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
    def full_disk(original, copy):
        Path(copy).write_text("les")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", full_disk)
        with pytest.raises(OSError, match=r"cannot write my/exercises/.*points.csv: No space"):
            copies.make_missing(course)
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
