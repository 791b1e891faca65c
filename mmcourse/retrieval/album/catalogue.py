"""All that an index holds but its vectors, as JSON: written, and read with suspicion."""

import json
from typing import Any

import numpy as np

from mmcourse.retrieval.album.items import Item, Skipped, Stamp
from mmcourse.retrieval.album.stored import Stored


def written(stored: Stored) -> bytes:
    """Return all but the vectors, in ASCII, as names may hold what is no UTF-8."""
    said = {
        "fingerprint": stored.fingerprint,
        "folder": stored.folder,
        "items": list(stored.items),
        "model_name": stored.model_name,
        "skipped": [[each.path, each.reason] for each in stored.skipped],
        "stamps": [stamp and list(stamp) for stamp in stored.stamps],
    }
    if stored.readers is not None:  # an index of vectors read nothing
        said["failed_stamps"] = [stamp and list(stamp) for stamp in stored.failed_stamps]
        said["readers"] = stored.readers
    return json.dumps(said).encode("ascii")


def read(features: np.ndarray, content: bytes) -> Stored:
    """Return what vectors and their catalogue are together.

    Raises:
        ValueError, KeyError: the catalogue is another kind of thing.
    """
    said = json_of(content)
    if not isinstance(said, dict):
        raise ValueError("its catalogue is no object")
    items = _items(said["items"])
    skipped = tuple(map(_skipped, _a_list(said["skipped"])))
    failed_stamps = tuple(map(_stamp, _a_list(said.get("failed_stamps", []))))
    if len(failed_stamps) not in (0, len(skipped)):
        raise ValueError("its catalogue has other stamps than files that were skipped")
    return Stored(
        features=features,
        items=items,
        stamps=tuple(map(_stamp, _a_list(said["stamps"]))),
        skipped=skipped,
        failed_stamps=failed_stamps,
        readers=_text(said.get("readers")),  # an older index has neither
        **{key: _text(said[key]) for key in ("fingerprint", "folder", "model_name")},
    )


def json_of(content: bytes) -> Any:
    """Return what JSON says, whose numbers have to be numbers."""

    def refuse(word: str) -> None:
        raise ValueError(f"its JSON holds {word}")

    try:
        return json.loads(content, parse_constant=refuse)
    except RecursionError:
        raise ValueError("its JSON is nested too deeply") from None


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
