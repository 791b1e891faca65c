"""Both samplers on flows whose end is known: straight ones, and that of a Gaussian."""

import pytest
import torch
from good_calls import floats
from scipy.stats import norm
from torch.testing import assert_close

from mmcourse.rectified_flow import euler, midpoint

METHODS = (euler, midpoint)
MEAN = torch.tensor([2.0, -1.0], dtype=torch.float64)
COVARIANCE = torch.tensor([[2.0, 0.6], [0.6, 0.5]], dtype=torch.float64)


def gaussian(points, times):
    """Return the exact velocity from noise to a Gaussian: E[clean - noise | point].

    Both ends and the point are jointly normal, so it is a linear regression:

        mean + Cov(clean - noise, point) Cov(point)^-1 (point - t mean)
    """
    t, eye = times[0], torch.eye(2, dtype=torch.float64)
    together = t * COVARIANCE - (1 - t) * eye
    alone = (1 - t) ** 2 * eye + t**2 * COVARIANCE
    return MEAN + (points - t * MEAN) @ torch.linalg.solve(alone, together)


def ends(method, steps):
    """Return mean and covariance of where a normal distribution ends, without sampling.

    Every step is affine: where 0 and the two unit vectors end says where all do.
    """
    corners = torch.tensor([[0.0, 0], [1, 0], [0, 1]], dtype=torch.float64)
    centre, *ends = method(gaussian, corners, steps)
    matrix = torch.stack(ends) - centre
    return centre, matrix.T @ matrix


def error(method, steps):
    return (ends(method, steps)[1] - COVARIANCE).norm().item()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("steps", [1, 3])
def test_the_mean_of_a_gaussian_moves_straight_and_is_exact(method, steps):
    assert_close(ends(method, steps)[0], MEAN)


@pytest.mark.parametrize("steps", [32, 64, 128])
def test_twice_the_steps_halve_eulers_error(steps):
    assert error(euler, steps) / error(euler, 2 * steps) == pytest.approx(2, abs=0.1)


def two_hills(points, times):
    """Return the exact velocity from noise to two narrow Gaussians, at -2 and 2.

    Each hill's own velocity, weighted by how probable it is that a point belongs to it.
    """
    t, spread, centres = times[0], 0.5, torch.tensor([-2.0, 2.0], dtype=torch.float64)
    alone = (1 - t) ** 2 + (t * spread) ** 2
    from_centre = points - t * centres  # (batch, 1) -> (batch, 2)
    belongs = torch.softmax(-(from_centre**2) / (2 * alone), dim=1)
    each = centres + (t * spread**2 - (1 - t)) / alone * from_centre
    return (belongs * each).sum(dim=1, keepdim=True)


def hills_error(method, steps):
    """Return how far noise ends from where it must: on a line, order and shares stay."""
    noise = torch.tensor([[-1.5], [0.25], [0.75]], dtype=torch.float64)
    at = method(two_hills, noise, steps).numpy()
    shares = (norm.cdf(at, -2, 0.5) + norm.cdf(at, 2, 0.5)) / 2
    return abs(norm.ppf(shares) - noise.numpy()).max()


@pytest.mark.parametrize(("method", "factor"), [(euler, 2), (midpoint, 4)])
def test_twice_the_steps_halve_eulers_error_and_quarter_that_of_the_midpoint(method, factor):
    few, more, many = (hills_error(method, steps) for steps in (64, 128, 256))
    assert few / more == pytest.approx(factor, rel=0.1)
    assert more / many == pytest.approx(factor, rel=0.1)


def test_the_midpoint_error_of_a_gaussian_falls_at_least_so_fast():
    # Here its terms of second order cancel: twice the steps leave an eighth.
    assert error(midpoint, 32) / error(midpoint, 64) == pytest.approx(8, rel=0.02)


def test_the_midpoint_is_nearer_at_equal_looks():
    for steps in (4, 8, 32):
        assert error(midpoint, steps) < error(euler, 2 * steps)


@pytest.mark.parametrize("method", METHODS)
def test_many_steps_arrive(method):
    mean, covariance = ends(method, 300)
    assert_close(mean, MEAN)
    assert_close(covariance, COVARIANCE, rtol=0, atol=0.02)


@pytest.mark.parametrize("method", METHODS)
def test_a_straight_path_takes_one_step(method):
    noise, goal = floats(3, 5, 2).double(), floats(3, 5, 2, seed=1).double()

    def straight(points, times):
        return (goal - points) / (1 - times)[:, None, None]

    assert_close(method(straight, noise, 1), goal)
    assert_close(method(straight, noise, 7), goal)


def asked(method, steps):
    """Return the times at which a method looks."""
    seen = []

    def velocity(points, times):
        seen.append(times)
        return torch.zeros_like(points)

    method(velocity, floats(3, 5), steps)
    assert all(times.shape == (3,) and len(times.unique()) == 1 for times in seen)
    return [round(times[0].item(), 6) for times in seen]


def test_euler_looks_at_the_beginning_of_each_step():
    assert asked(euler, 4) == [0, 0.25, 0.5, 0.75]


def test_the_midpoint_method_looks_at_the_beginning_and_half_way():
    assert asked(midpoint, 2) == [0, 0.25, 0.5, 0.75]


def test_two_steps_of_euler_by_hand():
    # 1 -> 1 + (1 + 0) / 2 = 1.5 -> 1.5 + (1.5 + 0.5) / 2 = 2.5
    found = euler(lambda points, times: points + times[:, None], torch.ones(1, 1), 2)
    assert found.item() == 2.5


def test_one_step_of_the_midpoint_by_hand():
    # half-way 1 + (1 + 0) / 2 = 1.5, where the velocity is 1.5 + 0.5: 1 + 2
    found = midpoint(lambda points, times: points + times[:, None], torch.ones(1, 1), 1)
    assert found.item() == 3


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_clamped_on_the_way(method):
    noise = torch.full((2, 3), 50.0)
    assert_close(
        method(lambda points, times: torch.full_like(points, -49.0), noise, 7), noise / 50
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_noise_stays_as_it_was(method):
    noise = floats(3, 5)
    before = noise.clone()
    method(lambda points, times: points, noise, 3)
    assert torch.equal(noise, before)


@pytest.mark.parametrize("method", METHODS)
def test_rows_do_not_know_each_other(method):
    noise = floats(3, 2).double()
    apart = torch.cat([method(gaussian, row[None], 5) for row in noise])
    assert_close(method(gaussian, noise, 5), apart)
