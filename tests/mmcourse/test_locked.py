"""Locks: one at a time, and an error where none can be had."""

import errno

import pytest

from mmcourse.locked import attempt


def test_one_holds_a_lock_at_a_time(tmp_path):
    first = attempt(tmp_path / "a.lock")
    assert attempt(tmp_path / "a.lock") is None
    assert attempt(tmp_path / "b.lock") is not None
    first.release()
    assert attempt(tmp_path / "a.lock") is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.lock", "b.lock"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EAGAIN])
def test_a_disk_that_calls_every_lock_busy_is_told_of(number, tmp_path, monkeypatch):
    def busy(*_):
        raise OSError(number, "busy")

    monkeypatch.setattr("fcntl.flock", busy)
    with pytest.raises(OSError, match=r"locks do not work in .*; choose a folder of a local"):
        attempt(tmp_path / "a.lock")


def test_a_disk_that_refuses_locks_is_told_of(tmp_path, monkeypatch):
    def refuses(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuses)
    with pytest.raises(OSError, match="No locks available"):
        attempt(tmp_path / "a.lock")
