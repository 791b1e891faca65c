"""The loss of a rectified flow: from noise to a picture along straight lines.

Every picture gets some noise of its own, and the line between them. A network is shown a point
of the line and has to say which way the picture lies:

    x_t = (1 - t) noise + t picture          | v(x_t, t) - (picture - noise) |²

arXiv 2209.03003, section 2.1 (rectified flow); arXiv 2210.02747, section 4.1 (flow matching,
whose σ_min is 0 here). Leaves out "reflow", which makes the learnt paths straighter still.
"""

from collections.abc import Callable
from typing import TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked

Velocity: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""Points and times, one each -> which way each moves, in the shape of the points."""


@checked
def flow_loss(
    velocity: Velocity,
    clean: Float[Tensor, " batch *shape"],
    *,
    generator: torch.Generator,
    times: Float[Tensor, " batch"] | None = None,
) -> Float[Tensor, ""]:
    """Return the mean squared error of the velocities at random points of random lines.

    Args:
        velocity: what learns; whatever steers it, it knows already.
        clean: pictures, or other points, of mean 0 and spread 1 or so.
        generator: of the noise and the times; it is advanced.
        times: from 0, noise, to 1, clean; None draws them evenly.

    Raises:
        ValueError: nothing is clean, or the velocities have another shape than the points.

    A velocity that always answers 0, where everything clean is 0: what is left is the noise,
    whose mean square is 1.

    >>> still = lambda points, times: torch.zeros_like(points)
    >>> clean = torch.zeros(5000, 2)
    >>> round(flow_loss(still, clean, generator=torch.Generator().manual_seed(0)).item(), 1)
    1.0
    """
    if not clean.numel():
        raise ValueError("flow_loss: there must be at least one point; got none.")
    noise = _normal(clean, generator)
    if times is None:
        times = torch.rand(len(clean), generator=generator, device=generator.device).to(clean)
    share = times.view(-1, *[1] * (clean.ndim - 1))  # one for each picture, not for the batch
    points = (1 - share) * noise + share * clean
    found = velocity(points, times)
    if found.shape != clean.shape:
        raise ValueError(
            f"flow_loss: velocity must return the shape of its points, {tuple(clean.shape)}; "
            f"got {tuple(found.shape)}."
        )
    return (found.float() - (clean - noise)).square().mean()


@checked
def logit_normal_times(
    n: int, mean: float, *, generator: torch.Generator
) -> Float[Tensor, " n"]:
    """Return times that are drawn more often where the velocity is hardest to guess.

        t = σ(mean + ε),  ε normal

    At t = 0 the best guess is the mean picture, at t = 1 the mean of the noise; in between it
    depends on what is seen (arXiv 2403.03206, section 3.1).

    Args:
        n: how many; at least 1.
        mean: below 0 draws more of the noisy half; from -10 to 10.
        generator: it is advanced.
    """
    n = whole("logit_normal_times", "n", n, least=1)
    mean = real("logit_normal_times", "mean", mean, least=-10, most=10)
    drawn = torch.randn(n, generator=generator, device=generator.device)
    return torch.sigmoid(mean + drawn)


def _normal(like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randn(like.shape, generator=generator, device=generator.device).to(like)
