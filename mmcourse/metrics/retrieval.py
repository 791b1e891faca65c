"""Ranked lists: how far up what was looked for stands.

A query's rank is that of its best relevant item, from 1. For the other direction, from items
to queries, pass both matrices transposed. Ties count against you: an irrelevant item that
scores as high as the best relevant one ranks before it, so that a model that says the same of
everything comes last. Leaves out how the ranking is made (`similarity.nearest`).
"""

from collections.abc import Iterable, Sequence
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
    standing = _standing("recall_at_k", similarities, relevant)
    ks = [whole("recall_at_k", "k", k, least=1, most=standing.items) for k in ks]
    if not fair_ties:
        ranks = standing.ranks()
        return {k: float((ranks <= k).mean()) for k in ks}
    tied = np.stack([standing.above, standing.rivals, standing.friends], axis=1).tolist()
    return {k: float(np.mean([_chance(k, *counts) for counts in tied])) for k in ks}


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
    return float(np.median(_standing("median_rank", similarities, relevant).ranks()))


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
    ranks = _standing("mean_reciprocal_rank", similarities, relevant).ranks()
    return float((1 / ranks).mean())


class _Standing(NamedTuple):
    """How each query's best relevant item stands among all items.

    Args:
        above: irrelevant items that score higher.
        rivals: irrelevant items that score the same.
        friends: relevant items that score the same, itself among them.
        items: how many there are.
    """

    above: np.ndarray
    rivals: np.ndarray
    friends: np.ndarray
    items: int

    def ranks(self) -> np.ndarray:
        """Return its rank, from 1, where ties count against it."""
        return self.above + self.rivals + 1


def _standing(operation: str, similarities: object, relevant: object) -> _Standing:
    scores = real(operation, "similarities", similarities, axes=2, infinite=True)
    mask = _relevant(operation, scores, relevant)
    height = max(1, NUMBERS // scores.shape[1])  # rows that stay in the processor's cache
    parts = [_counts(scores, mask, start, height) for start in range(0, len(scores), height)]
    above, rivals, friends = np.concatenate(parts, axis=1)
    return _Standing(above, rivals, friends, scores.shape[1])


def _counts(
    scores: np.ndarray, mask: np.ndarray | None, start: int, height: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return `above`, `rivals` and `friends` of some rows."""
    rows = scores[start : start + height]
    if mask is None:
        best, friends = rows.diagonal(start)[:, None], np.ones(len(rows), int)
    else:
        wanted = mask[start : start + height]
        best = rows.max(axis=1, where=wanted, initial=-np.inf, keepdims=True)
        friends = np.count_nonzero(wanted & (rows == best), axis=1)
    above = np.count_nonzero(rows > best, axis=1)  # none of them is relevant
    return above, np.count_nonzero(rows == best, axis=1) - friends, friends


def _chance(k: int, above: int, rivals: int, friends: int) -> float:
    """Return how likely one of the tied friends gets one of the places left below `above`."""
    places = min(k - above, rivals + friends)
    if places <= 0:
        return 0.0
    return 1 - comb(rivals, places) / comb(rivals + friends, places)


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
