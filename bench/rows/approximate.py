"""Approximate search through faiss, beside the exact one: how much quicker, at which recall."""

from collections.abc import Iterator
from functools import partial
from typing import get_args

import numpy as np

from bench.made import unit_vectors
from bench.measure import Case
from mmcourse.retrieval import Index
from mmcourse.retrieval.approximate import FaissIndex, Kind

TITLE = "Approximate search among clustered vectors, `FaissIndex`"
NOTE = """All 200 questions are asked at once, which suits exact search best: it is one matrix
product. Asked one at a time, exact search reads all vectors for each; docs/scale.md has
that."""
K, DIM, QUERIES = 10, 512, 200
VECTORS, LARGE = 100_000, 1_000_000
SPREAD = 0.7
"""How far a vector lies from its cluster's centre."""


def cases(*, large: bool) -> Iterator[Case]:
    """Yield every kind of index, with the recall that it reaches in its name."""
    count = LARGE if large else VECTORS
    vectors = clustered(count + QUERIES)
    queries, exact = vectors[:QUERIES], Index.from_features(vectors[QUERIES:])
    _, nearest = exact.search_many(queries, K)
    for kind in get_args(Kind):
        if kind == "flat":
            continue
        quick = FaissIndex.build(exact, kind, threads=1)
        _, found = quick.search_many(queries, K)
        hits = [len(set(one) & set(other)) for one, other in zip(found, nearest, strict=True)]
        yield Case(
            name=f'"{kind}", {count:,} vectors, recall@{K} {np.mean(hits) / K:.3f}',
            unit="queries/s",
            count=QUERIES,
            ours=partial(quick.search_many, queries, K),
            peers={"`Index.search_many`, exact": partial(exact.search_many, queries, K)},
        )


def clustered(count: int) -> np.ndarray:
    """Return unit vectors around a thousand centres."""
    rng = np.random.default_rng(0)
    centres, moves = unit_vectors(1_000), unit_vectors(count, seed=2)
    vectors = centres[rng.integers(len(centres), size=count)] + SPREAD * moves
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
