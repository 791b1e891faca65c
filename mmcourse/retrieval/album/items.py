"""What an index names: what it holds, what it found, and what it left out."""

import os
from dataclasses import dataclass, field
from typing import TypeAlias, final

Item: TypeAlias = str | int
"""A path, or a place in the source, from 0."""

Stamp: TypeAlias = tuple[int, int, int]
"""Bytes, and when the content last changed and anything at all about the file, in ns.

A file of the same stamp is taken to be the same. The last number tells files apart that swapped
their names and whose times are equal, as from an archive; Windows has a file's birth there.
"""


def stamp(status: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


@final
@dataclass(frozen=True)
class Hit:
    """Something found.

    Args:
        item: a path, relative to the folder or as it was given; or a place in the source.
        score: its cosine with the query, in [-1, 1].
    """

    item: Item
    score: float


@final
@dataclass(frozen=True)
class Skipped:
    """What was left out.

    Args:
        path: what its item would be named.
        reason: why, in words.
        remembered: whether an earlier build said the same.
    """

    path: Item
    reason: str
    remembered: bool = field(default=False, compare=False, repr=False)
