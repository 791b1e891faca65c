"""Ranked lists: by hand, by sorting, beside torchmetrics, and with ties."""

from itertools import permutations

import numpy as np
import pytest
import torch
from peers import import_peer

from mmcourse.metrics import mean_reciprocal_rank, median_rank, recall_at_k, retrieval

ALL = [recall_at_k, median_rank, mean_reciprocal_rank]


def standing_in_the_obvious_way(scores, relevant):
    """Return how many irrelevant items are above, and how many of both kinds are beside."""
    found = []
    for row, wanted in zip(scores, relevant, strict=True):
        best = row[wanted].max()
        others, same = row[~wanted], row[wanted]
        found.append([(others > best).sum(), (others == best).sum(), (same == best).sum()])
    return np.array(found).T


@pytest.mark.parametrize("numbers", [1, 22, 100, 1000])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, int])
@pytest.mark.parametrize("given", [False, True])
def test_standing_equals_the_obvious_way(rng, monkeypatch, numbers, dtype, given):
    monkeypatch.setattr(retrieval, "NUMBERS", numbers)
    scores = rng.integers(-3, 4, (9, 11)).astype(dtype)  # so that many are tied
    if dtype is not int:
        scores[rng.random(scores.shape) < 0.1] = -np.inf
        scores[rng.random(scores.shape) < 0.1] = np.inf
    relevant = (rng.random((9, 11)) < 0.3) | np.eye(9, 11, 2, dtype=bool)
    asked = retrieval._asked("recall_at_k", scores, relevant if given else None)
    tied = [retrieval._tied(block) for block in retrieval._blocks(*asked)]
    expected = standing_in_the_obvious_way(scores, relevant if given else np.eye(9, 11) > 0)
    np.testing.assert_array_equal(np.concatenate(tied, axis=1), expected)
    above, rivals, _ = expected
    np.testing.assert_array_equal(retrieval._ranks(*asked), above + rivals + 1)


def test_recall_by_hand():
    scores = np.array([[0.9, 0.1, 0.5], [0.3, 0.2, 0.1], [0.4, 0.5, 0.1]])
    # Ranks of the diagonal: 1, 2, 3.
    assert recall_at_k(scores, ks=(1, 2, 3)) == {1: 1 / 3, 2: 2 / 3, 3: 1.0}
    assert recall_at_k(torch.tensor(scores), ks=[2]) == {2: 2 / 3}


def test_recall_takes_half_precision_and_gradients():
    scores = torch.eye(11, dtype=torch.bfloat16, requires_grad=True)
    assert recall_at_k(scores) == {1: 1.0, 5: 1.0, 10: 1.0}


@pytest.mark.parametrize("fair_ties", [False, True])
def test_recall_equals_a_sort(rng, fair_ties):
    scores = rng.normal(size=(31, 13))
    relevant = rng.random((31, 13)) < 0.2
    relevant[:, 5] = True
    order = np.argsort(-scores, axis=1)
    hits = np.take_along_axis(relevant, order, axis=1)
    expected = {k: hits[:, :k].any(axis=1).mean() for k in (1, 2, 7, 13)}
    ours = recall_at_k(scores, relevant, ks=expected, fair_ties=fair_ties)
    assert ours == pytest.approx(expected)


def test_one_of_several_relevant_items_is_enough():
    scores = np.array([[0.9, 0.1, 0.5, 0.2]])
    relevant = torch.tensor([[False, True, True, False]])
    assert recall_at_k(scores, relevant, ks=(1, 2)) == {1: 0.0, 2: 1.0}


def test_saying_the_same_of_everything_finds_nothing():
    assert recall_at_k(np.zeros((3, 7)), ks=(1, 6, 7)) == {1: 0.0, 6: 0.0, 7: 1.0}
    fair = recall_at_k(np.zeros((3, 7)), ks=(1, 6, 7), fair_ties=True)
    assert fair == pytest.approx({1: 1 / 7, 6: 6 / 7, 7: 1.0})


def test_fair_ties_average_over_all_ways_to_break_them():
    scores = np.array([[2.0, 1, 1, 1, 1, 0]])
    relevant = np.array([[False, True, False, True, False, True]])
    for k in (1, 2, 3, 4):
        hits = [bool({1, 3} & set(order[: k - 1])) for order in permutations((1, 2, 3, 4))]
        ours = recall_at_k(scores, relevant, ks=(k,), fair_ties=True)
        assert ours[k] == pytest.approx(np.mean(hits)), k


def test_minus_infinity_ranks_last():
    scores = np.array([[-np.inf, 0.0], [-np.inf, -3.0]])
    assert recall_at_k(scores, ks=(1, 2)) == {1: 0.5, 2: 1.0}


def test_ranks_by_hand():
    scores = np.array([[0.9, 0.1, 0.5], [0.3, 0.2, 0.1], [0.4, 0.5, 0.1], [0.2, 0.7, 0.6]])
    relevant = np.eye(4, 3, dtype=bool)
    relevant[3, [0, 2]] = True  # second place counts, third does not
    # Ranks: 1, 2, 3, 2.
    assert median_rank(scores, relevant) == 2
    assert mean_reciprocal_rank(scores, relevant) == pytest.approx(
        (1 + 1 / 2 + 1 / 3 + 1 / 2) / 4
    )
    assert median_rank(torch.tensor(scores[:2])) == 1.5


