"""What an index names: what it holds, what it found, and what it left out."""

from dataclasses import dataclass
from typing import TypeAlias, final

Item: TypeAlias = str | int
"""A path, or a place in the source, from 0."""

Stamp: TypeAlias = tuple[int, int]
"""Bytes and time of the last change in ns: a file that has the same is taken to be the same."""


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
    """

    path: Item
    reason: str
