"""Answers to 14.6, a right one and the mistakes that are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    told: Callable[[Found], Found] = lambda found: found

    def __call__(self, index: np.ndarray, parts: Parts, k: int) -> Found:
        """Return the k rows that are nearest to a query, each with its cosine."""
        vectors = [self.each(np.asarray(vector)) for vector, _ in parts]
        query = self.last(self.join(vectors, [self.weight(w) for _, w in parts]))
        cosines = index @ query
        return self.told([(row, float(cosines[row])) for row in self.best(cosines, k)])


find = Steps()
"""The k rows that are nearest to a query made of several parts."""


def _first(vectors: list[np.ndarray], weights: list[float]) -> np.ndarray:
    return weights[0] * vectors[0]


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
        name="first-part-alone",
        message="You ask with the first part alone. Add up all of them.",
        changes={"join": _first},
    ),
    Mistake(
        name="best-k-unsorted",
        message="The right rows, in another order: the best comes first. np.argpartition does "
        "not sort; a stable sort of the negative cosines does.",
        changes={"best": _by_row},
        variants=({"best": _worst_of_best_first},),
    ),
    Mistake(
        name="worst-first",
        message="You return the rows that fit least. Large cosines fit best.",
        changes={"best": lambda cosines, k: np.argsort(cosines, kind="stable")[:k].tolist()},
    ),
    Mistake(
        name="ties-turned-round",
        message="Where two rows fit equally well, the higher row comes first with you: argsort "
        "turned round does that. Sort the negative cosines, with kind='stable'.",
        changes={"best": lambda c, k: np.argsort(c, kind="stable")[::-1][:k].tolist()},
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
