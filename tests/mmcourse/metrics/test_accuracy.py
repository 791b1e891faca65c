"""Accuracy and its interval: by hand, against scipy, and by simulation."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from mmcourse.metrics import accuracy, accuracy_interval


@pytest.mark.parametrize("kind", [np.array, torch.tensor], ids=["numpy", "torch"])
def test_accuracy_counts_what_is_right(kind):
    assert accuracy(kind([0, 2, 1, 1, 0]), kind([0, 2, 2, 1, 1])) == 0.6
    assert accuracy(kind([4]), kind([4])) == 1
    assert accuracy(kind([4, 4]), kind([5, 3])) == 0


def test_accuracy_compares_words_too():
    assert accuracy(np.array(["cat", "dog"]), np.array(["cat", "bus"])) == 0.5


def test_accuracy_takes_whole_floats_for_class_numbers():
    assert accuracy(np.sign([-0.3, 2.0, 0.0]), np.array([-1, 1, 1])) == 2 / 3
    assert accuracy(torch.tensor([1, 0]), torch.tensor([1.0, 0.0]).half()) == 1
    assert accuracy(np.array([True, False]), np.array([1, 1])) == 0.5


@pytest.mark.usefixtures("unchecked")
def test_interval_takes_numbers_of_numpy():
    hits = np.array([True, True, False])
    assert accuracy_interval(hits.sum(), np.int8(3)) == accuracy_interval(2, 3)
    # 100 + 100 is beyond int8: the sums must not be made in it.
    assert accuracy_interval(np.int8(100), np.int8(100)) == accuracy_interval(100, 100)


@given(st.integers(1, 3000), st.floats(0, 1), st.floats(0.01, 0.999))
@settings(deadline=None, max_examples=200)
def test_interval_equals_scipy(n, part, confidence):
    correct = round(part * n)
    theirs = binomtest(correct, n).proportion_ci(confidence, method="wilson")
    ours = accuracy_interval(correct, n, confidence=confidence)
    assert ours == pytest.approx((correct / n, theirs.low, theirs.high), abs=1e-9)


@given(st.integers(1, 3000), st.floats(0, 1))
@settings(deadline=None, max_examples=100)
def test_interval_stays_inside_zero_to_one_around_the_share(n, part):
    share, low, high = accuracy_interval(round(part * n), n)
    assert 0 <= low <= share <= high <= 1
    assert high > low


def test_interval_mirrors_when_right_and_wrong_change_places():
    right, wrong = accuracy_interval(3, 11), accuracy_interval(8, 11)
    assert (right.low, right.high) == pytest.approx((1 - wrong.high, 1 - wrong.low))


def test_interval_holds_the_true_share_as_often_as_it_says(rng):
    # 2000 experiments of 50 answers. Wilson's coverage moves around 95 % by about 2 points
    # (Brown, Cai and DasGupta 2001, Figure 5), the simulation's own error is half a point.
    correct = (rng.random((2000, 50)) < 0.83).sum(axis=1)
    intervals = {count: accuracy_interval(int(count), 50) for count in np.unique(correct)}
    held = np.mean([intervals[count].low <= 0.83 <= intervals[count].high for count in correct])
    assert held == pytest.approx(0.95, abs=0.03)


def test_ninety_of_a_hundred_is_known_to_about_six_points():
    _, low, high = accuracy_interval(90, 100)
    assert (high - low) / 2 == pytest.approx(0.06, abs=0.005)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: accuracy([1], [1]), TypeError, r"accuracy: expected two.*got list and list"),
        (lambda: accuracy(np.ones(2), torch.ones(2)), TypeError, r"got ndarray and Tensor"),
        (lambda: accuracy(np.ones(2), np.ones(3)), ValueError, r"got \(2,\) and \(3,\)"),
        (lambda: accuracy(np.ones((2, 1)), np.ones((2, 1))), ValueError, r"got \(2, 1\)"),
        (lambda: accuracy(np.ones(0), np.ones(0)), ValueError, r"at least one.*got \(0,\)"),
        (lambda: accuracy_interval(5, 4), ValueError, r"correct .* from 0 to 4; got 5"),
        (lambda: accuracy_interval(-1, 4), ValueError, r"correct .* from 0 to 4; got -1"),
        (lambda: accuracy_interval(0, 0), ValueError, r"n must be .* from 1 to 90\d+; got 0"),
        (lambda: accuracy_interval(1, 10**400), ValueError, r"n must be .* from 1 to 90\d+;"),
        (
            lambda: accuracy_interval(1, 2, confidence=1 - 1e-16),
            ValueError,
            r"between 0 and 1.*got 0\.9999999999999999",
        ),
        (
            lambda: accuracy_interval(1, 2, confidence="high"),
            TypeError,
            r"confidence must be a number; got 'high'",
        ),
        (
            lambda: accuracy_interval(1, 2, confidence=float("nan")),
            ValueError,
            r"confidence must be a finite number; got nan",
        ),
        (
            lambda: accuracy(np.array([0.9, 0.2]), np.array([1, 0])),
            ValueError,
            r"got float64 and int64 with fractions; pass .* probabilities\.argmax\(1\)",
        ),
        (
            lambda: accuracy(torch.tensor([1, 0]), torch.tensor([1.0, torch.inf])),
            ValueError,
            r"got torch\.int64 and torch\.float32 with fractions",
        ),
        (
            lambda: accuracy(np.ones((3, 2)), np.ones(3)),
            ValueError,
            r"probabilities\.argmax\(1\) gives the predicted classes",
        ),
        (
            lambda: accuracy(np.array(["0", "1"]), np.array([0, 1])),
            TypeError,
            r"words compare with words .* got <U1 and int64",
        ),
        (
            lambda: accuracy(torch.ones(2), torch.ones(2, device="meta")),
            ValueError,
            r"one device; got cpu and meta; move one",
        ),
        (
            lambda: accuracy_interval(0.9, 4),
            TypeError,
            r"correct must be a whole number; got 0.9",
        ),
        (lambda: accuracy_interval(3, True), TypeError, r"n must be a whole number; got True"),
        (
            lambda: accuracy_interval(3, 4, confidence=95),
            ValueError,
            r"between 0 and 1.*got 95",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
