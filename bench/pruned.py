"""The exact search that `mmcourse.retrieval.exact` had before it became one loop.

It looks at all queries of a chunk at once, remembers what may be among their k best, and prunes
that when it has doubled. It gives the same rows and scores to the last bit; it stays here only
as long as somebody wants to see that it is no faster.
"""

from typing import final

import numpy as np
from jaxtyping import Float, Int

QUERIES = 256
"""That are looked for at a time."""

SCORES = 1 << 22
"""That a product has at most; 16 MB."""

ROWS = 1 << 16
"""Of the vectors that are multiplied at a time, at most."""

MOST = 4 * SCORES
"""Rows that are remembered for all queries together; 300 MB."""

PIECE = 1 << 13
"""Of the rows that are computed again at a time."""

FEW = 2
"""Queries for which reading the vectors, not multiplying them, takes the time."""


def nearest_rows(
    queries: Float[np.ndarray, "queries dim"], features: Float[np.ndarray, "n dim"], k: int
) -> tuple[Float[np.ndarray, "queries found"], Int[np.ndarray, "queries found"]]:
    """Return the k highest cosines of each query, highest first, and their rows; at most all.

    Args:
        queries: float32, of length 1.
        features: likewise.
        k: at least 1.
    """
    k = min(k, len(features))
    scores = np.empty((len(queries), k), np.float32)
    rows = np.empty((len(queries), k), np.int64)
    height = max(1, min(QUERIES, SCORES // max(k, 1)))
    for start in range(0, len(queries) if k else 0, height):
        some = queries[start : start + height]
        for place, candidates in enumerate(_candidates(some, features, k), start):
            scores[place], rows[place] = _best(queries[place], features, candidates, k)
    return scores, rows


def _candidates(queries: np.ndarray, features: np.ndarray, k: int) -> list[np.ndarray]:
    """Return the rows that may be among each query's k best: k, or a few more."""
    height = max(1, min(ROWS, SCORES // len(queries)))
    best = _Best(len(queries), k, margin=features.shape[1] * 2.0**-23 + 1e-6)
    for start in range(0, len(features), height):
        rows = features[start : start + height]
        best.offer(_product(queries, rows), start)
        if len(best) > MOST and len(queries) > 1:  # of many rows that are all but equal
            half = len(queries) // 2
            parts = (queries[:half], queries[half:])
            return [found for part in parts for found in _candidates(part, features, k)]
    return best.rows()


def _product(queries: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return all cosines of some rows, about as rounding leaves them."""
    if len(queries) > FEW:
        return queries @ rows.T
    # BLAS takes twice as long for one query
    return np.stack([np.einsum("nd,d->n", rows, query) for query in queries])


@final
class _Best:
    """For each query the rows whose scores are at most `margin` below its k-th best so far."""

    def __init__(self, queries: int, k: int, *, margin: float) -> None:
        self._k, self._margin = k, margin
        self._floor: np.ndarray = np.full(queries, -np.inf, np.float32)
        self._query = np.empty(0, np.int64)
        self._row = np.empty(0, np.int64)
        self._score = np.empty(0, np.float32)
        self._most = 0

    def __len__(self) -> int:
        return len(self._row)

    def offer(self, scores: np.ndarray, first: int) -> None:
        """Take in the scores of the rows that begin at `first`."""
        if self._k <= scores.shape[1] and np.isneginf(self._floor).any():
            cut = scores.shape[1] - self._k
            self._floor = np.partition(scores, cut, axis=1)[:, cut] - self._margin
        query, row = np.nonzero(scores >= self._floor[:, None])
        self._query = np.concatenate([self._query, query])
        self._row = np.concatenate([self._row, row + first])
        self._score = np.concatenate([self._score, scores[query, row]])
        if len(self._row) > self._most:
            self._prune()

    def rows(self) -> list[np.ndarray]:
        """Return the rows that are left, rising, for each query."""
        self._prune()
        order = np.lexsort((self._row, self._query))
        ends = np.searchsorted(self._query[order], np.arange(1, len(self._floor)))
        return np.split(self._row[order], ends)

    def _prune(self) -> None:
        """Raise each floor to just below the query's k-th best, and drop what lies lower."""
        order = np.lexsort((-self._score, self._query))
        first = np.searchsorted(self._query[order], np.arange(len(self._floor)))
        last = np.append(first[1:], len(order))
        full = last - first >= self._k
        kth = self._score[order[first[full] + self._k - 1]]
        self._floor[full] = np.maximum(self._floor[full], kth - self._margin)
        kept = self._score >= self._floor[self._query]
        self._query, self._row = self._query[kept], self._row[kept]
        self._score = self._score[kept]
        self._most = 2 * len(self._row)


def _best(
    query: np.ndarray, features: np.ndarray, rows: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k best of some rising rows, by cosines that do not depend on each other."""
    wide = query.astype(np.float64)
    exact = np.empty(len(rows))
    for start in range(0, len(rows), PIECE):
        some = slice(start, start + PIECE)
        exact[some] = (features[rows[some]] * wide).sum(1)
    order = np.argsort(-exact, kind="stable")[:k]
    return exact[order].clip(-1, 1), rows[order]
