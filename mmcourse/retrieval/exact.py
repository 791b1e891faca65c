"""The k nearest of a million vectors, exactly, without a matrix of all cosines.

A chunk of the vectors at a time, one product gives its cosines, a partition finds the few that
may be among the k best, and a sort puts these in their places. The product is in float32, which
is fast but rounds; so the few are computed again in float64, each for itself. Then equal rows
tie wherever they lie, and the lowest comes first.

Leaves out whatever does not look at every row (`approximate`).
"""

import numpy as np
from jaxtyping import Float, Int

ROWS = 1 << 16
"""Vectors in a chunk: so many that all but reading and multiplying them takes no time."""

SCORES = 1 << 22
"""Cosines that a product has at most; 16 MB."""


def nearest_rows(
    queries: Float[np.ndarray, "queries dim"], features: Float[np.ndarray, "n dim"], k: int
) -> tuple[Float[np.ndarray, "queries found"], Int[np.ndarray, "queries found"]]:
    """Return the k highest cosines of each query, highest first, and their rows; at most all.

    Args:
        queries: float32, of length 1.
        features: likewise.
        k: at least 1.

    >>> features = np.array([[0, 1], [0.6, 0.8], [1, 0], [0.6, 0.8]], np.float32)
    >>> nearest_rows(features[:1], features, k=3)
    (array([[1. , 0.8, 0.8]], dtype=float32), array([[0, 1, 3]]))
    """
    k = min(k, len(features))
    scores = np.full((len(queries), k), -np.inf)  # the k best so far, the k-th of them last
    rows = np.zeros((len(queries), k), np.int64)
    height = max(ROWS, k)  # else each of many chunks would be sorted with k others
    many = max(1, SCORES // height)
    for start in range(0, len(features), height):
        chunk = features[start : start + height]
        for first in range(0, len(queries), many):
            product = queries[first : first + many] @ chunk.T  # (many, dim) -> (many, height)
            for i, cosines in enumerate(product, first):
                near = _near_the_best(cosines, scores[i, -1], k, dim=chunk.shape[1])
                again = (chunk[near] * queries[i].astype(np.float64)).sum(1)
                together = np.append(scores[i], again)
                order = np.argsort(-together, kind="stable")[:k]  # of equal ones the lowest row
                scores[i] = together[order]
                rows[i] = np.append(rows[i], near + start)[order]
    return scores.clip(-1, 1).astype(np.float32), rows


def best_of_rows(
    queries: Float[np.ndarray, "queries dim"],
    features: Float[np.ndarray, "n dim"],
    rows: Int[np.ndarray, "queries candidates"],
    k: int,
) -> tuple[Float[np.ndarray, "queries found"], Int[np.ndarray, "queries found"]]:
    """Return the same of some rows for each query; a row of -1 is none, and scores -1.

    >>> features = np.array([[0, 1], [0.6, 0.8], [1, 0]], np.float32)
    >>> best_of_rows(features[:1], features, np.array([[2, 1, -1]]), k=2)
    (array([[0.8, 0. ]], dtype=float32), array([[1, 2]]))
    """
    rows = np.sort(rows, axis=1)  # so that of equal ones the lowest comes first
    scores = np.empty(rows.shape)
    for query, mine, said in zip(queries, rows, scores, strict=True):
        said[:] = (features[mine] * query.astype(np.float64)).sum(1).clip(-1, 1)
        said[mine < 0] = -1
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    scores, rows = (np.take_along_axis(each, order, 1) for each in (scores, rows))
    return scores.astype(np.float32), rows


def _near_the_best(cosines: np.ndarray, floor: float, k: int, *, dim: int) -> np.ndarray:
    """Return the places of cosines that may be among the k best, if these are above `floor`.

    That is, all that are no further below than rounding can have moved them: a sum of `dim`
    products in float32 is off by at most dim · 2⁻²⁴, and two sums are compared.
    """
    margin = dim * 2.0**-23 + 1e-6  # a little more, as lengths are 1 only up to rounding, too
    if np.isinf(floor) and len(cosines) > k:  # of the first chunk, else all would be candidates
        floor = np.partition(cosines, -k)[-k]
    near = np.flatnonzero(cosines >= float(floor - margin))
    if len(near) > k:
        kth = np.partition(cosines[near], -k)[-k]
        near = near[cosines[near] >= kth - margin]
    return near
