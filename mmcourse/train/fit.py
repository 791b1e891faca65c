"""One training loop for everything in the course.

A step sets the learning rate, computes the loss and its gradient, shortens the gradient where
it is long, and moves the weights. Its loss is a function of its number alone, so a run that
was killed goes on from its last checkpoint to the same weights as one that was not, on the
same machine with the same number of threads.

Leaves out data (`data`) and what is learned (`losses`); how a run is kept and goes on is the
subject of `resume`, and what surrounds a step that of `run`.
"""

import math
import os
from collections.abc import Callable, Sequence
from functools import partial

from torch import Tensor, nn
from torch.optim import Optimizer

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.train.resume import steps_left
from mmcourse.train.run import History, begin, check_finite, check_loss, check_reached, unharmed

LARGEST_GRADIENT = 1.0
"""Steps whose gradient is longer are shortened to this (arXiv 1211.5063, section 3.2)."""


@checked
def fit(  # noqa: PLR0913 - each is a knob of the one loop there is
    model: nn.Module,
    loss_at: Callable[[int], Tensor],
    steps: int,
    *,
    chosen: Sequence[Optimizer] | None = None,
    warmup: float = 0.04,
    after_step: Callable[[int], None] | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    every: int = 500,
    writes: bool = True,
    progress: bool = True,
) -> History:
    """Train a model in place, and return its losses.

    Args:
        model: in its training mode.
        loss_at: step number -> its loss. Whatever it draws at random, it draws from a
            generator seeded with that number: then a run can be resumed.
        steps: how many.
        chosen: the optimizers; None takes `optimizers(model)`.
        warmup: share of the steps in which the learning rate rises, from 0 to 1.
        after_step: called with the number of steps done, to clamp a scale or to look at it.
        checkpoint: a file to resume from, if it exists, and to write to.
        every: steps between two writings of it; the last step is written in any case.
        writes: whether the checkpoint is written; where several processes train together, one
            writes it and the others only resume from it.
        progress: whether to show a bar.

    Raises:
        TypeError: a number is none, or a loss is no tensor.
        ValueError: a number is out of range; a loss is several numbers, or does not depend on
            the model; the checkpoint cannot be written, is damaged or is another run's; or a
            loss or gradient is not finite. Then the model is as it was before that step.

    Plain descent on x², whose gradient is 2x: from 1/4 by half of 2/4 to 0, where it stays.

    >>> import torch
    >>> model = nn.ParameterList([torch.tensor([0.25])])
    >>> descent = torch.optim.SGD(model.parameters(), lr=0.5)
    >>> history = fit(
    ...     model, lambda _: (model[0] ** 2).sum(), steps=2, chosen=[descent], progress=False
    ... )
    >>> history.losses
    [0.0625, 0.0]
    """
    steps, every = whole("fit", "steps", steps, least=1), whole("fit", "every", every, least=1)
    warmup = real("fit", "warmup", warmup, least=0, most=1)
    run = begin(model, chosen, steps)
    share_at = partial(warmup_then_cosine, steps=steps, warmup=warmup)
    for step in steps_left(run, share_at, checkpoint, every, writes=writes, progress=progress):
        run.set_rates(share_at(step))
        with unharmed(model):  # a step that fails must not leave half of itself behind
            loss = loss_at(step)
            value = check_loss(loss, step)  # read now: a loss may be a weight, which then moves
            model.zero_grad()  # gradients that no optimizer uses would pile up, too
            for optimizer in run.chosen:
                optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            check_reached(run)
            # one odd batch may have a gradient that would throw the weights far off
            length = nn.utils.clip_grad_norm_(model.parameters(), LARGEST_GRADIENT)
            check_finite("gradient", length, step)
        for optimizer in run.chosen:
            optimizer.step()
        run.losses.append(value)
        if after_step is not None:
            after_step(step + 1)  # once the weights have moved, or they could pass its clamp
    return History(run.losses)


def warmup_then_cosine(step: int, steps: int, warmup: float) -> float:
    """Return what share of its highest learning rate step s of S, counted from 0, gets.

        min(1, (s + 1) / max(1, warmup · S)) · (1 + cos(π s / S)) / 2

    It rises in a line, because Adam's first steps rest on one or two gradients, and falls along
    half a cosine (arXiv 1608.03983, section 3, without restarts), because in short last steps
    the chance of single batches averages out.

    Over four steps, half of them warm-up, the line gives 1/2 and then 1, the cosine of 0°,
    45°, 90° and 135° the rest:

    >>> [round(warmup_then_cosine(step, 4, warmup=0.5), 2) for step in range(4)]
    [0.5, 0.85, 0.5, 0.15]
    """
    rise = min(1.0, (step + 1) / max(1.0, warmup * steps))
    fall = (1 + math.cos(math.pi * step / steps)) / 2
    return rise * fall
