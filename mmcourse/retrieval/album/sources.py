"""What an index is built from, as one list: files of a folder, paths, pictures or arrays."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from PIL import Image

from mmcourse.retrieval.album.folder import listing
from mmcourse.retrieval.album.items import Item, Skipped, Stamp, stamp


@final
@dataclass(frozen=True)
class Entry:
    """One thing to encode.

    Args:
        item: its name in the index.
        content: the path of a file, a Pillow picture, or an array (height, width, 3).
        stamp: of a file.
    """

    item: Item
    content: Any
    stamp: Stamp | None = None


@final
@dataclass(frozen=True)
class Source:
    """What there is to encode, in the order of the index, and what was left out at once.

    Args:
        entries: what there is to encode.
        skipped: what cannot even be opened.
        folder: the absolute path of the folder, if it is one.
    """

    entries: list[Entry]
    skipped: list[Skipped]
    folder: str | None = None


def gather(source: Any) -> Source:
    """Return what a source holds.

    Raises:
        TypeError: `source` is nothing of the kind.
        ValueError: there is no such folder, or an array is not (n, height, width, 3).
        OSError: the folder cannot be read.
    """
    if isinstance(source, str) and not source:
        raise ValueError("Index.build: source must be a folder; got ''; '.' is this one.")
    if isinstance(source, str | os.PathLike):
        return _of_folder(os.path.realpath(source))
    if isinstance(source, np.ndarray):
        if source.ndim != 4:
            raise ValueError(
                "Index.build: an array must have shape (n, height, width, 3); got "
                f"{source.shape}; a single picture goes into a list."
            )
        return Source([_picture(place, each) for place, each in enumerate(source)], [])
    if not isinstance(source, Iterable):
        raise TypeError(
            "Index.build: source must be a folder, a list of paths or pictures, or an array "
            f"(n, height, width, 3); got {type(source).__name__}."
        )
    return _of_list(source)


def _of_folder(folder: str) -> Source:
    if not os.path.isdir(folder):  # noqa: PTH112 - as in `folder`
        found = "a file" if os.path.exists(folder) else "nothing"  # noqa: PTH110
        raise ValueError(
            f"Index.build: source must be a folder; found {found} at {folder}; a single file "
            "goes into a list."
        )
    found_files = listing(folder)
    entries = [
        Entry(path, os.path.join(folder, path), stamp)  # noqa: PTH118
        for path, stamp in found_files.files
    ]
    return Source(entries, found_files.skipped, folder)


def _of_list(source: Iterable[Any]) -> Source:
    gathered = Source([], [])
    for place, each in enumerate(source):
        if not isinstance(each, str | os.PathLike):
            gathered.entries.append(_picture(place, each))
        elif isinstance(found := _file(os.fsdecode(each)), Entry):
            gathered.entries.append(found)
        else:
            gathered.skipped.append(found)
    return gathered


def _file(path: str) -> Entry | Skipped:
    """Return a file with its stamp; opening a pipe would wait for ever."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return Skipped(path, f"no file ({getattr(error, 'strerror', None) or error})")
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, "no file, but a folder, a pipe or the like")
    return Entry(path, path, stamp(status))


def _picture(place: int, content: Any) -> Entry:
    """Return a picture in memory, after checking that it is one."""
    if isinstance(content, Image.Image):
        return Entry(place, content)
    if not isinstance(content, np.ndarray):
        raise TypeError(
            "Index.build: what is indexed must be a path, a Pillow picture or a numpy array; "
            f"got {type(content).__name__} at place {place}; vectors go to Index.from_features."
        )
    if content.dtype != np.uint8 or content.ndim != 3 or content.shape[2] != 3:
        raise ValueError(
            "Index.build: a picture's array must be uint8 of shape (height, width, 3); got "
            f"{content.dtype} of {content.shape} at place {place}."
        )
    return Entry(place, content)
