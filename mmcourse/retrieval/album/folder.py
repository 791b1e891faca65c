"""Which files of a folder are searched, and what is said of the others.

Looked at is every file that has a picture's suffix, and every other that begins as PNG, JPEG,
GIF, WebP, TIFF, BMP or HEIC do, so that a wrong name hides no picture. Any other file, such as
a `.txt`, is passed over without a word. Listed as skipped are: hidden folders and pictures
(their names begin with a dot), links that lead nowhere or to what is read anyway, folders that
may not be read, and what is no file at all, such as a pipe. Leaves out whether a file can be
decoded.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from typing import final

from PIL import Image

from mmcourse.heic import BEGINNING, is_heic
from mmcourse.retrieval.album.items import Skipped, Stamp, stamp

UNKNOWN_TO_PILLOW = frozenset(
    {
        ".arw", ".cr2", ".cr3", ".dng", ".heic", ".heif", ".hif", ".jxl", ".nef", ".orf",
        ".raf", ".rw2", ".svg",
    }
)  # fmt: skip
"""Pictures as people have them; opened in vain unless a plug-in of Pillow reads them."""

NO_PICTURES = frozenset({"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"})
"""Formats that Pillow names and does not decode itself; EPS would run another program."""

BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*",
)  # fmt: skip
SPLIT_BEGINNINGS = (
    (b"RIFF", 8, b"WEBP"), (b"BM", 14, b"\x28\0\0\0"), (b"BM", 14, b"\x7c\0\0\0"),
)  # fmt: skip
"""First bytes, a place, and what stands there: WebP, and BMP with either header in use."""


@final
@dataclass
class Listing:
    """What was found in a folder; paths are relative to it, with `/` between their parts.

    Args:
        files: path and stamp of each file to open, sorted by path.
        skipped: what will not be opened, sorted by path.
    """

    files: list[tuple[str, Stamp]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def listing(folder: str) -> Listing:
    """Return which files of a folder, and of the folders in it, are to be opened.

    Every folder is read once. Links come last, so that a file that can be reached without one
    goes by that name.

    Raises:
        OSError: the folder itself cannot be read.
    """
    walk = _Walk(folder)
    os.scandir(folder).close()
    walk.read("", os.stat(folder))  # noqa: PTH116 - names may be no UTF-8
    walk.found.files.sort()
    walk.found.skipped.sort(key=lambda each: str(each.path))
    return walk.found


@final
class _Walk:
    """The state of one walk: what was found, and by which identity it was seen."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.found = Listing()
        self._folders: set[tuple[int, int]] = set()
        self._files: set[tuple[int, int]] = set()
        self._links: list[str] = []

    def read(self, path: str, status: os.stat_result) -> None:
        """Read a folder and all in it, then all that links in it lead to."""
        self._read_folder(path, status)
        while self._links:
            links, self._links = sorted(self._links), []
            for link in links:
                self._follow(link)

    def _read_folder(self, path: str, status: os.stat_result) -> None:
        waiting = [(path, status)]
        while waiting:
            path, status = waiting.pop()
            self._folders.add(_identity(status))
            for name in self._names(path):
                inner = f"{path}/{name}" if path else name
                found = self._status(inner, follow=False)
                if found is None:
                    continue
                if name.startswith("."):
                    self._pass_over(inner, found)
                elif stat.S_ISLNK(found.st_mode):
                    self._links.append(inner)
                elif stat.S_ISDIR(found.st_mode):
                    waiting.append((inner, found))
                else:
                    self._add(inner, found)

    def _follow(self, link: str) -> None:
        if (status := self._status(link, follow=True)) is None:
            return
        if stat.S_ISDIR(status.st_mode):
            if _identity(status) in self._folders:
                self._skip(link, "a link to a folder that is read already")
            else:
                self._read_folder(link, status)
        elif _identity(status) in self._files:
            self._skip(link, "a link to a file that is searched already")
        else:
            self._add(link, status)

    def _add(self, path: str, status: os.stat_result) -> None:
        """Take a file in, or say why not, or pass over what is no picture."""
        if not stat.S_ISREG(status.st_mode):
            self._skip(path, "no file, but a pipe, a device or the like")
        elif _has_picture_name(path) or self._begins_as_picture(path):
            self._files.add(_identity(status))
            self.found.files.append((path, stamp(status)))

    def _pass_over(self, path: str, status: os.stat_result) -> None:
        """List what is hidden, if pictures may be missed by it."""
        if stat.S_ISDIR(status.st_mode):
            self._skip(path, "a hidden folder")
        elif _has_picture_name(path):
            self._skip(path, "a hidden file")

    def _names(self, path: str) -> Iterator[str]:
        try:
            with os.scandir(os.path.join(self.folder, path)) as entries:  # noqa: PTH118 - names may be no UTF-8
                yield from sorted(entry.name for entry in entries)
        except OSError as error:
            self._skip(path, f"a folder that cannot be read ({error.strerror})")

    def _status(self, path: str, *, follow: bool) -> os.stat_result | None:
        try:
            return os.stat(os.path.join(self.folder, path), follow_symlinks=follow)  # noqa: PTH116, PTH118
        except OSError as error:
            kind = "a link that leads nowhere" if follow else "nothing that can be looked at"
            self._skip(path, f"{kind} ({error.strerror})")
            return None

    def _begins_as_picture(self, path: str) -> bool:
        try:
            with open(os.path.join(self.folder, path), "rb") as file:  # noqa: PTH118, PTH123
                start = file.read(BEGINNING)
        except OSError:  # no name of a picture, and no leave to look: nothing to report
            return False
        return (
            start.startswith(BEGINNINGS)
            or is_heic(start)
            or any(
                start.startswith(first) and start[place:].startswith(second)
                for first, place, second in SPLIT_BEGINNINGS
            )
        )

    def _skip(self, path: str, reason: str) -> None:
        self.found.skipped.append(Skipped(path, reason))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _has_picture_name(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _suffixes()


@cache
def _suffixes() -> frozenset[str]:
    Image.init()
    known = Image.registered_extensions().items()
    return UNKNOWN_TO_PILLOW | {
        suffix for suffix, kind in known if kind in Image.OPEN and kind not in NO_PICTURES
    }
