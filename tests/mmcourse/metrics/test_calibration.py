"""Calibration: by hand, against torchmetrics and scipy, and by its properties."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from peers import import_peer
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from mmcourse.metrics import ece, fit_temperature


def answers(rng, n: int = 301, classes: int = 5, scale: float = 2.0):
    """Return logits and true classes drawn from softmax(logits / 1.7)."""
    logits = scale * rng.normal(size=(n, classes))
    cumulative = softmax(logits / 1.7, axis=1).cumsum(axis=1)
    y = (rng.random((n, 1)) > cumulative).sum(axis=1).clip(max=classes - 1)
    return logits, y


def nll(logits, y, temperature: float) -> float:
    return -log_softmax(logits / temperature, axis=1)[np.arange(len(y)), y].mean()


def test_error_by_hand():
    # Confidence 0.8, right in two of three; confidence 0.55, wrong.
    shares = np.array([[0.8, 0.2], [0.2, 0.8], [0.8, 0.2], [0.45, 0.55]])
    expected = 3 / 4 * abs(2 / 3 - 0.8) + 1 / 4 * 0.55
    assert ece(shares, np.array([0, 1, 1, 0]), bins=10) == pytest.approx(expected)


def error_in_the_obvious_way(shares, y, bins):
    """Compute all of it in float64, one bin after the other."""
    shares = np.asarray(shares, dtype=np.float64)
    confidence, right = shares.max(axis=1), shares.argmax(axis=1) == y
    edges = np.linspace(0, 1, bins + 1)
    edges[[0, -1]] = -np.inf, np.inf
    excess = right - confidence
    inside = ((low < confidence) & (confidence <= high) for low, high in pairwise(edges))
    return sum(abs(excess[one].sum()) for one in inside) / len(y)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("bins", [1, 2, 7, 15, 100])
def test_error_in_any_precision_equals_the_obvious_way(rng, dtype, bins):
    logits, y = answers(rng)
    shares = softmax(logits, axis=1).astype(dtype)
    shares[:7] = np.eye(5)[0]  # sure, on the last edge
    expected = error_in_the_obvious_way(shares, y, bins)
    assert ece(shares, y, bins=bins) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("bins", [1, 2, 7, 15, 100])
@pytest.mark.parametrize("classes", [2, 5])
def test_error_equals_that_of_torchmetrics(rng, bins, classes):
    peer = import_peer("torchmetrics.functional.classification")
    logits, y = answers(rng, classes=classes)
    shares = torch.tensor(softmax(logits, axis=1))
    theirs = peer.multiclass_calibration_error(
        shares, torch.tensor(y), num_classes=classes, n_bins=bins, norm="l1"
    )
    assert ece(shares, torch.tensor(y), bins=bins) == pytest.approx(theirs.item(), abs=1e-6)


def test_a_bin_holds_its_upper_edge():
    # 0.5 and 0.4 share the bin (0, 0.5]: one right of two, mean confidence 0.45.
    shares = np.array([[0.5, 0.25, 0.25], [0.4, 0.3, 0.3]])
    assert ece(shares, np.array([0, 1]), bins=2) == pytest.approx(0.05)


def test_answers_that_are_sure_and_right_have_no_error():
    assert ece(np.eye(3), np.array([0, 1, 2])) == 0
    assert ece(np.eye(3, dtype=int).astype(float), np.array([1, 2, 0])) == 1


def test_honest_answers_have_little_error(rng):
    logits, y = answers(rng, n=20_000)
    honest, proud = softmax(logits / 1.7, axis=1), softmax(logits, axis=1)
    assert ece(honest, y) < 0.02 < 0.08 < ece(proud, y)


@pytest.mark.parametrize("scale", [0.01, 1.0, 30.0])
def test_temperature_equals_scipys_minimum(rng, scale):
    logits, y = answers(rng)
    logits = scale * logits
    theirs = minimize_scalar(
        lambda log_t: nll(logits, y, np.exp(log_t)),
        bounds=(-9, 9),
        method="bounded",
        options={"xatol": 1e-7},
    )
    ours = fit_temperature(torch.tensor(logits), torch.tensor(y))
    assert ours == pytest.approx(np.exp(theirs.x), rel=1e-3)


def test_temperature_recovers_what_the_answers_were_drawn_with(rng):
    logits, y = answers(rng, n=20_000)
    assert fit_temperature(logits, y) == pytest.approx(1.7, rel=0.05)


def test_temperature_grows_with_the_logits_and_ignores_a_constant(rng):
    logits, y = answers(rng)
    temperature = fit_temperature(logits, y)
    assert fit_temperature(7 * logits, y) == pytest.approx(7 * temperature)
    assert fit_temperature(logits + 100, y) == pytest.approx(temperature)


def test_limits_of_the_temperature_are_returned():
    logits = np.array([[2.0, 0.0], [0.0, 1.0]])
    assert fit_temperature(logits, np.array([0, 1])) == 1e-4  # all right: never cold enough
    assert fit_temperature(logits, np.array([1, 0])) == 1e4  # all wrong: never hot enough
    assert fit_temperature(np.ones((3, 2)), np.array([0, 1, 1])) == 1


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((0, 2)), np.zeros(0, int)), ValueError, "must have a row and a class"),
        ((np.eye(2), [0]), ValueError, r"one class for each of the 2 rows; got shape \(1,\)"),
        ((np.eye(2), [0, 2]), ValueError, "classes from 0 to 1; got 0 to 2"),
        ((np.eye(2), [0, -1]), ValueError, "classes from 0 to 1; got -1 to 0"),
        ((np.eye(2), [0.0, 1.0]), TypeError, "y must be whole numbers"),
        ((np.array([[1, np.inf]]), [0]), ValueError, r"must be finite; got inf at \(0, 1\)"),
        ((np.eye(2)[0], [0]), ValueError, r"must have shape \(n, classes\); got \(2,\)"),
        (([[1.0], [1.0, 2.0]], [0, 0]), ValueError, "must be rows of one length"),
    ],
)
@pytest.mark.parametrize("metric", [ece, fit_temperature])
def test_wrong_inputs_are_named(metric, arguments, error, message):
    with pytest.raises(error, match=f"{metric.__name__}: .*{message}"):
        metric(*arguments)


@pytest.mark.usefixtures("unchecked")
def test_logits_are_not_taken_for_probabilities():
    with pytest.raises(
        ValueError, match=r"row 1 with sum 5 and minimum 2; logits\.softmax\(1\)"
    ):
        ece(np.array([[0.5, 0.5], [2.0, 3.0]]), np.array([0, 1]))
    with pytest.raises(ValueError, match="row 0 with sum 1 and minimum -1"):
        ece(np.array([[2.0, -1.0]]), np.array([0]))
    with pytest.raises(
        ValueError, match="bins must be a whole number from 1 to 1000000; got 0"
    ):
        ece(np.eye(2), np.array([0, 1]), bins=0)


def test_bins_without_number_are_refused_before_memory_runs_out():
    with pytest.raises(ValueError, match="ece: bins must be a whole number from 1 to 1000000"):
        ece(np.array([[1.0, 0.0]]), np.array([0]), bins=10**13)
