"""Files that appear whole or not at all: the one way in which the course writes a file.

The content goes to a new file beside the place, to the disk, and then takes the name in one
step. Whoever reads meanwhile sees the old file or the new one, and a full disk leaves the old.
A process that is killed while it writes leaves `.NAME.….partial`, which nobody reads. Leaves
out owners, and locks: of two who write at once, the last one is believed.
"""

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(
    operation: str,
    path: Path,
    content: bytes | Iterable[bytes | memoryview],
    *,
    replace: bool = True,
) -> None:
    """Write a file from its content, or from pieces of it in their order.

    Args:
        operation: who writes, for the messages.
        path: the file. It keeps the mode of one that it replaces; a new one has what the umask
            leaves. A symbolic link is replaced itself, and what it points to is left alone.
        content: what the file holds.
        replace: False writes only where there is nothing, not even a dangling link.

    Raises:
        FileNotFoundError: the folder does not exist.
        FileExistsError: there is something, and it is not to be replaced.
        IsADirectoryError: there is a folder.
        OSError: the folder cannot be written to, or there is neither a file nor a folder.
    """
    with whole_file(operation, path, replace=replace) as file:
        file.writelines([content] if isinstance(content, bytes) else content)


@contextmanager
def whole_file(operation: str, path: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """Open a file that the block writes; it appears at the end, or not at all if that raises.

    The same as `write_whole` in all else.
    """
    _check(operation, path, replace=replace)
    partial = _partial(path)
    file = partial.open("xb")  # exclusive: a link that somebody planted there is not followed
    try:
        with file:
            _keep_mode(file, path)
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            partial.replace(path)
        else:
            _create(operation, path, partial)
    except OSError as error:
        if error.filename is None and error.errno is not None:  # a full disk names no file
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        partial.unlink(missing_ok=True)


def _check(operation: str, path: Path, *, replace: bool) -> None:
    """Refuse a place that nothing can be written to, before the content is made."""
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"{operation}: the folder of {path.name} must exist; got {path.parent}; make it "
            "with path.parent.mkdir(parents=True)."
        )
    if not replace and os.path.lexists(path):
        raise _exists(operation, path)
    if path.is_dir():
        raise IsADirectoryError(
            f"{operation}: path must name a file; got the folder {path}; add a file name."
        )
    if path.exists() and not path.is_file():
        raise OSError(
            f"{operation}: path must name a file; got the device or pipe {path}; name a file, "
            "and copy from there."
        )


def _partial(path: Path) -> Path:
    """Return a name beside the file that nobody can guess, nor find too long."""
    return path.with_name(f".{path.name[:24]}.{secrets.token_hex(8)}.partial")


def _keep_mode(file: BinaryIO, path: Path) -> None:
    """Give a file, while it is empty, the mode of the one that it is to replace."""
    if hasattr(os, "fchmod") and path.is_file() and not path.is_symlink():
        with suppress(OSError):  # some network disks have no modes
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode) & 0o777)


def _create(operation: str, path: Path, partial: Path) -> None:
    """Name a file where nothing is: unlike a move, a second name never replaces anything."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise _exists(operation, path) from None
    except OSError:  # a file system without second names
        _create_by_claim(operation, path, partial)


def _create_by_claim(operation: str, path: Path, partial: Path) -> None:
    """Take the name with an empty file first: for a moment others see it empty.

    Windows needs no claim, as it moves a file to a free name only.
    """
    try:
        if os.name == "nt":
            partial.rename(path)
            return
        path.open("xb").close()
    except FileExistsError:
        raise _exists(operation, path) from None
    try:
        partial.replace(path)
    except BaseException:
        if path.is_file() and not path.stat().st_size:  # still the claim
            path.unlink()
        raise


def _exists(operation: str, path: Path) -> FileExistsError:
    return FileExistsError(
        f"{operation}: {path} must not exist yet; there is something; move it away, or give "
        "another name."
    )
