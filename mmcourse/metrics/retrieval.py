"""Ranked lists: how far up what was looked for stands.

A query's rank is that of its best relevant item, from 1. For the other direction, from items
to queries, pass both matrices transposed. Ties count against you: an irrelevant item that
scores as high as the best relevant one ranks before it, so that a model that says the same of
everything comes last. Leaves out how the ranking is made (`similarity.nearest`).
"""

from collections.abc import Iterable, Iterator, Sequence
from math import comb
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Num
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.metrics.numbers import real

NUMBERS = 1 << 18
"""Scores that are counted at a time."""


@checked
def recall_at_k(
    similarities: Num[np.ndarray | Tensor, "queries items"] | Sequence[Any],
    relevant: Bool[np.ndarray | Tensor, "queries items"] | Sequence[Any] | None = None,
    ks: Iterable[int] = (1, 5, 10),
    *,
    fair_ties: bool = False,
) -> dict[int, float]:
    """Return the share of queries with a relevant item among their k best, for each k.

    Also called hit rate: with several relevant items one is enough, as for the five captions of
    a picture in image-text retrieval (arXiv 1412.2306, section 4.2).

    Args:
        similarities: a score for each query (row) and item (column); infinity is allowed.
        relevant: which items a query looks for; None means item i for query i.
        ks: how many of the best items to look at, each from 1 to the number of items.
        fair_ties: count what breaking ties at random gives on average. It is the right count
            for a ceiling, which no way of breaking ties can beat.

    Raises:
        ValueError: no query; NaN; shapes that do not match; a k out of range; a query without a
            relevant item.

    Query 0's own item is second, query 1's is first:

    >>> recall_at_k(np.array([[0.1, 0.9], [0.2, 0.3]]), ks=(1, 2))
    {1: 0.5, 2: 1.0}
    """
    scores, mask = _asked("recall_at_k", similarities, relevant)
    ks = [whole("recall_at_k", "k", k, least=1, most=scores.shape[1]) for k in ks]
    if not fair_ties:
        ranks = _ranks(scores, mask)
        return {k: float((ranks <= k).mean()) for k in ks}
    tied = [_tied(block) for block in _blocks(scores, mask)]
    counts = np.concatenate(tied, axis=1).T.tolist()
    return {k: float(np.mean([_chance(k, *each) for each in counts])) for k in ks}


@checked
def median_rank(
    similarities: Num[np.ndarray | Tensor, "queries items"] | Sequence[Any],
    relevant: Bool[np.ndarray | Tensor, "queries items"] | Sequence[Any] | None = None,
) -> float:
    """Return the median over all queries of the rank of their best relevant item, from 1.

    Of an even number of queries the mean of the two in the middle. Half of the queries find
    something at this rank or before it.

    Args:
        similarities: as for `recall_at_k`.
        relevant: as for `recall_at_k`.

    Raises:
        ValueError: no query; NaN; shapes that do not match; a query without a relevant item.

    Ranks 2 and 1:

    >>> median_rank(np.array([[0.1, 0.9], [0.2, 0.3]]))
    1.5
    """
    return float(np.median(_ranks(*_asked("median_rank", similarities, relevant))))


@checked
def mean_reciprocal_rank(
    similarities: Num[np.ndarray | Tensor, "queries items"] | Sequence[Any],
    relevant: Bool[np.ndarray | Tensor, "queries items"] | Sequence[Any] | None = None,
) -> float:
    """Return the mean of 1 / rank of each query's best relevant item, above 0, at most 1.

    Source: Voorhees, *The TREC-8 question answering track report*, 1999. A second place is
    worth half a first, and the difference between ranks 50 and 100 next to nothing.

    Args:
        similarities: as for `recall_at_k`.
        relevant: as for `recall_at_k`.

    Raises:
        ValueError: no query; NaN; shapes that do not match; a query without a relevant item.

    Ranks 2 and 1:

    >>> mean_reciprocal_rank(np.array([[0.1, 0.9], [0.2, 0.3]]))
    0.75
    """
    ranks = _ranks(*_asked("mean_reciprocal_rank", similarities, relevant))
    return float((1 / ranks).mean())


class _Block(NamedTuple):
    """Some queries.

    Args:
        rows: the score of every item.
        best: that of the best relevant one.
        friends: relevant items that score so, itself among them.
    """

    rows: np.ndarray
    best: np.ndarray
    friends: np.ndarray


def _blocks(scores: np.ndarray, mask: np.ndarray | None) -> Iterator[_Block]:
    """Yield all queries, as many at a time as stay in the processor's cache."""
    height = max(1, NUMBERS // scores.shape[1])
    for start in range(0, len(scores), height):
        rows = scores[start : start + height]
        if mask is None:
            best, friends = rows.diagonal(start)[:, None], np.ones(len(rows), int)
        else:
            wanted = mask[start : start + height]
            best = rows.max(axis=1, where=wanted, initial=-np.inf, keepdims=True)
            friends = np.count_nonzero(wanted & (rows == best), axis=1)
        yield _Block(rows, best, friends)


def _ranks(scores: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Return each query's rank, from 1, where ties count against it."""
    ranks = [
        np.count_nonzero(rows >= best, axis=1) - friends + 1
        for rows, best, friends in _blocks(scores, mask)
    ]
    return np.concatenate(ranks)


def _tied(block: _Block) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how many irrelevant items score more than `best`, and as much; and its friends."""
    rows, best, friends = block
    above = np.count_nonzero(rows > best, axis=1)  # none of them is relevant
    return above, np.count_nonzero(rows == best, axis=1) - friends, friends


def _chance(k: int, above: int, rivals: int, friends: int) -> float:
    """Return how likely one of the tied friends gets one of the places left below `above`."""
    places = min(k - above, rivals + friends)
    if places <= 0:
        return 0.0
    return 1 - comb(rivals, places) / comb(rivals + friends, places)


def _asked(
    operation: str, similarities: object, relevant: object
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the scores, and which items each query looks for, once they can be ranked."""
    scores = real(operation, "similarities", similarities, axes=2, infinite=True)
    return scores, _relevant(operation, scores, relevant)


def _relevant(operation: str, scores: np.ndarray, relevant: object) -> np.ndarray | None:
    """Return which items a query looks for; None if item i is what query i looks for."""
    if len(scores) == 0:
        raise ValueError(f"{operation}: there must be at least one query; got none.")
    if relevant is None:
        if len(scores) > scores.shape[1]:
            raise ValueError(
                f"{operation}: without `relevant`, query i looks for item i; got "
                f"{len(scores)} queries and {scores.shape[1]} items; pass `relevant`."
            )
        return None
    mask = relevant.cpu().numpy() if isinstance(relevant, Tensor) else np.asarray(relevant)
    if mask.dtype != bool:
        raise TypeError(f"{operation}: relevant must be True or False; got {mask.dtype}.")
    if mask.shape != scores.shape:
        raise ValueError(
            f"{operation}: relevant must have the shape {scores.shape} of similarities; got "
            f"{mask.shape}."
        )
    if not mask.any(axis=1).all():
        raise ValueError(
            f"{operation}: each query must have a relevant item; query "
            f"{int(mask.any(axis=1).argmin())} has none; leave it out."
        )
    return mask
