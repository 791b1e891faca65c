"""Old copies keep what the learner wrote, whatever else runs, and wherever it is stopped."""

import contextlib
import errno
import json
import os
from pathlib import Path

import pytest
from at_once import DESK, WRITING, at_every_line, content, processes

from classroom.desk import copies, keeping

LESSON, EXERCISE = Path("notebooks/02_café_λ.ipynb"), Path("exercises/02_café_λ")
NOTEBOOK = json.dumps({"cells": [], "said": "à propos"}, indent=1, ensure_ascii=False) + "\n"
COPY = copies._copy
FRESH = {
    LESSON.as_posix(): NOTEBOOK,
    f"{EXERCISE.as_posix()}/02_café_λ.ipynb": NOTEBOOK,
    f"{EXERCISE.as_posix()}/points.csv": "1,2",
}
"""What the course holds, and what a fresh copy of it holds."""


def written(folder, texts):
    """Write files by name; return the folder."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def work(word):
    """Return what a learner has made of every copy: no two texts are the same."""
    return {name: f"{word} in {name}" for name in FRESH}


@pytest.fixture
def arrange(tmp_path, monkeypatch):
    """Return how to make a course with a learner's work in it, number by number."""
    monkeypatch.setattr(
        "os.fsync", lambda _: None
    )  # thousands of files, and none of them to last

    def new(number):
        root = written(tmp_path / f"{number}", FRESH)
        written(root / "my", work("old"))
        return root

    return new


def learners(root):
    """Return what the learner has in my/: neither what is being made nor empty claims."""
    return {text for name, text in content(root / "my").items() if text and "/." not in name}


def renew(root):
    return copies.fresh("02", root)


def renew_and_work(root):
    copies.fresh("02", root)
    written(root / "my", work("new"))


def fill_and_work(root):
    for path in copies.make_missing(root):
        (root / path).write_text(
            f"new in {path.relative_to('my').as_posix()}", encoding="utf-8"
        )


def untouched(root):
    """Leave the learner's copies where they are."""


def partly(root):
    """Take one of the exercise's files away: it is put into a folder that the other moves."""
    (root / "my" / EXERCISE / "points.csv").unlink()


def emptied(root):
    """Take the learner's copies away: both commands have everything to make."""
    for path in (LESSON, EXERCISE):
        (root / "my" / path).rename(root / "my" / path.parent / f"elsewhere-{path.name}")


@pytest.mark.parametrize(
    ("before", "run", "meanwhile"),
    [
        (untouched, renew, renew_and_work),
        (untouched, renew, fill_and_work),
        (partly, copies.make_missing, renew_and_work),
        (emptied, copies.make_missing, renew_and_work),
        (emptied, copies.make_missing, fill_and_work),
    ],
)
def test_nothing_is_lost_when_another_command_comes_at_any_line(
    before, run, meanwhile, arrange, monkeypatch
):
    monkeypatch.setattr(copies, "_turn", lambda _: contextlib.nullcontext())
    expected = set()

    def other(root):
        meanwhile(root)
        expected.update(learners(root))

    def arranged(number):
        root = arrange(number)
        before(root)
        expected.clear()
        expected.update(learners(root))
        return root

    for root in at_every_line(WRITING, arranged, run, other):
        left = content(root / "my")
        assert expected <= set(left.values())
        assert set(left.values()) <= expected | set(FRESH.values())  # nor half a file


@pytest.mark.parametrize("second_names", [True, False])
def test_nothing_is_lost_when_another_command_comes_while_a_full_disk_is_dealt_with(
    second_names, arrange, monkeypatch
):
    monkeypatch.setattr(copies, "_turn", lambda _: contextlib.nullcontext())
    link, expected = os.link, set()

    def fail(root):
        with monkeypatch.context() as patch, contextlib.suppress(OSError):
            patch.setattr(copies, "_copy", refused(errno.ENOSPC))
            if not second_names:
                patch.setattr("os.link", refused(errno.EPERM))
            copies.fresh("02", root)

    def other(root):
        with monkeypatch.context() as patch:
            patch.setattr(copies, "_copy", COPY)
            patch.setattr("os.link", link)
            renew_and_work(root)
        expected.clear()
        expected.update(learners(root), work("old").values())

    for root in at_every_line(DESK, arrange, fail, other):
        assert expected <= learners(root)


