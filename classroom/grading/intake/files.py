"""Every file of a folder, by its path, with a safe way to read it.

What cannot be looked into, because it may not be read or has gone meanwhile, is named with
the reason; it stops nobody else.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from classroom.grading.faults import UnreadableError
from classroom.grading.notebook import read_beneath

MOST_LEVELS = 6


@dataclass(frozen=True, kw_only=True)
class File:
    """One file: its path below the root, when it arrived, and how to read it.

    Args:
        parts: the path.
        when: it arrived; None where that cannot be told.
        read: returns its bytes, and raises UnreadableError for whatever is not a plain file
            of a reasonable size.
        closed: of a folder that cannot be looked into: why.
    """

    parts: tuple[str, ...]
    when: datetime | None
    read: Callable[[], bytes]
    closed: str = ""


def of_folder(root: Path, parts: tuple[str, ...] = ()) -> Iterator[File]:
    """Yield the files of a folder; in the place of one that cannot be looked into, itself.

    Raises:
        OSError: if that is the root.
    """
    try:
        with os.scandir(root.joinpath(*parts)) as entries:
            found = [one for one in entries if not is_hidden(one.name)]
    except OSError as error:
        if not parts:
            raise
        why = f"the folder cannot be opened ({error.strerror})"
        yield File(parts=parts, when=None, read=partial(_refuse, why), closed=why)
        return
    for entry in found:
        here = (*parts, entry.name)
        if not _is_folder(entry):
            yield File(parts=here, when=_changed(entry), read=partial(_read, root, here))
        elif len(here) < MOST_LEVELS:
            yield from of_folder(root, here)


def students(root: Path) -> list[str]:
    """Return the names of the folders right below the root, empty ones included."""
    if not root.is_dir():
        return []
    with os.scandir(root) as entries:
        return sorted(
            one.name for one in entries if _is_folder(one) and not is_hidden(one.name)
        )


def is_hidden(name: str) -> bool:
    """Return whether a name is one that students do not see, and programs make."""
    return name.startswith(".") or name == "__MACOSX"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _changed(entry: os.DirEntry[str]) -> datetime | None:
    """Return when a file was last changed; None if it has gone, or no calendar has the year."""
    try:
        seconds = entry.stat(follow_symlinks=False).st_mtime
        return datetime.fromtimestamp(seconds).astimezone()
    except (OSError, OverflowError, ValueError):
        return None


def _read(root: Path, parts: tuple[str, ...]) -> bytes:
    try:
        return read_beneath(root, parts)
    except OSError as error:  # the root itself has gone
        raise UnreadableError(f"it cannot be opened ({error.strerror})") from error


def _refuse(why: str) -> bytes:
    raise UnreadableError(why)
