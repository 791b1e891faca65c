"""Recall at k: by hand, by sorting, and with ties."""

from itertools import permutations

import numpy as np
import pytest
import torch

from mmcourse.metrics import recall_at_k


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


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((0, 3)),), ValueError, "at least one query; got none"),
        ((np.zeros((3, 2)), None, (1,)), ValueError, "got 3 queries and 2 items"),
        ((np.zeros((2, 2)),), ValueError, "k must be a whole number from 1 to 2; got 5"),
        ((np.zeros((2, 2)), None, (1.5,)), TypeError, "k must be a whole number"),
        ((np.zeros(3),), ValueError, r"must have 2 axes; got shape \(3,\)"),
        (
            (np.array([[np.nan]]), None, (1,)),
            ValueError,
            r"must not be NaN; got nan at \(0, 0\)",
        ),
        ((np.array([["a"]]), None, (1,)), TypeError, "must be real numbers; got <U1"),
        (
            (np.eye(2), np.eye(2), (1,)),
            TypeError,
            "relevant must be True or False; got float64",
        ),
        ((np.eye(2), np.eye(3) > 0, (1,)), ValueError, r"must have the shape \(2, 2\)"),
        ((np.eye(2), np.eye(2) > np.array([0, 2]), (1,)), ValueError, "query 1 has none"),
    ],
)
def test_wrong_inputs_are_named(arguments, error, message):
    with pytest.raises(error, match=f"recall_at_k: .*{message}"):
        recall_at_k(*arguments)
