"""The search of 12.3, a right one: its steps may be replaced, which makes the mistakes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

END = 0
"""The word that ends a sentence."""
Step = Callable[[list[int]], np.ndarray]


class Beginning(NamedTuple):
    """Words, the log-probability of each, and whether nothing follows."""

    words: tuple[int, ...] = ()
    logs: tuple[float, ...] = ()

    @property
    def total(self) -> float:
        """The log-probability of the words together."""
        return sum(self.logs)

    @property
    def ended(self) -> bool:
        """Whether it is a whole sentence."""
        return self.words[-1:] == (END,)

    def on(self, step: Step) -> "list[Beginning]":
        """Return all that one more word makes of it."""
        logs = step(list(self.words)).tolist()
        return [
            Beginning((*self.words, word), (*self.logs, log)) for word, log in enumerate(logs)
        ]


Beam = list[Beginning]
Rank = Callable[[Beginning, float], float]


def total(one: Beginning, _: float = 0) -> float:
    """Return what beginnings are ranked by: the sum."""
    return one.total


def normalised(one: Beginning, length_penalty: float) -> float:
    """Return what sentences are ranked by, the sum divided."""
    return one.total / len(one.words) ** length_penalty


def kept_as_it_is(one: Beginning, step: Step) -> Beam:
    """Return what comes of a beginning in one step."""
    return [one] if one.ended else one.on(step)


def k_best(beams: list[Beam], k: int, rank: Callable[[Beginning], float]) -> Beam:
    """Return the k best of all beams together."""
    return sorted((one for beam in beams for one in beam), key=rank, reverse=True)[:k]


def all_ended(kept: Beam) -> bool:
    """Return whether nothing is left to go on with."""
    return all(one.ended for one in kept)


def told_of(one: Beginning, score: float) -> Any:
    """Return the words and their score, as an answer does."""
    return list(one.words), score


@dataclass(frozen=True, kw_only=True)
class Search:
    """`beam_search`, with steps that may be replaced."""

    width: Callable[[int], int] = lambda k: k
    begin: Callable[[int], Beam] = lambda _: [Beginning()]
    go_on: Callable[[Beginning, Step], Beam] = kept_as_it_is
    prune: Callable[[list[Beam], int, Callable[[Beginning], float]], Beam] = k_best
    rank: Rank = total
    longest: Callable[[int], int] = lambda longest: longest
    stop: Callable[[Beam], bool] = all_ended
    choose: Rank | None = None
    score: Rank = normalised
    among: Callable[[Beam], Beam] = lambda kept: kept
    best: Callable[..., Beginning] = max
    told: Callable[[Beginning, float], Any] = told_of

    def __call__(self, step: Step, k: int, longest: int, length_penalty: float) -> Any:
        """Return the words found, and their score."""
        kept, choose = self.kept(step, k, longest, length_penalty), self.choose or self.score
        found = self.best(self.among(kept), key=lambda one: choose(one, length_penalty))
        return self.told(found, self.score(found, length_penalty))

    def kept(self, step: Step, k: int, longest: int, length_penalty: float) -> Beam:
        """Return the beginnings that are kept at the end."""
        kept = self.begin(k)
        for _ in range(self.longest(longest)):
            if self.stop(kept):
                break
            beams = [self.go_on(one, step) for one in kept]
            kept = self.prune(beams, self.width(k), lambda one: self.rank(one, length_penalty))
        return kept
