"""Small differences between drawings of one thing, drawn from the integer `look`.

They vary hair, stripes, clouds and hills, never a fact that a caption may state.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar, final

T = TypeVar("T")


@final
class Variety:
    """A stream of choices that is the same for the same `look`, on every platform.

    >>> Variety(7).pick("abc") == Variety(7).pick("abc")
    True
    >>> 2 <= Variety(7).between(2, 3) < 3
    True
    """

    def __init__(self, look: int) -> None:
        self._random = Random(look).random

    def chance(self, share: float) -> bool:
        """Return True in `share` (0 to 1) of all looks."""
        return self._random() < share

    def between(self, low: float | int, high: float | int) -> float:
        """Return a number, evenly spread from `low` up to `high`."""
        return low + (high - low) * self._random()

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, each equally often."""
        return options[int(len(options) * self._random())]
