"""A killed grader's folders go with the next one; nobody else's do."""

import os
import signal
import subprocess
import sys
import tempfile

import pytest
from places import ROOT

from classroom.grading.sandbox.folder import LOCK, PREFIX, Folder, remove_left

GRADER = """
import time
from classroom.grading.sandbox.folder import Folder
folder = Folder()
(folder.path / "course").mkdir()
(folder.path / "course" / "file").write_text("x")
print(folder.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_its_owners_alone_until_it_is_removed(temporary):
    folder = Folder()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()
    folder.remove()
    assert names(temporary) == []


def test_a_killed_graders_folder_is_removed_and_a_living_ones_is_not(temporary):
    variables = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", GRADER]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
    ) as grader:
        path = temporary / os.path.basename(grader.stdout.readline().strip())  # noqa: PTH119
        own = Folder()
        assert (path / "course" / "file").exists(), "its grader lives"
        grader.send_signal(signal.SIGKILL)
        grader.wait()
        other = Folder()
    assert names(temporary) == sorted([own.path.name, other.path.name])
    own.remove()
    other.remove()


@pytest.mark.parametrize("kind", ["of another program", "a link", "with a linked lock"])
def test_what_only_looks_like_one_stays(temporary, kind):
    path = temporary / f"{PREFIX}2025"
    real = temporary / "mine"
    real.mkdir()
    (real / "marks.csv").write_text("x")
    if kind == "a link":
        (real / LOCK).touch()
        path.symlink_to(real)
    else:
        path.mkdir()
    if kind == "with a linked lock":
        (path / LOCK).symlink_to(real / "marks.csv")
    before = names(temporary)
    remove_left()
    assert names(temporary) == before
    assert (real / "marks.csv").exists()


def test_another_users_folder_stays(temporary, monkeypatch):
    path = temporary / f"{PREFIX}theirs"
    path.mkdir()
    (path / LOCK).touch()
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    remove_left()
    assert path.exists()
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    remove_left()
    assert not path.exists()
