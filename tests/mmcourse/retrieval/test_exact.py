"""The search in chunks: as the obvious one in float64, however the rows are cut into chunks."""

import tracemalloc
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.retrieval import exact
from mmcourse.retrieval.exact import nearest_rows


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def obviously_nearest(queries, features, k):
    """Compute every cosine in float64, each for itself, and sort them all."""
    cosines = (queries.astype(np.float64)[:, None] * features).sum(-1)
    rows = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(cosines, rows, 1).clip(-1, 1).astype(np.float32), rows


def assert_obvious(queries, features, k):
    found, expected = (
        nearest_rows(queries, features, k),
        obviously_nearest(queries, features, k),
    )
    np.testing.assert_array_equal(found[1], expected[1])
    np.testing.assert_array_equal(found[0], expected[0])


@given(
    n=st.integers(0, 70),
    count=st.integers(0, 5),
    k=st.integers(1, 75),
    rows=st.integers(1, 80),
    scores=st.integers(1, 300),
    directions=st.integers(1, 9),
    seed=st.integers(0, 999),
)
def test_all_sizes_of_chunks_find_what_the_obvious_search_finds(
    n, count, k, rows, scores, directions, seed
):
    rng = np.random.default_rng(seed)
    some = unit(rng.standard_normal((directions, 7)))  # few, so that many rows tie
    queries = unit(rng.standard_normal((count, 7)))
    with mock.patch.multiple(exact, ROWS=rows, SCORES=scores):
        assert_obvious(queries, some[rng.integers(directions, size=n)], k)


@pytest.mark.parametrize("k", [1, 6, 7, 60, 100, 101])
def test_the_last_chunk_may_be_narrower_than_k(rng, monkeypatch, k):
    monkeypatch.setattr(exact, "ROWS", 7)
    features = unit(rng.standard_normal((101, 5)))
    assert_obvious(features[:3], features, k)


@pytest.mark.parametrize("order", [1, -1])
def test_rows_that_come_ever_nearer_or_farther_are_all_looked_at(rng, monkeypatch, order):
    monkeypatch.setattr(exact, "ROWS", 13)
    queries, features = (unit(rng.standard_normal((rows, 5))) for rows in (1, 203))
    rising = features[np.argsort(features @ queries[0])]
    assert_obvious(queries, rising[::order], 4)


def test_rows_nearer_than_float32_can_tell_are_told_apart_across_chunks(rng, monkeypatch):
    monkeypatch.setattr(exact, "ROWS", 64)
    query = rng.standard_normal((1, 512))
    features = unit(query + 1e-5 * rng.standard_normal((640, 512)))
    assert_obvious(unit(query), features, 9)


def test_rows_that_tie_by_the_thousand_take_the_memory_of_a_chunk(monkeypatch):
    monkeypatch.setattr(exact, "ROWS", 1000)
    monkeypatch.setattr(exact, "SCORES", 10_000)
    queries, features = (unit(np.ones((rows, 3))) for rows in (301, 17_000))
    nearest_rows(queries, features[:1000], 4)  # what the first call alone takes
    tracemalloc.start()
    try:
        _, rows = nearest_rows(queries, features, 4)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows.tolist() == [[0, 1, 2, 3]] * 301
    assert most < 500_000  # bytes; a chunk's cosines with all queries would take 1,204,000


def test_lengths_that_rounding_made_too_long_give_no_score_beyond_one():
    long = np.array([[1 + 2**-23]], np.float32)
    assert nearest_rows(long, np.concatenate([long, -long]), 2)[0].tolist() == [[1, -1]]
