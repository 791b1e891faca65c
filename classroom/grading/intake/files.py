"""Every file of a folder or a zip, by its path, with a safe way to read it."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from classroom.grading.faults import UnreadableError
from classroom.grading.notebook import MOST_BYTES, read_beneath

MOST_FILES = 100_000
MOST_LEVELS = 6
ZIP_ERRORS = (
    zipfile.BadZipFile,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    EOFError,
)
"""What zipfile raises for what is broken, encrypted or packed in an unknown way."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One file: its path below the root, when it arrived, and how to read it.

    `read` raises UnreadableError for whatever is not a plain file of a reasonable size.
    """

    parts: tuple[str, ...]
    when: datetime | None
    read: Callable[[], bytes]


def files(root: Path) -> Iterator[File]:
    """Yield the files of a folder or of a zip, in the order of their paths."""
    found = _of_folder(root) if root.is_dir() else _of_zip(root)
    return iter(sorted(found, key=lambda file: file.parts))


def students(root: Path) -> list[str]:
    """Return the names of the folders right below the root, empty ones included."""
    if not root.is_dir():
        return []
    with os.scandir(root) as entries:
        names = (one.name for one in entries if one.is_dir(follow_symlinks=False))
        return sorted(name for name in names if not name.startswith((".", "__MACOSX")))


def inside(file: File) -> Iterator[File]:
    """Yield the files of a zip that a student handed in; the time is that of the zip itself."""
    packed = io.BytesIO(file.read())
    try:
        with zipfile.ZipFile(packed) as archive:
            members = _plain(archive)
    except ZIP_ERRORS as error:
        raise UnreadableError(f"the zip cannot be read ({type(error).__name__})") from error
    for info in members:
        content = partial(_member, packed, info.filename)
        yield File(parts=_parts(info), when=file.when, read=content)


def _of_folder(root: Path, parts: tuple[str, ...] = ()) -> Iterator[File]:
    with os.scandir(root.joinpath(*parts)) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            here = (*parts, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if len(here) < MOST_LEVELS:
                    yield from _of_folder(root, here)
                continue
            changed = entry.stat(follow_symlinks=False).st_mtime
            when = datetime.fromtimestamp(changed).astimezone()
            yield File(parts=here, when=when, read=partial(read_beneath, root, here))


def _of_zip(path: Path) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = _plain(archive)
    except ZIP_ERRORS as error:
        raise ValueError(
            f"submissions: expected a folder or a zip; cannot read {path} ({error})."
        ) from error
    for info in members:
        when = _time(info)
        content = partial(_member, path, info.filename)
        yield File(parts=_parts(info), when=when, read=content)


def _plain(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive whose paths stay inside it, each path once."""
    kept = {}
    for info in archive.infolist()[:MOST_FILES]:
        parts = _parts(info)
        climbs = not parts or ".." in parts or info.filename.startswith(("/", "\\"))
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
        if not (info.is_dir() or climbs or hidden or len(parts) > MOST_LEVELS):
            kept[parts] = info
    return list(kept.values())


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time).astimezone()
    except (ValueError, OverflowError):
        return None


def _member(source: Path | io.BytesIO, name: str) -> bytes:
    """Return one file of a zip; stop reading where it grows beyond what a notebook may have."""
    try:
        with zipfile.ZipFile(source) as archive, archive.open(name) as member:
            content = member.read(MOST_BYTES + 1)
    except (*ZIP_ERRORS, KeyError) as error:
        raise UnreadableError(f"it cannot be unpacked ({type(error).__name__})") from error
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"it is larger than {MOST_BYTES >> 20} MB")
    return content
