"""Answers to 09.2, a right one and the mistakes that are known."""

from collections.abc import Callable

import numpy as np

from classroom.checks.question import (
    Answer,
    Mistake,
)

Array = np.ndarray


Pair = tuple[float, float]


def _against(scores: Array, relevant: Array) -> Array:
    """Return each row's items, the best first; of equal ones those that are relevant last."""
    return np.lexsort((relevant, -scores), axis=1)


def _in_favour(scores: Array, relevant: Array) -> Array:
    return np.lexsort((~relevant, -scores), axis=1)


def _downwards(scores: Array, _: Array) -> Array:
    return np.argsort(-scores, axis=1)


def _stable(scores: Array, _: Array) -> Array:
    return np.argsort(-scores, axis=1, kind="stable")


def _turned_round(scores: Array, _: Array) -> Array:
    return np.argsort(scores, axis=1)[:, ::-1]


def _any(first: Array, _: Array) -> Array:
    return np.asarray(first.any(axis=1))


def build(
    *,
    order: Callable[[Array, Array], Array] = _against,
    hit: Callable[[Array, Array], Array] = _any,
    looked_at: Callable[[int], int] = int,
    relevance: Callable[[Array], Array] = np.array,
    sign: int = 1,
    both: Callable[[float, float], Pair] = lambda there, back: (there, back),
) -> Answer:
    """Return an answer that ranks, counts or reports in its own way."""

    def one_way(scores: Array, relevant: Array, k: int) -> float:
        best = order(sign * scores, relevant)[:, :k]
        return float(np.mean(hit(np.take_along_axis(relevant, best, axis=1), relevant)))

    def answer(scores: Array, relevant: Array, k: int) -> Pair:
        right, k = relevance(relevant), looked_at(k)
        return both(one_way(scores, right, k), one_way(scores.T, right.T, k))

    return answer


def _before(own: bool) -> Answer:  # noqa: FBT001 - the one thing in which two answers differ
    """Return an answer that counts relevant items which score as much as the best one, too."""

    def one_way(scores: Array, relevant: Array, k: int) -> float:
        best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
        count = (scores >= best).sum(axis=1)
        return float((count <= k).mean() if own else (count < k).mean())

    return lambda scores, relevant, k: (
        one_way(scores, relevant, k),
        one_way(scores.T, relevant.T, k),
    )


def _share_of_relevant(scores: Array, relevant: Array, k: int) -> Pair:
    """Return the mean share of relevant items that have fewer than k others before them."""

    def one_way(scores: Array, relevant: Array) -> float:
        shares = []
        for row, right in zip(scores, relevant, strict=True):
            before = [(row[~right] >= score).sum() for score in row[right]]
            shares.append(np.mean(np.array(before) < k))
        return float(np.mean(shares))

    return one_way(scores, relevant), one_way(scores.T, relevant.T)


def _masked_by_product(scores: Array, relevant: Array, k: int) -> Pair:
    """Return recall, with 0 as the score of what is not relevant."""

    def one_way(scores: Array, relevant: Array) -> float:
        best = (scores * relevant).max(axis=1, keepdims=True)
        return float(((~relevant & (scores >= best)).sum(axis=1) < k).mean())

    return one_way(scores, relevant), one_way(scores.T, relevant.T)


MISTAKES = (
    Mistake(
        name="product-as-mask",
        message="scores * relevant makes 0 of what is not relevant, and 0 beats every score "
        "below it. Hide those with −∞: np.where(relevant, scores, -np.inf).",
        answer=_masked_by_product,
    ),
    Mistake(
        name="one-direction",
        message="Both numbers are of one direction. For the second the pictures ask and "
        "the texts are looked through: turn both tables with .T.",
        changes={"both": lambda there, _: (there, there)},
        variants=({"both": lambda _, back: (back, back)},),
    ),
    Mistake(
        name="ties-count-as-wins",
        message="A picture that is not relevant and scores the same must count before the "
        "relevant one; or a model that says nothing finds everything.",
        changes={"order": _in_favour},
        variants=({"order": _downwards}, {"order": _stable}, {"order": _turned_round}),
    ),
    Mistake(
        name="relevant-ties-against",
        message="You counted relevant items, too, that score as much as the best relevant "
        "one. Any of them will do: only what is *not* relevant stands before it.",
        answer=_before(own=True),
    ),
    Mistake(
        name="precision-instead",
        message="You returned the share of the k best that are relevant: precision. Recall "
        "here is the share of *queries* that find at least one.",
        changes={"hit": lambda first, _: first.mean(axis=1)},
    ),
    Mistake(
        name="share-of-relevant",
        message="You returned which share of the relevant items is found. In image search "
        "one is enough: a query counts as 1 or 0.",
        changes={"hit": lambda first, relevant: first.sum(axis=1) / relevant.sum(axis=1)},
        variants=(
            _share_of_relevant,
            {"hit": lambda first, relevant: first.sum() / relevant.sum()},
            {
                "hit": lambda first, relevant: (
                    first.sum(axis=1) / np.minimum(relevant.sum(axis=1), first.shape[1])
                )
            },
        ),
    ),
    Mistake(
        name="only-diagonal-relevant",
        message="You looked for item i of query i alone. relevant says what else is right.",
        changes={"relevance": lambda relevant: np.eye(*relevant.shape) > 0},
        variants=({"relevance": lambda relevant: relevant & (np.eye(*relevant.shape) > 0)},),
    ),
    Mistake(
        name="all-must-be-found",
        message="You counted a query only if *all* of its relevant items are among the k "
        "best. One is enough.",
        changes={"hit": lambda first, relevant: first.sum(axis=1) == relevant.sum(axis=1)},
    ),
    Mistake(
        name="all-best-relevant",
        message="You counted a query only if *all* of its k best items are relevant. One "
        "is enough.",
        changes={"hit": lambda first, _: first.all(axis=1)},
    ),
    Mistake(
        name="best-alone",
        message="You looked at the very best item alone. Look at the k best.",
        changes={"looked_at": lambda _: 1},
    ),
    Mistake(
        name="worst-first",
        message="You looked at the k lowest scores. The highest are the best.",
        changes={"sign": -1},
    ),
    Mistake(
        name="k-counted-from-0",
        message="You looked at one item too few or too many: k = 1 means the first alone.",
        changes={"looked_at": lambda k: k - 1},
        variants=({"looked_at": lambda k: k + 1}, _before(own=False)),
    ),
    Mistake(
        name="directions-exchanged",
        message="The two numbers are exchanged: first the rows ask, then the columns.",
        changes={"both": lambda there, back: (back, there)},
    ),
    Mistake(
        name="averaged",
        message="You took the mean of the two directions. Two numbers are asked for.",
        changes={"both": lambda there, back: (there + back) / 2},
    ),
)
