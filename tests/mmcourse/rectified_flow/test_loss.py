"""The flow loss by hand: velocities that are known exactly, and what they are off by."""

import pytest
import torch
from good_calls import floats, seeded
from torch.testing import assert_close

from mmcourse.rectified_flow import flow_loss, logit_normal_times

TIMES = torch.tensor([0.25, 0.5, 0.125], dtype=torch.float64)


def to(clean, off=0.0):
    """Return the velocity that leads straight to what is clean, off by a number.

    A point of the line is x = (1 - t) noise + t clean, so that clean - noise is
    (clean - x) / (1 - t).
    """
    return lambda points, times: (
        (clean - points) / (1 - times).reshape(-1, *[1] * (clean.ndim - 1)) + off
    )


def told(velocity, clean, times=TIMES, generator=None):
    return flow_loss(velocity, clean, generator=generator or seeded(), times=times).item()


@pytest.mark.parametrize("shape", [(3,), (3, 3), (3, 5), (3, 5, 2, 7)])
def test_the_exact_velocity_loses_nothing(shape):
    clean = 3 + floats(*shape).double()
    assert told(to(clean), clean) == pytest.approx(0, abs=1e-24)


@pytest.mark.parametrize("off", [3.0, -3.0])
def test_a_velocity_that_is_off_by_3_loses_9(off):
    clean = floats(3, 5).double()
    assert told(to(clean, off), clean) == pytest.approx(9)


def test_the_loss_is_a_mean_over_pictures_and_numbers():
    # One of fifteen numbers is off by 3.
    clean, off = floats(3, 5).double(), torch.zeros(3, 5)
    off[1, 2] = 3
    assert told(to(clean, off), clean) == pytest.approx(9 / 15)


def test_one_number_by_hand():
    noise = torch.randn(1, generator=seeded()).item()
    # t = 1/4, clean = 2: the point is 0.75 noise + 0.5, and it moves by 2 - noise.
    expected = ((0.75 * noise + 0.5) - (2 - noise)) ** 2
    same = lambda points, times: points  # noqa: E731
    found = told(same, torch.tensor([2.0]), torch.tensor([0.25]))
    assert found == pytest.approx(expected)


def test_at_time_0_there_is_noise_and_at_time_1_the_picture():
    seen = []
    clean = floats(2, 5)
    told(lambda points, times: seen.append(points) or points, clean, torch.tensor([0.0, 1.0]))
    assert_close(seen[0][0], torch.randn(2, 5, generator=seeded())[0])
    assert_close(seen[0][1], clean[1])


def test_every_picture_has_a_time_of_its_own():
    seen = []
    told(lambda points, times: seen.append(times) or points, floats(1000, 2), None)
    (times,) = seen
    assert times.shape == (1000,)
    assert len(times.unique()) > 990
    assert 0 <= times.min() < 0.01
    assert 0.99 < times.max() < 1
    assert times.mean().item() == pytest.approx(0.5, abs=4 * 12**-0.5 / 1000**0.5)


def test_noise_and_times_are_not_the_same_draws():
    # With times that depended on the noise, the points would not lie evenly.
    seen = []
    told(lambda *both: seen.append(both) or both[0], torch.zeros(5000, 1), None)
    ((points, times),) = seen
    noise = points[:, 0] / (1 - times)
    assert abs(torch.corrcoef(torch.stack([noise, times]))[0, 1].item()) < 4 / 5000**0.5


def test_the_generator_alone_decides_and_is_advanced():
    clean, still, generator = floats(3, 5), torch.zeros_like, seeded()
    first, second = (
        told(lambda points, times: still(points), clean, None, generator) for _ in range(2)
    )
    assert first != second
    assert first == told(lambda points, times: still(points), clean, None)


def test_the_gradient_reaches_the_velocity_alone():
    weight, clean = torch.ones(5, requires_grad=True), floats(3, 5)
    loss = flow_loss(lambda points, times: weight * points, clean, generator=seeded())
    loss.backward()
    assert weight.grad.all()


def test_the_dtype_is_that_of_what_is_clean():
    seen = []
    told(lambda *both: seen.append(both) or both[0], floats(3, 5).double(), None)
    assert {each.dtype for each in seen[0]} == {torch.float64}


def test_half_precision_answers_are_compared_in_full():
    # In float16, squares from 65,520 on are infinite.
    clean = torch.zeros(3, 5)
    far = lambda points, times: torch.full_like(points, 300.0).half()  # noqa: E731
    assert told(far, clean, None) == pytest.approx(300**2, rel=0.02)


def test_times_of_a_logit_normal_are_sigmoids_of_normals():
    drawn = logit_normal_times(5, -0.5, generator=seeded())
    assert_close(drawn, torch.sigmoid(torch.randn(5, generator=seeded()) - 0.5))


@pytest.mark.parametrize("mean", [-2.0, 0.0, 1.0])
def test_half_of_the_times_lie_below_the_sigmoid_of_the_mean(mean):
    drawn = logit_normal_times(4000, mean, generator=seeded())
    below = (drawn < torch.sigmoid(torch.tensor(mean))).float().mean().item()
    assert below == pytest.approx(0.5, abs=4 * 0.5 / 4000**0.5)
