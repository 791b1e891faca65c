"""The indexes in the user's cache folder: which there are, and how to be rid of them.

An index is made again by the next search, so that nothing is lost but time. Leaves out indexes
that a user put elsewhere.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mmcourse.locked import attempt
from mmcourse.retrieval.album.cache import folder_of_indexes
from mmcourse.retrieval.album.file import SUFFIX, read
from mmcourse.retrieval.album.journal import SUFFIX as JOURNAL

LOCK = ".lock"


@final
@dataclass(frozen=True)
class Kept:
    """One index in the cache.

    Args:
        path: of its file, which a build that was stopped may not have written yet.
        folder: that it is of; None where it is unfinished or damaged.
        model_name: as its user called it; None likewise.
        pictures: how many it holds.
        size: in bytes, with what lies beside it.
    """

    path: Path
    folder: str | None
    model_name: str | None
    pictures: int
    size: int


def kept() -> list[Kept]:
    """Return the indexes in the cache folder, by name.

    Raises:
        FileNotFoundError: the user has no home folder to have a cache in.
    """
    place = folder_of_indexes()
    names = os.listdir(place) if place.is_dir() else []  # noqa: PTH208 - names alone
    ours = {_index(name) for name in names} - {None}
    return [_looked_at(place / name) for name in sorted(map(str, ours))]


def clear(indexes: Sequence[Kept]) -> list[Kept]:
    """Remove indexes, and return those that were left since a search is at work on them.

    Raises:
        OSError: one cannot be removed.
    """
    left = []
    for one in indexes:
        lock = attempt(_beside(one.path)[-1])
        if lock is None:
            left.append(one)
            continue
        for path in _beside(one.path)[:-1]:
            path.unlink(missing_ok=True)
        lock.release()
        with suppress(PermissionError):  # Windows keeps what another search has just opened
            _beside(one.path)[-1].unlink(missing_ok=True)
    return left


def _index(name: str) -> str | None:
    """Return the name of the index that a file is, or lies beside; None for another file."""
    for end in (JOURNAL, LOCK):
        name = name.removesuffix(end)
    return name if name.endswith(SUFFIX) and not name.startswith(".") else None


def _beside(path: Path) -> list[Path]:
    """Return the files of an index, its lock last."""
    return [path, path.with_name(path.name + JOURNAL), path.with_name(path.name + LOCK)]


def _looked_at(path: Path) -> Kept:
    size = sum(each.stat().st_size for each in _beside(path) if each.is_file())
    try:
        stored = read(path)
    except (ValueError, OSError):
        return Kept(path, None, None, 0, size)
    return Kept(path, stored.folder, stored.model_name, len(stored.items), size)
