"""An index in one file, which appears whole or not at all and never runs anything.

It is safetensors (https://github.com/huggingface/safetensors), so that other programs read the
vectors too: `features`, float32, and `catalogue`, the bytes of a JSON object with the rest.
(Its header could hold the JSON, but not more than 100 MB, which a million paths come near.)
The header has a checksum of both, and is itself as we write it to the last byte, so that no
flipped bit is searched. Written and read in pieces, so that memory holds the vectors once.
Whatever is in a file that somebody else wrote is checked before it is used; what its JSON
says, in `catalogue`.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import BinaryIO, final

import numpy as np

from mmcourse.atomic import write_whole
from mmcourse.retrieval.album import catalogue
from mmcourse.retrieval.album.stored import Stored

SUFFIX = ".safetensors"
FORMAT = "mmcourse index"
VERSION = "2"
LONGEST_HEADER = 100_000
"""Bytes; ours has some hundred, whatever the index holds."""

PIECE = 1 << 13
"""Rows that are checked at a time."""


@final
class DamagedIndexError(ValueError):
    """A file that is no index, or not a whole one."""


@final
class OtherVersionError(ValueError):
    """A whole index, but written by another version of the course."""


def write(path: Path, stored: Stored) -> None:
    """Write an index beside its place, then move it there in one step.

    Raises:
        OSError: it cannot be written there.
    """
    features = np.ascontiguousarray(stored.features, "<f4")
    content = catalogue.written(stored)
    header = _header(features.shape, len(content), _checksum(features, content))
    length = len(header).to_bytes(8, "little")
    write_whole("Index", path, [length, header, _bytes(features), content])


def read(path: Path, *, mapped: bool = False) -> Stored:
    """Return what a file holds; mapped, its vectors stay on disk, and are not checked.

    Raises:
        FileNotFoundError: there is none.
        OtherVersionError: a ValueError; another version of the course wrote it.
        DamagedIndexError: a ValueError; it is no index, damaged or cut short.
    """
    if not path.is_file():
        found = "something else" if path.exists() else "nothing"
        raise FileNotFoundError(
            f"Index.open: expected an index at {path}; found {found} there."
        )
    try:
        with path.open("rb") as file:
            return _read(file, mapped=mapped)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        kind = type(error) if isinstance(error, OtherVersionError) else DamagedIndexError
        raise kind(
            f"Index.open: {path} must be an index, and whole; {error}; remove it, and build it "
            "again."
        ) from error


def refuse_other(path: Path) -> None:
    """Refuse to write an index in place of anything else.

    Raises:
        DamagedIndexError: a ValueError; there is a file that is no index.
        IsADirectoryError: there is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(
            f"Index: path must name a file; got the folder {path}; add a file name."
        )
    if not path.exists():
        return
    begins = f'{{"__metadata__": {{"format": "{FORMAT}"'.encode()
    start = b""
    if path.is_file():  # a pipe would be waited for
        with path.open("rb") as file:
            start = file.read(8 + len(begins))
    if start[8:] != begins:
        raise DamagedIndexError(
            f"Index: {path} must be free, or an index; got a file of another kind; name "
            "another file."
        )


def _header(shape: tuple[int, ...], count: int, checksum: str) -> bytes:
    """Return the header of an index, to the last byte."""
    end = 4 * shape[0] * shape[1]
    header = {
        "__metadata__": {"format": FORMAT, "version": VERSION, "checksum": checksum},
        "features": {"dtype": "F32", "shape": [*shape], "data_offsets": [0, end]},
        "catalogue": {
            "dtype": "U8",
            "shape": [count],
            "data_offsets": [end, end + count],
        },
    }
    text = json.dumps(header).encode()
    return text + b" " * (-len(text) % 8)  # so that the vectors lie where numbers should


def _checksum(features: np.ndarray, content: bytes) -> str:
    """Return the SHA-256 of the data, in hexadecimal digits."""
    said = hashlib.sha256(_bytes(features))
    said.update(content)
    return said.hexdigest()


def _bytes(features: np.ndarray) -> memoryview:
    """Return the bytes of the vectors without a copy."""
    return features.reshape(-1).view(np.uint8).data


def _read(file: BinaryIO, *, mapped: bool) -> Stored:
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(LONGEST_HEADER, size - 8):
        raise ValueError("it does not begin as one")
    shape, count, checksum = _checked_header(file.read(length), size - 8 - length)
    if mapped and shape[0]:
        on_disk = np.memmap(file, "<f4", "r", offset=8 + length, shape=shape)
        file.seek(8 + length + on_disk.nbytes)
        return _counted(catalogue.read(on_disk, file.read(count)))
    features = np.fromfile(file, "<f4", shape[0] * shape[1]).reshape(shape)
    content = file.read(count)
    if _checksum(features, content) != checksum:
        raise ValueError("its data are not those that were written: the checksum differs")
    stored = _counted(catalogue.read(features.astype(np.float32, copy=False), content))
    _check_lengths(features)
    return stored


def _checked_header(raw: bytes, left: int) -> tuple[tuple[int, int], int, str]:
    """Return the shape of the vectors, the bytes of the catalogue, and the sum of both."""
    header = catalogue.json_of(raw)
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise ValueError("it is a file of another kind")
    if metadata.get("version") != VERSION:
        raise OtherVersionError(
            f"its version must be {VERSION}; got {str(metadata.get('version'))[:20]!r}"
        )
    rows, dim = (_count(each) for each in header["features"]["shape"])
    (count,) = (_count(each) for each in header["catalogue"]["shape"])
    checksum = str(metadata["checksum"])
    if raw != _header((rows, dim), count, checksum) or dim < 1:
        raise ValueError("its header contradicts itself")
    if 4 * rows * dim + count != left:
        raise ValueError(f"it must have {4 * rows * dim + count} bytes of data; got {left}")
    return (rows, dim), count, checksum


def _count(number: object) -> int:
    if type(number) is not int or number < 0:  # True is none
        raise ValueError(f"its header counts {str(number)[:20]!r}")
    return number


def _counted(stored: Stored) -> Stored:
    """Return an index, after refusing lists of another length than there are vectors."""
    rows = len(stored.features)
    if not rows == len(stored.items) == len(stored.stamps):
        raise ValueError(
            f"it must name one item for each of its {rows} vectors; got {len(stored.items)}"
        )
    return stored


def _check_lengths(features: np.ndarray) -> None:
    """Refuse vectors that are not of length 1."""
    for start in range(0, len(features), PIECE):
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(features[start : start + PIECE], axis=1)
        if not bool((np.abs(lengths - 1) < 1e-3).all()):  # False for NaN
            raise ValueError("its vectors must all have length 1; some have not")