def test_ctrl_c_at_any_line_leaves_the_old_copy_whole_under_one_of_its_names(arrange):
    def stop(root):
        raise KeyboardInterrupt

    def stopped(root):
        with contextlib.suppress(KeyboardInterrupt):
            copies.fresh("02", root)

    for root in at_every_line(DESK, arrange, stopped, stop):
        left = content(root / "my")
        assert set(work("old").values()) <= set(left.values())
        assert learners(root) <= {*FRESH.values(), *work("old").values()}  # nor half a file


@pytest.mark.parametrize("locks", ["locked", "unlocked"])
def test_nothing_is_lost_when_twelve_processes_renew_at_once(locks, tmp_path):
    root = written(tmp_path, FRESH)
    expected = set(FRESH.values())
    with processes(12, "len(copies.fresh('02', root))", locks) as go:
        for number in range(5):
            written(root / "my", work(f"try {number}"))
            expected |= set(content(root / "my").values())
            said = go(root)
            assert said == ["2"] * 12 or locks == "unlocked"
            assert expected <= set(content(root / "my").values())
    kept = len(list((root / "my" / "notebooks").glob("*kept-*")))
    assert kept == 5 * 12 if locks == "locked" else kept >= 5  # in turns, each finds one


def test_a_kept_name_is_never_one_that_is_taken_not_even_by_a_link_to_nowhere(tmp_path):
    copy = written(tmp_path, {"a.ipynb": "work", "a.kept-1.ipynb": "old"}) / "a.ipynb"
    (tmp_path / "a.kept-2.ipynb").symlink_to("nowhere")
    (tmp_path / "a.kept-3.ipynb").mkdir()
    kept = keeping.claim(tmp_path, Path(copy.name))
    assert kept == Path("a.kept-4.ipynb")
    assert keeping.keep(tmp_path, Path(copy.name), kept)
    assert content(tmp_path) == {"a.kept-1.ipynb": "old", "a.kept-4.ipynb": "work"}


def test_a_copy_that_another_command_has_taken_leaves_no_empty_file_behind(tmp_path):
    for name, text in (("a.ipynb", {"a.ipynb": "work"}), ("a", {"a/b": "work"})):
        written(tmp_path, text)
        kept = keeping.claim(tmp_path, Path(name))
        (tmp_path / name).rename(tmp_path / "taken")
        assert not keeping.keep(tmp_path, Path(name), kept)
        assert [path.name for path in tmp_path.iterdir()] == ["taken"]
        (tmp_path / "taken").rename(tmp_path.with_name(f"taken {name}"))


def test_a_folder_that_another_command_made_since_the_claim_stays_where_it_is(tmp_path):
    kept = keeping.claim(tmp_path, Path("a"))  # another has taken the old folder just before
    written(tmp_path, {"a/b": "new"})
    assert not keeping.keep(tmp_path, Path("a"), kept)
    assert content(tmp_path) == {"a/b": "new"}


def test_a_copy_that_cannot_be_moved_stays_and_leaves_no_empty_file_behind(
    arrange, monkeypatch
):
    root = arrange(1)
    monkeypatch.setattr("pathlib.Path.replace", refused(errno.EACCES))
    with pytest.raises(
        OSError, match=r"Permission denied.* Your old copy is my/exercises/02_[^k]*$"
    ):
        copies.fresh("02", root)
    assert content(root / "my") == work("old")
    assert list((root / "my").rglob("*kept*")) == []


@pytest.mark.parametrize("second_names", [True, False])
@pytest.mark.parametrize("name", ["a.ipynb", "a"])
def test_what_is_put_back_is_never_put_over_a_new_copy(
    name, second_names, tmp_path, monkeypatch
):
    if not second_names:
        monkeypatch.setattr("os.link", refused(errno.EPERM))
    inside = "" if "." in name else "/b"
    written(tmp_path, {f"{name}{inside}": "old"})
    copy = Path(name)
    kept = keeping.claim(tmp_path, copy)
    keeping.keep(tmp_path, copy, kept)
    back = keeping.put_back(tmp_path, copy, kept)
    assert back == (copy if second_names or inside else kept)
    assert content(tmp_path) == {f"{back.as_posix()}{inside}": "old"}
    if back == copy:
        kept = keeping.claim(tmp_path, copy)
        keeping.keep(tmp_path, copy, kept)
    written(tmp_path, {f"{name}{inside}": "new"})
    assert keeping.put_back(tmp_path, copy, kept) == kept
    assert content(tmp_path) == {f"{name}{inside}": "new", f"{kept.as_posix()}{inside}": "old"}


def refused(number):
    """Return a function that fails as the system does."""

    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail
