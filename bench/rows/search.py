"""Exact search: the ten nearest of many vectors, beside faiss's index that looks at all."""

from collections.abc import Iterator

import faiss
import numpy as np

from bench.made import unit_vectors, version
from bench.measure import Case
from mmcourse.retrieval import Index

TITLE = "Exact search, `Index.search_many`"
K, DIM = 10, 512
VECTORS, LARGE = 100_000, 1_000_000


def cases(*, large: bool) -> Iterator[Case]:
    """Yield one query and 64 at a time, among 100,000 vectors, or among a million, too."""
    for vectors in (VECTORS, *([LARGE] if large else [])):
        index = Index.from_features(unit_vectors(vectors))
        faiss.omp_set_num_threads(1)
        flat = faiss.IndexFlatIP(DIM)
        flat.add(index.features)
        yield from (case(index, flat, count) for count in (1, 64))


def case(index: Index, flat: faiss.IndexFlatIP, count: int) -> Case:
    """Return so many queries at a time; both find the same rows, but for near ties."""
    queries = unit_vectors(count, seed=1)
    found, expected = index.search_many(queries, K), flat.search(queries, K)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)
    assert (found[1] == expected[1]).mean() > 0.99
    calls = max(1, LARGE // len(index) // count)
    asked = "1 query" if count == 1 else f"{count} queries at a time"

    def read() -> None:
        for _ in range(calls):
            index.features @ queries.T

    return Case(
        name=f"{K} nearest of {len(index):,} vectors of {DIM} numbers, {asked}",
        unit="queries/s",
        count=calls * count,
        ours=lambda: [index.search_many(queries, K) for _ in range(calls)],
        peers={
            f"{version('faiss', 'faiss-cpu')}, `IndexFlatIP`": lambda: [
                flat.search(queries, K) for _ in range(calls)
            ]
        },
        limit=("the product of all vectors with the queries", read),
    )
