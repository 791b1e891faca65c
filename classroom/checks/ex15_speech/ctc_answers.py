"""A right answer to 15.1, of steps that may be replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Letters = list[int]
Places = list[int]


def with_blanks(letters: Letters) -> Places:
    """Return the letters with a blank before, between and behind them."""
    places = [0]
    for letter in letters:
        places += [letter, 0]
    return places


def differ(places: Places, place: int) -> bool:
    """Return whether there are two places before one, and the first has another unit."""
    return place > 1 and places[place] != places[place - 2]


def _added(logs: np.ndarray) -> Any:
    """Return the logarithms of sums of probabilities, over the first axis; NaN is no part."""
    return np.logaddexp.reduce(np.where(np.isnan(logs), -np.inf, logs), axis=0)


def first_two(alpha: np.ndarray) -> np.ndarray:
    """Return True at the places where a path may begin."""
    return np.arange(len(alpha)) < 2


def _last_two(alpha: np.ndarray) -> np.ndarray:
    return alpha[-2:]


def _negative(total: float, *_: object) -> float:
    return -total


def moved(alpha: np.ndarray, by: int) -> np.ndarray:
    """Return what stands so many places before each, NaN where nothing does."""
    return np.concatenate([np.full(by, np.nan), alpha])[: len(alpha)]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`ctc_loss`, with steps that may be replaced."""

    places: Callable[[Letters], Places] = with_blanks
    first: Callable[[np.ndarray], np.ndarray] = first_two
    moved: Callable[[np.ndarray, int], np.ndarray] = moved
    stays: bool = True
    passes: Callable[[Places, int], bool] = differ
    add: Callable[[np.ndarray], Any] = _added
    ends: Callable[[np.ndarray], np.ndarray] = _last_two
    last: Callable[[float, np.ndarray, Letters], float] = _negative

    def __call__(self, logprobs: np.ndarray, letters: Letters) -> float:
        """Return -log of the probability of all paths that collapse to the letters."""
        places = self.places(letters)
        allowed = [self.passes(places, s) for s in range(len(places))]
        alpha = np.full(len(places), -np.inf)
        start = self.first(alpha)
        alpha[start] = logprobs[0, places][start]
        for row in logprobs[1:]:
            stayed = alpha if self.stays else np.full_like(alpha, np.nan)
            passed = np.where(allowed, self.moved(alpha, 2), np.nan)
            alpha = row[places] + self.add(np.stack([stayed, self.moved(alpha, 1), passed]))
        return self.last(float(self.add(self.ends(alpha))), logprobs, letters)


ctc_loss = Steps()
"""-log of the probability of all paths that collapse to the letters."""
