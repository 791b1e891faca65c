"""Ranked lists: how often what was looked for is among the first few.

Leaves out how the ranking is made (`similarity.nearest`).
"""

from collections.abc import Iterable
from math import comb

import numpy as np
from jaxtyping import Bool, Num
from torch import Tensor

from mmcourse.arguments import whole
from mmcourse.metrics.numbers import float64


def recall_at_k(
    similarities: Num[np.ndarray | Tensor, "queries items"],
    relevant: Bool[np.ndarray | Tensor, "queries items"] | None = None,
    ks: Iterable[int] = (1, 5, 10),
    *,
    fair_ties: bool = False,
) -> dict[int, float]:
    """Return the share of queries with a relevant item among their k best, for each k.

    Also called hit rate: with several relevant items one is enough, as for the five captions of
    a picture in image-text retrieval (arXiv 1412.2306, section 4.2). For the other direction
    pass both matrices transposed.

    Ties count against you: an irrelevant item that scores as high as the best relevant one
    ranks before it, so that a model that says the same of everything scores 0.

    Args:
        similarities: a score for each query (row) and item (column); infinity is allowed.
        relevant: which items a query looks for; None means item i for query i.
        ks: how many of the best items to look at, each from 1 to the number of items.
        fair_ties: count what breaking ties at random gives on average. It is the right count
            for a ceiling, which no way of breaking ties can beat.

    Raises:
        TypeError: scores that are no numbers, a mask that is not of True and False, or a k that
            is no whole number.
        ValueError: no query; NaN; shapes that do not match; a k out of range; a query without a
            relevant item.

    Query 0's own item is second, query 1's is first:

    >>> recall_at_k(np.array([[0.1, 0.9], [0.2, 0.3]]), ks=(1, 2))
    {1: 0.5, 2: 1.0}
    """
    scores = float64("recall_at_k", "similarities", similarities, axes=2, infinite=True)
    wanted = _relevant(scores, relevant)
    ks = [whole("recall_at_k", "k", k, least=1, most=scores.shape[1]) for k in ks]
    best = np.where(wanted, scores, -np.inf).max(axis=1, keepdims=True)
    above = (~wanted & (scores > best)).sum(axis=1)
    rivals = (~wanted & (scores == best)).sum(axis=1)
    if not fair_ties:
        return {k: float((above + rivals < k).mean()) for k in ks}
    friends = (wanted & (scores == best)).sum(axis=1)
    tied = np.stack([above, rivals, friends], axis=1).tolist()
    return {k: float(np.mean([_chance(k, *counts) for counts in tied])) for k in ks}


def _chance(k: int, above: int, rivals: int, friends: int) -> float:
    """Return how likely one of the tied friends gets one of the places left below `above`."""
    places = min(k - above, rivals + friends)
    if places <= 0:
        return 0.0
    return 1 - comb(rivals, places) / comb(rivals + friends, places)


def _relevant(scores: np.ndarray, relevant: object) -> np.ndarray:
    if len(scores) == 0:
        raise ValueError("recall_at_k: there must be at least one query; got none.")
    if relevant is None:
        if len(scores) > scores.shape[1]:
            raise ValueError(
                "recall_at_k: without `relevant`, query i looks for item i; got "
                f"{len(scores)} queries and {scores.shape[1]} items; pass `relevant`."
            )
        return np.eye(*scores.shape, dtype=bool)
    mask = relevant.cpu().numpy() if isinstance(relevant, Tensor) else np.asarray(relevant)
    if mask.dtype != bool:
        raise TypeError(f"recall_at_k: relevant must be True or False; got {mask.dtype}.")
    if mask.shape != scores.shape:
        raise ValueError(
            f"recall_at_k: relevant must have the shape {scores.shape} of similarities; got "
            f"{mask.shape}."
        )
    if not mask.any(axis=1).all():
        raise ValueError(
            "recall_at_k: each query must have a relevant item; query "
            f"{int(mask.any(axis=1).argmin())} has none; leave it out."
        )
    return mask
