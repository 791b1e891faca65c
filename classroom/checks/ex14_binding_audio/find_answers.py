"""Answers to 14.6, a right one and the mistakes that are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classroom.checks.question import Mistake

Parts = Sequence[tuple[np.ndarray, float]]
Found = list[tuple[int, float]]
Step = Callable[[np.ndarray], np.ndarray]


def unit(x: np.ndarray) -> np.ndarray:
    """Return a vector, or each row, at length 1."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _as_is(x: np.ndarray) -> np.ndarray:
    return x


def _added(vectors: list[np.ndarray], weights: list[float]) -> np.ndarray:
    return np.sum([w * x for x, w in zip(vectors, weights, strict=True)], axis=0)


def _best(cosines: np.ndarray, k: int) -> list[int]:
    return np.argsort(-cosines, kind="stable")[:k].tolist()


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`find`, with steps that may be replaced."""

    each: Step = unit
    weight: Callable[[float], float] = lambda w: w
    join: Callable[[list[np.ndarray], list[float]], np.ndarray] = _added
    last: Step = unit
    best: Callable[[np.ndarray, int], list[int]] = _best
    told: Callable[[Found], Any] = lambda found: found

    def __call__(self, index: np.ndarray, parts: Parts, k: int) -> Any:
        """Return the k rows that are nearest to a query, each with its cosine."""
        vectors = [self.each(np.asarray(vector)) for vector, _ in parts]
        query = self.last(self.join(vectors, [self.weight(w) for _, w in parts]))
        cosines = index @ query
        return self.told([(row, float(cosines[row])) for row in self.best(cosines, k)])


find = Steps()
"""The k rows that are nearest to a query made of several parts."""


def _some(*places: int) -> Callable[[list[np.ndarray], list[float]], np.ndarray]:
    """Return a sum of the parts in these places alone."""
    return lambda vectors, weights: np.sum([weights[i] * vectors[i] for i in places], axis=0)


def _by_row(cosines: np.ndarray, k: int) -> list[int]:
    return sorted(_best(cosines, k))


def _worst_of_best_first(cosines: np.ndarray, k: int) -> list[int]:
    return _best(cosines, k)[::-1]


def _partitioned(cosines: np.ndarray, k: int) -> list[int]:
    """Return k rows as np.argpartition finds them, which wants k below their number."""
    np.argpartition(-cosines, k)
    return _best(cosines, k)


def _all_asked(cosines: np.ndarray, k: int) -> list[int]:
    best = _best(cosines, k)
    return [best[i] for i in range(k)]


MISTAKES = (
    Mistake(
        name="parts-not-normalised",
        message="Parts come in any length, and with you the longest wins. Bring each to "
        "length 1 before its weight is applied.",
        changes={"each": _as_is},
    ),
    Mistake(
        name="sum-not-renormalised",
        message="The sum of the parts is no longer of length 1, so what you return are no "
        "cosines: they may lie beyond 1. Bring the sum to length 1.",
        changes={"last": _as_is},
        variants=(
            {"last": _as_is, "join": lambda x, w: _added(x, w) / sum(abs(one) for one in w)},
            {"last": _as_is, "join": lambda x, w: _added(x, w) / len(w)},
        ),
    ),
    Mistake(
        name="weights-ignored",
        message="All parts count the same with you, whatever their weights are.",
        changes={"weight": lambda _: 1.0},
    ),
    Mistake(
        name="without-is-with",
        message="A negative weight means without: it is to push pictures away. You dropped its "
        "sign, or the part.",
        changes={"weight": abs},
        variants=({"weight": lambda w: max(w, 0.0)},),
    ),
    Mistake(
        name="one-part-alone",
        message="You ask with one part alone, the first or the last: a loop that overwrites "
        "its sum does that. Add up all of them.",
        changes={"join": _some(0)},
        variants=({"join": _some(-1)},),
    ),
    Mistake(
        name="two-parts-alone",
        message="You use two parts, however many there are. A query may have one, or three: "
        "add up all of them.",
        changes={"join": lambda x, w: _added(x[:2], w[:2])},
        variants=(
            {"join": lambda x, w: _added(x[-2:], w[-2:])},
            {"join": _some(0, 1)},
            {"join": lambda x, w: _added([x[0], *x[1:][-1:]], [w[0], *w[1:][-1:]])},
        ),
    ),
    Mistake(
        name="query-turned-round",
        message="Your query points the other way: every cosine has the opposite sign, so "
        "the rows that fit least come first. Only what a negative weight says is taken away.",
        changes={"weight": lambda w: -w},
    ),
    Mistake(
        name="cosines-turned-round",
        message="The right rows, but their cosines have the opposite sign. It is turned round "
        "for sorting alone.",
        changes={"told": lambda found: [(row, -cosine) for row, cosine in found]},
    ),
    Mistake(
        name="best-k-unsorted",
        message="The right rows, in another order: the best comes first. np.argpartition does "
        "not sort; a stable sort of the negative cosines does.",
        changes={"best": _by_row},
        variants=(
            {"best": _worst_of_best_first},
            {"best": lambda c, k: np.argsort(c, kind="stable")[-k:].tolist()},
        ),
    ),
    Mistake(
        name="worst-first",
        message="You return the rows that fit least. Large cosines fit best.",
        changes={"best": lambda cosines, k: np.argsort(cosines, kind="stable")[:k].tolist()},
        variants=({"best": lambda c, k: np.argsort(c, kind="stable")[:k][::-1].tolist()},),
    ),
    Mistake(
        name="ties-turned-round",
        message="Where two rows fit equally well, the higher row comes first with you: argsort "
        "turned round does that. Sort the negative cosines, with kind='stable'.",
        changes={"best": lambda c, k: np.argsort(c, kind="stable")[::-1][:k].tolist()},
    ),
    Mistake(
        name="largest-size",
        message="You sort by the size of a cosine, without its sign. A cosine near -1 fits "
        "worst, not best.",
        changes={"best": lambda c, k: np.argsort(-np.abs(c), kind="stable")[:k].tolist()},
    ),
    Mistake(
        name="rows-from-one",
        message="Your rows are numbered from 1. The first row of the index is row 0.",
        changes={"told": lambda found: [(row + 1, cosine) for row, cosine in found]},
    ),
    Mistake(
        name="cosine-first",
        message="Row and cosine have changed places: (row, cosine).",
        changes={"told": lambda found: [(cosine, row) for row, cosine in found]},
    ),
    Mistake(
        name="rows-alone",
        message="You return rows without their cosines, or cosines alone. Each is a pair: "
        "(row, cosine).",
        changes={"told": lambda found: [row for row, _ in found]},
        variants=({"told": lambda found: [cosine for _, cosine in found]},),
    ),
    Mistake(
        name="ties-by-chance",
        message="Among many rows that fit equally well, yours come in any order: without "
        "kind='stable', np.argsort keeps none.",
        changes={"best": lambda cosines, k: np.argsort(-cosines)[:k].tolist()},
        variants=({"best": lambda cosines, k: np.argsort(cosines)[::-1][:k].tolist()},),
    ),
    Mistake(
        name="k-larger-than-album",
        message="Where k is more than there are rows, all rows come back. Yours fails: "
        "min(k, len(index)).",
        changes={"best": _all_asked},
        variants=({"best": _partitioned},),
    ),
    Mistake(
        name="one-too-few",
        message="One row is missing: k are asked for.",
        changes={"best": lambda cosines, k: _best(cosines, k - 1)},
    ),
    Mistake(
        name="one-too-many",
        message="One row is too many: k are asked for.",
        changes={"best": lambda cosines, k: _best(cosines, k + 1)},
    ),
    Mistake(
        name="distances",
        message="You return distances, 1 - cosine. The cosines are asked for.",
        changes={"told": lambda found: [(row, 1 - cosine) for row, cosine in found]},
    ),
)
