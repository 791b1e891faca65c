"""The files of a zip: an LMS's, which stays open, or a student's, read again for each file.

A student's is opened only where it is small and says that it holds few files, and a file in
it is read only as far as a notebook may go. Leaves out encryption, and every packing but the
ordinary one: the others may unpack gigabytes at once.
"""

import io
import threading
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from classroom.grading.faults import UnreadableError
from classroom.grading.intake.files import MOST_LEVELS, File, is_hidden
from classroom.grading.notebook import MOST_BYTES

MOST_FILES = 100_000
MOST_IN_ZIP = 5_000
ENTRY = b"PK\1\2"
"""Begins each entry of a zip's list of files."""
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1


def of_zip(path: Path) -> Iterator[File]:
    """Yield the files of the zip of an LMS.

    Raises:
        ValueError: if it is none, or holds too many.
    """
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # zipfile raises what it meets: struct.error, IndexError, ...
        raise ValueError(
            f"submissions: expected a folder or a zip; cannot read {path} ({error})."
        ) from error
    count = len(archive.infolist())
    if count > MOST_FILES:
        raise ValueError(
            f"submissions: expected at most {MOST_FILES:,} files in a zip; {path} holds "
            f"{count:,}. Unpack it, and give the folder."
        )
    turn = threading.Lock()
    for info in _plain(archive.infolist()):
        content = partial(_in_turn, turn, archive, info)
        yield File(parts=_parts(info), when=_time(info), read=content)


def inside(file: File) -> Iterator[File]:
    """Yield the files of a zip that a student handed in; the time is that of the zip itself.

    Raises:
        UnreadableError: if it is none, or holds too many.
    """
    content = file.read()
    if content.count(ENTRY) > MOST_IN_ZIP:
        raise UnreadableError(f"the zip holds more than {MOST_IN_ZIP:,} files")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _plain(archive.infolist())
    except Exception as error:
        raise UnreadableError(f"the zip cannot be read ({type(error).__name__})") from error
    for info in members:
        again = partial(_member, file, info.filename)
        yield File(parts=_parts(info), when=file.when, read=again)


def _plain(infos: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the files of an archive whose paths stay inside it, each path once."""
    kept = {}
    for info in infos:
        parts = _parts(info)
        climbs = not parts or ".." in parts or info.filename.startswith(("/", "\\"))
        hidden = any(map(is_hidden, parts))
        if not (info.is_dir() or climbs or hidden or len(parts) > MOST_LEVELS):
            kept[parts] = info
    return list(kept.values())


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _in_turn(turn: threading.Lock, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with turn:
        return _content(archive, info)


def _member(file: File, name: str) -> bytes:
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
        info = archive.getinfo(name)
    except UnreadableError:
        raise
    except Exception as error:  # it has changed since
        raise UnreadableError(f"it cannot be unpacked ({type(error).__name__})") from error
    return _content(archive, info)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return one file of a zip; stop reading where it grows beyond what a notebook may have."""
    if info.flag_bits & ENCRYPTED:
        raise UnreadableError("it is encrypted; pack it again without a password")
    if info.compress_type not in PLAIN:
        raise UnreadableError("it is packed in an unusual way; pack it again as a plain zip")
    try:
        with archive.open(info) as member:
            content = member.read(MOST_BYTES + 1)
    except Exception as error:  # zlib.error, BadZipFile, EOFError, ...
        raise UnreadableError(f"it cannot be unpacked ({type(error).__name__})") from error
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"it is larger than {MOST_BYTES >> 20} MB")
    return content
