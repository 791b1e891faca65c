"""From noise to a picture: follow the velocity in a few steps.

A flow is a differential equation, dx/dt = v(x, t), from t = 0 to t = 1. Euler's method goes
straight on for each step; the midpoint method looks at where half a step leads, and takes the
velocity from there: two looks a step, for an error that falls with its square. Where the paths
are straight, one step of either is exact.

Leaves out steps of other lengths, and adding noise on the way (arXiv 2011.13456, section 3.3).
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.rectified_flow.loss import Velocity

MOST_STEPS = 10_000


@checked
def euler(
    velocity: Velocity, noise: Float[Tensor, " batch *shape"], steps: int
) -> Float[Tensor, " batch *shape"]:
    """Return where the noise ends up after `steps` equal steps, straight on in each.

    A velocity of 2 moves everything by 2, in any number of steps:

    >>> euler(lambda points, times: torch.full_like(points, 2.0), torch.zeros(1), steps=3)
    tensor([2.])
    """
    steps = whole("euler", "steps", steps, least=1, most=MOST_STEPS)
    points = noise
    for step in range(steps):
        points = points + velocity(points, _time(points, step / steps)) / steps
    return points


@checked
def midpoint(
    velocity: Velocity, noise: Float[Tensor, " batch *shape"], steps: int
) -> Float[Tensor, " batch *shape"]:
    """Return where the noise ends up, each step taken with the velocity half-way along it.

    The velocity 2 t leads from 0 to t² = 1; Euler's two steps get only half as far:

    >>> grows = lambda points, times: 2 * times
    >>> midpoint(grows, torch.zeros(1), steps=2), euler(grows, torch.zeros(1), steps=2)
    (tensor([1.]), tensor([0.5000]))
    """
    steps = whole("midpoint", "steps", steps, least=1, most=MOST_STEPS)
    points = noise
    for step in range(steps):
        half = points + velocity(points, _time(points, step / steps)) / (2 * steps)
        points = points + velocity(half, _time(points, (step + 0.5) / steps)) / steps
    return points


def _time(points: Tensor, time: float) -> Float[Tensor, " batch"]:
    return torch.full((len(points),), time, dtype=points.dtype, device=points.device)
