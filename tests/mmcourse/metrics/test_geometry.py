"""Alignment, uniformity and the gap: by hand, by their double loops, by their limits."""

from math import log

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.stats import t as student

from mmcourse.metrics import alignment, mean_interval, modality_gap, uniformity


def test_alignment_equals_the_papers_code(rng):
    u, v = torch.tensor(rng.normal(size=(2, 31, 7)))
    expected = (F.normalize(u) - F.normalize(v)).norm(p=2, dim=1).pow(2).mean()
    assert alignment(u, v) == pytest.approx(expected.item())
    assert alignment(3 * u.numpy(), v.numpy() / 5) == pytest.approx(expected.item())


def test_alignment_runs_from_zero_to_four(rng):
    u = rng.normal(size=(5, 3))
    assert alignment(u, 2 * u) == pytest.approx(0)
    assert alignment(u, -u) == pytest.approx(4)
    assert alignment(np.zeros((5, 3)), u) == pytest.approx(1)  # a zero row stays zero


@pytest.mark.parametrize("t", [0.5, 2, 30])
def test_uniformity_equals_the_papers_code(rng, t):
    x = torch.tensor(rng.normal(size=(31, 7)))
    expected = torch.pdist(F.normalize(x), p=2).pow(2).mul(-t).exp().mean().log()
    assert uniformity(x, t) == pytest.approx(expected.item())


def test_uniformity_is_zero_where_all_agree_and_lower_where_they_spread(rng):
    x = rng.normal(size=(200, 5))
    assert uniformity(np.ones((3, 7))) == pytest.approx(0)
    assert uniformity(x) < uniformity(x + 1) < uniformity(x + 10) < 0


def test_uniformity_does_not_underflow():
    assert uniformity(np.array([[1.0, 0], [-1, 0]]), t=1e4) == pytest.approx(-4e4)


def test_gap_by_hand():
    u, v = np.array([[3.0, 0], [0, 1]]), np.array([[0.0, -1], [1, 0], [0, -5]])
    distance, separability = modality_gap(u, v)
    # Means (1/2, 1/2) and (1/3, -2/3); along the line the one at (1, 0) comes between.
    assert distance == pytest.approx(((1 / 6) ** 2 + (7 / 6) ** 2) ** 0.5)
    assert separability == pytest.approx((1 + 2 / 3) / 2)


def test_gap_of_the_same_features_is_none(rng):
    u = rng.normal(size=(31, 7))
    assert modality_gap(u, u) == (0, 0.5)
    assert modality_gap(u, u[rng.permutation(31)]).separability == 0.5


def test_means_that_differ_by_rounding_have_no_line():
    angles = np.radians([[0, 120, 240], [60, 180, 300]])
    u, v = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    distance, separability = modality_gap(u, v)
    assert 0 < distance < 1e-15
    assert separability == 0.5


def test_modalities_in_their_own_cones_are_separable(rng):
    u, v = rng.normal(size=(31, 7)), rng.normal(size=(23, 7))
    cones = modality_gap(u + np.eye(7)[0] * 9, v + np.eye(7)[1] * 9)
    assert cones.separability == 1
    assert 1 < cones.distance < 1.5
    assert modality_gap(u, v).separability < 0.85


def test_gap_is_the_same_from_both_sides(rng):
    u, v = rng.normal(size=(31, 5)), rng.normal(size=(23, 5)) + 0.5
    assert modality_gap(u, v) == pytest.approx(modality_gap(v, u))


def test_separability_weighs_both_modalities_alike(rng):
    u, v = rng.normal(size=(31, 5)), rng.normal(size=(23, 5)) + 0.5
    assert modality_gap(u, np.repeat(v, 3, axis=0)) == pytest.approx(modality_gap(u, v))


def test_mean_interval_equals_scipys(rng):
    values = rng.normal(3, 2, size=5)
    low, high = student.interval(0.9, 4, values.mean(), values.std(ddof=1) / 5**0.5)
    ours = mean_interval(torch.tensor(values), confidence=0.9)
    assert ours == pytest.approx((values.mean(), low, high))


def test_mean_interval_holds_the_true_mean_as_often_as_it_says(rng):
    inside = [
        low <= 0 <= high
        for _, low, high in (
            mean_interval(rng.normal(size=3), confidence=0.8) for _ in range(600)
        )
    ]
    assert abs(np.mean(inside) - 0.8) < 4 * (0.8 * 0.2 / 600) ** 0.5


def test_values_that_agree_leave_no_doubt():
    assert mean_interval([log(2)] * 4) == pytest.approx((log(2),) * 3)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("metric", "arguments", "error", "message"),
    [
        (alignment, (np.ones((3, 2)), np.ones((2, 2))), ValueError, "agree in n; got shapes"),
        (alignment, (np.ones((3, 2)), np.ones((3, 5))), ValueError, "agree in dim; got"),
        (alignment, (np.ones((0, 2)), np.ones((0, 2))), ValueError, "u must have at least one"),
        (
            alignment,
            (np.ones((2, 2)), [[1, np.nan]]),
            ValueError,
            r"finite; got nan at \(0, 1\)",
        ),
        (
            modality_gap,
            (np.ones((3, 2)), np.ones((3, 5))),
            ValueError,
            "agree in dim; got shapes",
        ),
        (modality_gap, (np.ones((3, 2)), np.ones((0, 2))), ValueError, "v must have at least"),
        (uniformity, (np.ones((1, 2)),), ValueError, "at least two rows.*got 1"),
        (uniformity, (np.ones(2),), ValueError, r"x must have shape \(n, dim\); got \(2,\)"),
        (uniformity, (np.eye(2), 0), ValueError, "t must be a finite number above 0; got 0"),
        (
            uniformity,
            (np.eye(2) > 0,),
            TypeError,
            "x must be .* got ndarray of bool",
        ),
        (mean_interval, ([1.0],), ValueError, "at least two values.*got 1"),
        (mean_interval, ([[1.0, 2.0]],), ValueError, "must have 1 axis"),
        (mean_interval, (["a", "b"],), TypeError, "values must be real numbers"),
    ],
)
def test_wrong_inputs_are_named(metric, arguments, error, message):
    with pytest.raises(error, match=f"{metric.__name__}: .*{message}"):
        metric(*arguments)


@pytest.mark.usefixtures("unchecked")
def test_confidence_must_lie_between_zero_and_one():
    with pytest.raises(ValueError, match="mean_interval: confidence must lie between 0 and 1"):
        mean_interval([1.0, 2.0], confidence=1.0)
