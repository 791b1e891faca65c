"""An index in one file, which appears whole or not at all and never runs anything.

It is safetensors (https://github.com/huggingface/safetensors), so that other programs read the
vectors too: `features`, float32, and `catalogue`, the bytes of a JSON object with the rest.
(Its header could hold the JSON, but not more than 100 MB, which a million paths come near.)
Written and read in pieces, so that memory holds the vectors once. Whatever is in a file that
somebody else wrote is checked before it is used.
"""

import json
import os
from pathlib import Path
from typing import Any, BinaryIO, final

import numpy as np

from mmcourse.retrieval.album.items import Item, Skipped, Stamp
from mmcourse.retrieval.album.stored import Stored

SUFFIX = ".safetensors"
FORMAT = "mmcourse index"
VERSION = "1"
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
    catalogue = _catalogue(stored)
    header = json.dumps(_header(features.shape, len(catalogue))).encode()
    header += b" " * (-len(header) % 8)
    partial = path.with_name(f"{path.name}.mmcourse-partial")  # nobody else names one so
    try:
        with partial.open("wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            file.write(features.reshape(-1).view(np.uint8).data)
            file.write(catalogue)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path) -> Stored:
    """Return what a file holds.

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
            return _read(file)
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
    with path.open("rb") as file:
        start = file.read(LONGEST_HEADER)
    if f'"format": "{FORMAT}"'.encode() not in start:
        raise DamagedIndexError(
            f"Index: {path} must be free, or an index; got a file of another kind; name "
            "another file."
        )


def _catalogue(stored: Stored) -> bytes:
    """Return all but the vectors, in ASCII, as names may hold what is no UTF-8."""
    return json.dumps(
        {
            "fingerprint": stored.fingerprint,
            "folder": stored.folder,
            "items": list(stored.items),
            "model_name": stored.model_name,
            "skipped": [[each.path, each.reason] for each in stored.skipped],
            "stamps": [stamp and list(stamp) for stamp in stored.stamps],
        }
    ).encode("ascii")


def _header(shape: tuple[int, ...], catalogue: int) -> dict[str, Any]:
    end = 4 * shape[0] * shape[1]
    return {
        "__metadata__": {"format": FORMAT, "version": VERSION},
        "features": {"dtype": "F32", "shape": [*shape], "data_offsets": [0, end]},
        "catalogue": {
            "dtype": "U8",
            "shape": [catalogue],
            "data_offsets": [end, end + catalogue],
        },
    }


def _read(file: BinaryIO) -> Stored:
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(LONGEST_HEADER, size - 8):
        raise ValueError("it does not begin as one")
    shape, catalogue = _checked_header(_json(file.read(length)), size - 8 - length)
    features = np.fromfile(file, "<f4", shape[0] * shape[1]).reshape(shape)
    said = _json(file.read(catalogue))
    if not isinstance(said, dict):
        raise ValueError("its catalogue is no object")
    stored = Stored(
        features=features.astype(np.float32, copy=False),
        items=_items(said["items"]),
        stamps=tuple(map(_stamp, _a_list(said["stamps"]))),
        skipped=tuple(map(_skipped, _a_list(said["skipped"]))),
        **{key: _text(said[key]) for key in ("fingerprint", "folder", "model_name")},
    )
    _check(stored)
    return stored


def _checked_header(header: Any, left: int) -> tuple[tuple[int, int], int]:
    """Return the shape of the vectors and the bytes of the catalogue, which fill the file."""
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise ValueError("it is a file of another kind")
    if metadata.get("version") != VERSION:
        raise OtherVersionError(
            f"its version must be {VERSION}; got {str(metadata.get('version'))[:20]!r}"
        )
    rows, dim = (_count(each) for each in header["features"]["shape"])
    (catalogue,) = (_count(each) for each in header["catalogue"]["shape"])
    if header != _header((rows, dim), catalogue) or dim < 1:
        raise ValueError("its header contradicts itself")
    if 4 * rows * dim + catalogue != left:
        raise ValueError(f"it must have {4 * rows * dim + catalogue} bytes of data; got {left}")
    return (rows, dim), catalogue


def _json(content: bytes) -> Any:
    """Return what JSON says, whose numbers have to be numbers."""

    def refuse(word: str) -> None:
        raise ValueError(f"its JSON holds {word}")

    try:
        return json.loads(content, parse_constant=refuse)
    except RecursionError:
        raise ValueError("its JSON is nested too deeply") from None


def _count(number: object) -> int:
    if type(number) is not int or number < 0:  # True is none
        raise ValueError(f"its header counts {str(number)[:20]!r}")
    return number


def _a_list(said: object) -> list[Any]:
    if not isinstance(said, list):
        raise ValueError("its catalogue holds no list where one must be")
    return said


def _text(said: object) -> str | None:
    if said is not None and not isinstance(said, str):
        raise ValueError("its catalogue holds no text where one must be")
    return said


def _items(said: object) -> tuple[Item, ...]:
    items = tuple(_a_list(said))
    if not all(type(item) in (str, int) for item in items):
        raise ValueError("an item is neither a path nor a number")
    return items


def _stamp(said: object) -> Stamp | None:
    if said is None:
        return None
    size, content, anything = _a_list(said)
    if not all(type(number) is int for number in (size, content, anything)):
        raise ValueError("a file's size and times are no whole numbers")
    return size, content, anything


def _skipped(said: object) -> Skipped:
    path, reason = _a_list(said)
    if type(path) not in (str, int) or not isinstance(reason, str):
        raise ValueError("what was skipped is no path and reason")
    return Skipped(path, reason)


def _check(stored: Stored) -> None:
    """Refuse vectors that are not of length 1, and lists of another length."""
    rows = len(stored.features)
    if not rows == len(stored.items) == len(stored.stamps):
        raise ValueError(
            f"it must name one item for each of its {rows} vectors; got {len(stored.items)}"
        )
    for start in range(0, rows, PIECE):
        piece = stored.features[start : start + PIECE]
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(piece, axis=1)
        if not bool((np.abs(lengths - 1) < 1e-3).all()):  # False for NaN
            raise ValueError("its vectors must all have length 1; some have not")
