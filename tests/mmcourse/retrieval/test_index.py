"""Search in an index: the order, ties, every kind of query, and what it refuses."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from sklearn.metrics.pairwise import cosine_similarity

from mmcourse import clip
from mmcourse.retrieval import Hit, Index, exact
from mmcourse.similarity import nearest
from mmcourse.world import render, sample_scene

BY_HAND = np.array([[3.0, 4.0], [0.0, 2.0], [-1.0, 0.0], [0.6, 0.8]])
"""Directions (.6, .8), (0, 1), (-1, 0), and the first once more."""


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(3)
    return np.stack([render(sample_scene(rng), size=64) for _ in range(7)])


@pytest.fixture(scope="module")
def index(tiny, pictures):
    return Index.build(*tiny, pictures, progress=False, batch=3)


def test_order_scores_and_ties_by_hand():
    index = Index.from_features(BY_HAND, ["a", "b", "c", "d"])
    hits = index.search(np.array([0.0, 5.0]), k=4)
    assert [hit.item for hit in hits] == ["b", "a", "d", "c"]
    np.testing.assert_allclose([hit.score for hit in hits], [1, 0.8, 0.8, 0], atol=1e-7)


def test_k_beyond_the_items_returns_all_of_them():
    assert len(Index.from_features(BY_HAND).search(np.array([1.0, 0.0]), k=99)) == 4


def test_one_item_is_a_list_of_one():
    assert Index.from_features(BY_HAND[:1]).search(np.array([1.5, 2.0])) == [Hit(0, 1.0)]


def test_empty_index_finds_nothing(tiny):
    index = Index.build(*tiny, [], progress=False)
    assert (len(index), index.features.shape) == (0, (0, 128))
    assert index.search("a red cat") == []
    scores, rows = index.search_many(np.ones((3, 128)), 5)
    assert scores.shape == rows.shape == (3, 0)


def test_no_query_gives_no_rows():
    scores, rows = Index.from_features(BY_HAND).search_many(np.empty((0, 2)), 3)
    assert scores.shape == rows.shape == (0, 3)


coordinates = st.integers(-3, 3).map(float)


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 40), st.just(3)), elements=coordinates),
    arrays.arrays(np.float64, (2, 3), elements=coordinates),
    st.integers(1, 45),
)
def test_order_is_that_of_the_obvious_search(features, queries, k):
    features[:, 2] += 7  # none is zero
    queries[:, 1] += 7
    scores, rows = Index.from_features(features).search_many(queries, k)
    unit = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (queries, features))
    q, x = (each.astype(np.float32).astype(np.float64) for each in unit)
    # summed row by row, as a matrix product may round equal rows differently
    exact_scores = (q[:, None] * x).sum(-1)
    expected = np.argsort(-exact_scores, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(
        scores, np.take_along_axis(exact_scores, expected, 1).clip(-1, 1), atol=6e-8
    )


@pytest.mark.parametrize("count", [1, 2, 3, 300])
def test_many_rows_and_queries_as_scikit_learn_and_similarity_say(rng, monkeypatch, count):
    monkeypatch.setattr(exact, "ROWS", 1 << 8)  # many chunks
    monkeypatch.setattr(exact, "SCORES", 1 << 13)
    features = rng.standard_normal((5003, 17)).astype(np.float32)
    queries = rng.standard_normal((count, 17)).astype(np.float32)
    scores, rows = Index.from_features(features).search_many(queries, 11)
    cosines = cosine_similarity(queries.astype(np.float64), features.astype(np.float64))
    np.testing.assert_array_equal(rows, nearest(queries.astype(float), features, 11)[1])
    best = np.sort(cosines, axis=1)[:, : -11 - 1 : -1]
    np.testing.assert_allclose(scores, best, atol=2e-7)


def test_all_rows_of_many_chunks_can_be_asked_for(rng, monkeypatch):
    monkeypatch.setattr(exact, "ROWS", 7)
    features = rng.standard_normal((101, 5))
    scores, rows = Index.from_features(features).search_many(features[:3], 1000)
    assert [sorted(each) for each in rows.tolist()] == [list(range(101))] * 3
    assert bool((np.diff(scores, axis=1) <= 0).all())


def test_nearly_equal_rows_come_in_the_order_of_float64(rng, monkeypatch):
    """Rows that differ by less than a product in float32 rounds, in several chunks."""
    monkeypatch.setattr(exact, "ROWS", 64)
    query = rng.standard_normal(512)
    features = query + 1e-5 * rng.standard_normal((640, 512))
    index = Index.from_features(features)
    _, rows = index.search_many(query[None], 9)
    unit = (query / np.linalg.norm(query)).astype(np.float32).astype(np.float64)
    wide = (index.features.astype(np.float64) * unit).sum(1)
    np.testing.assert_array_equal(rows[0], np.argsort(-wide, kind="stable")[:9])


def test_equal_rows_tie_wherever_they_lie(rng, monkeypatch):
    monkeypatch.setattr(exact, "ROWS", 13)
    index = Index.from_features(np.tile(rng.standard_normal(67), (101, 1)))
    assert [hit.item for hit in index.search(rng.standard_normal(67), 20)] == list(range(20))


def test_scores_never_leave_minus_one_to_one(rng):
    features = rng.standard_normal((200, 33))
    scores, _ = Index.from_features(np.concatenate([features, -features])).search_many(
        features, 400
    )
    assert scores.max() <= 1
    assert scores.min() >= -1


@pytest.mark.parametrize("of", [np.asarray, torch.as_tensor])
def test_vectors_whose_squares_leave_float64_keep_their_direction(of):
    vectors = of(np.array([[3e300, 4e300], [1.0, 0.0]]))
    scores, _ = Index.from_features(vectors).search_many(vectors, k=2)
    np.testing.assert_allclose(scores, [[1.0, 0.6], [1.0, 0.6]], rtol=1e-6)


def test_tensors_are_as_good_as_arrays(rng):
    features, query = rng.standard_normal((7, 5)), rng.standard_normal(5)
    hits = Index.from_features(torch.tensor(features)).search(torch.tensor(query))
    assert [hit.item for hit in hits] == [
        hit.item for hit in Index.from_features(features).search(query)
    ]


def test_every_kind_of_query_finds_the_picture_itself(index, pictures, tmp_path):
    Image.fromarray(pictures[4]).save(tmp_path / "query.png")
    queries = [
        pictures[4],
        Image.fromarray(pictures[4]),
        tmp_path / "query.png",
        index.features[4],
        torch.tensor(index.features[4]),
        index.compose(like=4),
        index.compose(image=pictures[4]),
    ]
    for query in queries:
        assert index.search(query, 1)[0].item == 4, type(query)
        assert index.search(query, 1)[0].score == pytest.approx(1, abs=1e-5)


def test_text_is_scored_as_clip_scores_it(tiny, index, pictures):
    model, preprocess = tiny
    images = torch.stack([preprocess(Image.fromarray(each)) for each in pictures])
    with torch.no_grad():
        logits, _ = model(images, clip.tokenize(["a red cat"]))
    cosines = (logits / model.logit_scale.exp())[:, 0]
    hits = index.search("a red cat", 7)
    assert [hit.item for hit in hits] == cosines.argsort(descending=True).tolist()
    np.testing.assert_allclose(
        [hit.score for hit in hits], cosines.sort(descending=True)[0].detach(), atol=1e-5
    )


def test_parts_of_a_sum_have_length_one_and_so_has_the_sum(index):
    picture = index.features[2].astype(float)
    cat, dog = (index.compose(plus=text).astype(float) for text in ("a red cat", "a blue dog"))
    expected = picture + cat - dog
    made = index.compose(like=2, plus=["a red cat"], minus=["a blue dog"])
    np.testing.assert_allclose(made, expected / np.linalg.norm(expected), atol=1e-6)
    assert np.linalg.norm(made) == pytest.approx(1, abs=1e-6)


REFUSED = [
    ({"query": "  "}, ValueError, "must have words in it; got '  '"),
    ({"query": "cat " * 80}, ValueError, "77"),
    ({"query": np.ones(3)}, ValueError, r"shape \(n, 128\); got \(1, 3\)"),
    ({"query": np.zeros(128)}, ValueError, "row 0 is not"),
    ({"query": np.full(128, np.nan)}, ValueError, "must be finite"),
    ({"query": np.ones((2, 128))}, TypeError, "many vectors go to search_many"),
    ({"query": 7}, TypeError, "query must be a text.*got int"),
    ({"query": "a cat", "k": 0}, ValueError, "k must be a whole number of at least 1"),
    ({"query": "a cat", "k": 2.5}, TypeError, "k must be a whole number; got 2.5"),
]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(("asked", "kind", "message"), REFUSED)
def test_what_cannot_be_looked_for_is_refused_in_words(index, asked, kind, message):
    with pytest.raises(kind, match=message):
        index.search(**asked)


@pytest.mark.usefixtures("unchecked")
def test_many_queries_must_be_vectors(index):
    with pytest.raises(TypeError, match="queries must be a numpy array or tensor"):
        index.search_many(["a cat"], 1)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "there must be a picture or a text; got none"),
        ({"like": 99}, "like must be an item; got 99"),
        ({"plus": "a cat", "minus": "a cat"}, "must not cancel each other"),
    ],
)
def test_sums_without_a_direction_are_refused(index, parts, message):
    with pytest.raises(ValueError, match=message):
        index.compose(**parts)


def test_without_a_model_only_vectors_can_be_looked_for():
    with pytest.raises(ValueError, match="a model must encode a str; this index has none"):
        Index.from_features(BY_HAND).search("a cat")


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("features", "items", "kind", "message"),
    [
        (np.zeros((2, 3)), None, ValueError, "row 0 is not"),
        (np.array([[1.0, 0.0], [np.inf, 0.0]]), None, ValueError, "row 1 is not"),
        (np.ones(3), None, ValueError, r"shape \(n, dim\); got \(3,\)"),
        ([[1.0]], None, TypeError, "features must be a numpy array or tensor of real"),
        (np.ones((2, 3)), ["a"], ValueError, "one item for each of 2 rows; got 1"),
        (np.ones((1, 3)), [None], TypeError, "items must be texts or whole numbers"),
    ],
)
def test_features_that_make_no_index_are_refused(features, items, kind, message):
    with pytest.raises(kind, match=message):
        Index.from_features(features, items)
