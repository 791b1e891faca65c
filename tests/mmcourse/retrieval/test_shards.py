"""Parts of an index that are searched together: the same as the whole."""

from itertools import pairwise

import numpy as np
import pytest

from mmcourse.retrieval import Index
from mmcourse.retrieval.approximate import FaissIndex
from mmcourse.retrieval.shards import Shards


@pytest.fixture(scope="module")
def whole():
    """Return an index of 211 vectors of which many are equal, and 5 queries."""
    rng = np.random.default_rng(8)
    some = rng.standard_normal((70, 7))[rng.integers(0, 70, 211)]
    return Index.from_features(some, [f"{row}.png" for row in range(211)]), some[:5] + 0.1


def parts_of(index, *cuts):
    ends = [0, *cuts, len(index)]
    return [
        Index.from_features(index.features[a:b], index.items[a:b]) for a, b in pairwise(ends)
    ]


@pytest.mark.parametrize("cuts", [(), (1,), (50, 130), (3, 3, 210)])
@pytest.mark.parametrize("k", [1, 7, 300])
def test_parts_find_what_the_whole_finds_ties_and_all(whole, cuts, k):
    index, queries = whole
    shards = Shards(parts_of(index, *cuts))
    assert len(shards) == 211
    expected, found = index.search_many(queries, k), shards.search_many(queries, k)
    np.testing.assert_array_equal(found[1], expected[1])
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)
    items = [hit.item for hit in index.search(queries[2], k)]
    assert [hit.item for hit in shards.search(queries[2], k)] == items


def test_parts_of_faiss_and_exact_ones_are_asked_together(whole):
    index, queries = whole
    one, other = parts_of(index, 90)
    shards = Shards([FaissIndex.build(one, "flat"), other])
    np.testing.assert_allclose(
        shards.search_many(queries)[0], index.search_many(queries)[0], atol=1e-6
    )


def test_what_a_part_did_not_find_comes_last(whole):
    index, queries = whole
    lists = FaissIndex.build(parts_of(index, 30)[0], "ivf", lists=15, probes=1)
    scores, rows = Shards([lists, lists]).search_many(queries, 12)
    assert (rows[:, -1] == -1).all()
    assert (np.diff((rows < 0).astype(int), axis=1) >= 0).all()
    assert (scores[rows < 0] == -1).all()
    assert len(Shards([lists]).search(queries[0], 12)) < 12


@pytest.mark.parametrize("dims", [(), (3, 4)])
def test_parts_must_fit_together(dims):
    parts = [Index.from_features(np.eye(dim)) for dim in dims]
    with pytest.raises(ValueError, match="must be indexes of vectors of one length"):
        Shards(parts)
