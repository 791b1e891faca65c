"""Files that appear whole or not at all, under whatever somebody else does meanwhile."""

import errno
import os
import stat
import sys

import pytest

from mmcourse.atomic import whole_file, write_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
OPERATION = "save"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a"


@pytest.fixture
def masked():
    """The umask that everything here is made under."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def left(path):
    return sorted(each.name for each in path.parent.iterdir())


@pytest.mark.parametrize("pieces", [b"new", [b"n", b"", memoryview(b"ew")]], ids=["one", "3"])
def test_bytes_and_pieces_make_the_same_file(pieces, path):
    write_whole(OPERATION, path, pieces)
    assert path.read_bytes() == b"new"
    assert left(path) == ["a"]


def test_an_empty_file_is_one(path):
    write_whole(OPERATION, path, [])
    assert path.read_bytes() == b""


def test_a_name_as_long_as_a_name_may_be_is_written(tmp_path):
    path = tmp_path / ("é" * 127)
    write_whole(OPERATION, path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(error, replace, path):
    old = path if replace else path.with_name("b")
    old.write_bytes(b"old")

    def pieces():
        yield b"ne"
        raise error

    with pytest.raises(type(error)):
        write_whole(OPERATION, path, pieces(), replace=replace)
    assert old.read_bytes() == b"old"
    assert left(path) == [old.name]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(step, path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(OPERATION, path, b"new")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert left(path) == ["a"]


def test_a_disk_that_has_no_modes_is_written_to(path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fchmod", refuse, raising=False)
    write_whole(OPERATION, path, b"new")
    assert path.read_bytes() == b"new"


def test_what_took_the_place_of_a_claim_is_not_deleted(path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    def lose(*_):
        path.write_bytes(b"another command's")
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "replace", lose)
    with pytest.raises(OSError, match="Input/output"):
        write_whole(OPERATION, path, b"new", replace=False)
    assert path.read_bytes() == b"another command's"
    assert left(path) == ["a"]


def test_content_is_on_the_disk_before_it_has_its_name(path, monkeypatch):
    path.write_bytes(b"old")
    seen = []

    def sync(file):
        seen.append((os.fstat(file).st_size, path.read_bytes()))

    monkeypatch.setattr(os, "fsync", sync)
    write_whole(OPERATION, path, b"newer")
    assert seen == [(5, b"old")]


def test_whoever_reads_meanwhile_sees_the_old_file(path):
    path.write_bytes(b"old")
    with whole_file(OPERATION, path) as file:
        file.write(b"ne")
        file.flush()
        assert path.read_bytes() == b"old"
        file.write(b"w")
    assert path.read_bytes() == b"new"


class TestPlaces:
    def test_a_missing_folder_is_named_with_what_to_do(self, tmp_path):
        with pytest.raises(
            FileNotFoundError, match=r"save: the folder of a must .* got .*no; make it"
        ):
            write_whole(OPERATION, tmp_path / "no" / "a", b"")

    def test_a_file_in_place_of_a_folder_is_named(self, tmp_path):
        (tmp_path / "no").write_bytes(b"")
        with pytest.raises(FileNotFoundError, match=r"the folder of a must exist"):
            write_whole(OPERATION, tmp_path / "no" / "a", b"")

    def test_a_folder_in_place_of_the_file_is_named(self, tmp_path):
        with pytest.raises(IsADirectoryError, match=r"must name a file; got the folder"):
            write_whole(OPERATION, tmp_path, b"")

    @POSIX
    def test_a_pipe_is_not_replaced(self, path):
        os.mkfifo(path)
        with pytest.raises(OSError, match=r"must name a file; got the device or pipe"):
            write_whole(OPERATION, path, b"new")
        assert path.is_fifo()

    def test_a_place_is_refused_before_content_is_made(self, tmp_path):
        with pytest.raises(IsADirectoryError):
            write_whole(OPERATION, tmp_path, (pytest.fail("made") for _ in "a"))


class TestOnlyWhereNothingIs:
    @pytest.fixture(params=["link", "without second names", "without fchmod"])
    def system(self, request, monkeypatch):
        def refuse(*_):
            raise PermissionError(errno.EPERM, "Operation not permitted")

        if request.param == "without second names":
            monkeypatch.setattr(os, "link", refuse)
        if request.param == "without fchmod":
            monkeypatch.delattr(os, "fchmod", raising=False)

    @pytest.fixture(params=["file", "folder", "link", "dangling link"])
    def there(self, request, path):
        if request.param == "file":
            path.write_bytes(b"old")
        elif request.param == "folder":
            path.mkdir()
        else:
            path.symlink_to(path.parent / "b")
        if request.param == "link":
            (path.parent / "b").write_bytes(b"old")
        return request.param

    def test_a_new_file_is_written(self, system, path):
        write_whole(OPERATION, path, b"new", replace=False)
        assert path.read_bytes() == b"new"
        assert left(path) == ["a"]

    def test_what_is_there_is_left(self, system, there, path):
        with pytest.raises(FileExistsError, match=r"save: .*a must not exist yet; .*move it"):
            write_whole(OPERATION, path, b"new", replace=False)
        assert (path.is_dir(), path.is_symlink()) == (there == "folder", "link" in there)
        assert not path.is_file() or path.read_bytes() == b"old"
        assert "partial" not in " ".join(left(path))

    def test_what_comes_while_it_is_written_is_left(self, system, path):
        def pieces():
            yield b"ne"
            path.write_bytes(b"theirs")
            yield b"w"

        with pytest.raises(FileExistsError, match="must not exist yet"):
            write_whole(OPERATION, path, pieces(), replace=False)
        assert path.read_bytes() == b"theirs"
        assert left(path) == ["a"]


@POSIX
class TestModes:
    def test_a_new_file_has_what_the_umask_leaves(self, masked, path):
        for replace in (True, False):
            target = path.with_name(str(replace))
            write_whole(OPERATION, target, b"new", replace=replace)
            assert mode(target) == 0o640

    @pytest.mark.parametrize("before", [0o600, 0o644, 0o666, 0o444])
    def test_a_file_keeps_its_mode(self, before, masked, path):
        path.write_bytes(b"old")
        path.chmod(before)
        write_whole(OPERATION, path, b"new")
        assert (mode(path), path.read_bytes()) == (before, b"new")

    def test_what_was_private_is_so_while_it_is_written(self, masked, path):
        path.write_bytes(b"old")
        path.chmod(0o600)
        with whole_file(OPERATION, path):
            (partial,) = path.parent.glob(".*")
            assert mode(partial) == 0o600


@POSIX
class TestLinks:
    def test_a_link_is_replaced_and_its_target_left(self, masked, path):
        target = path.with_name("b")
        target.write_bytes(b"old")
        target.chmod(0o600)
        path.symlink_to(target)
        write_whole(OPERATION, path, b"new")
        assert not path.is_symlink()
        assert (path.read_bytes(), target.read_bytes()) == (b"new", b"old")
        assert mode(path) == 0o640  # it is a new file

    def test_a_link_planted_at_the_new_file_is_not_followed(self, path, monkeypatch):
        monkeypatch.setattr("secrets.token_hex", lambda _: "guessed")
        with whole_file(OPERATION, path):
            (partial,) = path.parent.glob(".*")
        target = path.with_name("b")
        target.write_bytes(b"theirs")
        partial.symlink_to(target)
        with pytest.raises(FileExistsError):
            write_whole(OPERATION, path, b"new")
        assert target.read_bytes() == b"theirs"

    def test_no_two_new_files_have_one_name(self, path):
        with whole_file(OPERATION, path) as one, whole_file(OPERATION, path) as other:
            one.write(b"one")
            other.write(b"other")
            assert len(list(path.parent.glob(".*"))) == 2
        assert path.read_bytes() == b"one"  # the block that ends last
        assert left(path) == ["a"]