def test_ranks_equal_a_sort(rng):
    scores = rng.normal(size=(31, 13))
    relevant = rng.random((31, 13)) < 0.2
    relevant[:, 5] = True
    hits = np.take_along_axis(relevant, np.argsort(-scores, axis=1), axis=1)
    ranks = hits.argmax(axis=1) + 1
    assert median_rank(scores, relevant) == np.median(ranks)
    assert mean_reciprocal_rank(scores, relevant) == pytest.approx((1 / ranks).mean())


def test_the_other_direction_is_both_matrices_transposed(rng):
    scores, relevant = rng.normal(size=(7, 5)), np.eye(7, 5, dtype=bool)
    relevant[5:, 3] = True  # items 0 to 4 have 1, 1, 1, 3 and 1 queries
    ranks = [
        1 + min((scores[:, item] > scores[query, item]).sum() for query in np.flatnonzero(row))
        for item, row in enumerate(relevant.T)
    ]
    assert median_rank(scores.T, relevant.T) == np.median(ranks)
    assert recall_at_k(scores.T, relevant.T, ks=(2,)) == {2: np.mean(np.array(ranks) <= 2)}


def test_ranked_lists_equal_torchmetrics(rng):
    retrieval = import_peer("torchmetrics.retrieval")
    scores = rng.permutation(23 * 11).reshape(23, 11) / 300  # no ties, where they sort at will
    relevant = rng.random((23, 11)) < 0.25
    relevant[:, 4] = True
    asked = {
        "preds": torch.tensor(scores).flatten(),
        "target": torch.tensor(relevant).flatten(),
        "indexes": torch.arange(23).repeat_interleave(11),
    }
    theirs = retrieval.RetrievalMRR()(**asked).item()
    assert mean_reciprocal_rank(scores, relevant) == pytest.approx(theirs, abs=1e-6)
    for k, found in recall_at_k(scores, relevant, ks=(1, 3, 7)).items():
        theirs = retrieval.RetrievalHitRate(top_k=k)(**asked).item()
        assert found == pytest.approx(theirs, abs=1e-6), k


def test_recall_is_torchmetrics_recall_where_one_item_is_relevant(rng):
    retrieval = import_peer("torchmetrics.retrieval")
    scores = rng.permutation(13 * 13).reshape(13, 13) / 200
    for k, found in recall_at_k(scores, ks=(1, 5)).items():
        theirs = retrieval.RetrievalRecall(top_k=k)(
            preds=torch.tensor(scores).flatten(),
            target=torch.eye(13, dtype=torch.long).flatten(),
            indexes=torch.arange(13).repeat_interleave(13),
        )
        assert found == pytest.approx(theirs.item(), abs=1e-6), k


def test_who_says_the_same_of_everything_comes_last():
    same = np.zeros((3, 7))
    assert median_rank(same) == 7
    assert mean_reciprocal_rank(same) == pytest.approx(1 / 7)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("metric", ALL)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((0, 3)),), ValueError, "at least one query; got none"),
        ((np.zeros((11, 10)),), ValueError, "got 11 queries and 10 items"),
        ((np.eye(2), np.eye(2) > np.array([0, 2])), ValueError, "query 1 has none"),
        ((np.eye(2), np.eye(3) > 0), ValueError, r"agree in queries; got .*2, 2\)"),
        ((np.eye(2), np.eye(2)), TypeError, "relevant must be a .* of True and False"),
        ((np.zeros(3),), ValueError, r"must have shape \(queries, items\); got \(3,\)"),
    ],
)
def test_each_metric_refuses_in_its_own_name(metric, arguments, error, message):
    with pytest.raises(error, match=f"^{metric.__name__}: .*{message}"):
        metric(*arguments)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((0, 3)),), ValueError, "at least one query; got none"),
        ((np.zeros((3, 2)), None, (1,)), ValueError, "got 3 queries and 2 items"),
        ((np.zeros((2, 2)),), ValueError, "k must be a whole number from 1 to 2; got 5"),
        ((np.zeros((2, 2)), None, (1.5,)), TypeError, "k must be a whole number"),
        ((np.zeros(3),), ValueError, r"must have shape \(queries, items\); got \(3,\)"),
        (
            (np.array([[np.nan]]), None, (1,)),
            ValueError,
            r"must not be NaN; got nan at \(0, 0\)",
        ),
        (
            (np.array([["a"]]), None, (1,)),
            TypeError,
            "must be .* got ndarray of <U1",
        ),
        (
            (np.eye(2), np.eye(2), (1,)),
            TypeError,
            "relevant must be a .* of True and False; got ndarray of float64",
        ),
        (
            (np.eye(2), np.eye(3) > 0, (1,)),
            ValueError,
            r"agree in queries; got .*2, 2\)",
        ),
        ((np.eye(2), np.eye(2) > np.array([0, 2]), (1,)), ValueError, "query 1 has none"),
    ],
)
def test_wrong_inputs_are_named(arguments, error, message):
    with pytest.raises(error, match=f"recall_at_k: .*{message}"):
        recall_at_k(*arguments)
