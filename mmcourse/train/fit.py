"""One training loop for everything in the course.

A step's loss is a function of its number alone, so a run that was killed goes on from its
last checkpoint to the same weights as one that was not, on the same machine with the same
number of threads. Leaves out data (`data`) and what is learned (`losses`).
"""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.boundary.scalars import real, whole
from mmcourse.train.optimizers import first_rates, optimizers
from mmcourse.train.resume import Run, check_writable, read, restore, write

LARGEST_GRADIENT = 1.0
"""Steps whose gradient is longer are shortened to this (arXiv 1211.5063, section 3.2)."""


@final
@dataclass
class History:
    """What a run went through.

    Args:
        losses: the loss of every step.
    """

    losses: list[float] = field(default_factory=list)


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
    progress: bool = True,
) -> History:
    """Train a model in place, and return its losses.

    The learning rate rises linearly, and falls to 0 along half a cosine: of its highest value,
    step s of S, from 0, gets the share

        min(1, (s + 1) / max(1, warmup · S)) · (1 + cos(π s / S)) / 2

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
        progress: whether to show a bar.

    Raises:
        TypeError: a number is none, or a loss is no tensor.
        ValueError: a number is out of range; a loss is several numbers, or does not depend on
            the model; the checkpoint cannot be written, is damaged or is another run's; or a
            loss or gradient is not finite. Then the model is as it was before that step.

    Plain descent on x², whose gradient is 2x: from 1/4 by half of 2/4 to 0, where it stays.

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
    chosen = list(optimizers(model) if chosen is None else chosen)
    if not chosen:
        raise ValueError("fit: chosen must hold an optimizer; got none; None takes our own.")
    rates, run = first_rates(chosen), Run(model, chosen, steps, [])
    if checkpoint is not None:
        checkpoint = Path(checkpoint)
        check_writable(checkpoint)
        _resume(checkpoint, run, rates, warmup)
    done = len(run.losses)
    bar = tqdm(
        range(done, steps), initial=done, total=steps, disable=not progress, desc="training"
    )
    for step in bar:
        _set_rates(chosen, rates, _share(step, steps, warmup))
        run.losses.append(_take_step(run, loss_at, step))
        if after_step is not None:
            after_step(step + 1)
        if checkpoint is not None and ((step + 1) % every == 0 or step + 1 == steps):
            write(checkpoint, run)
        bar.set_postfix(loss=f"{run.losses[-1]:.3f}", refresh=False)
    return History(run.losses)


def _take_step(run: Run, loss_at: Callable[[int], Tensor], step: int) -> float:
    """Change the model's weights once, or leave it all as it was and raise."""
    buffers = [buffer.clone() for buffer in run.model.buffers()]
    try:
        loss = _checked_loss(loss_at(step))
        value = _finite("loss", loss, step)
        run.model.zero_grad()  # also of what no optimizer was chosen for
        for optimizer in run.chosen:
            optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        length = nn.utils.clip_grad_norm_(run.model.parameters(), LARGEST_GRADIENT)
        _finite("gradient", length, step)
    except BaseException:
        with torch.no_grad():  # a BatchNorm has already averaged in what it saw
            for buffer, before in zip(run.model.buffers(), buffers, strict=True):
                buffer.copy_(before)
        raise
    for optimizer in run.chosen:
        optimizer.step()
    return value


def _checked_loss(loss: Tensor) -> Tensor:
    if not isinstance(loss, Tensor):
        raise TypeError(f"fit: loss_at must return a tensor; got {type(loss).__name__}.")
    if loss.numel() != 1 or not loss.requires_grad:
        raise ValueError(
            "fit: loss_at must return one number, with a gradient; got shape "
            f"{tuple(loss.shape)}, requires_grad={loss.requires_grad}; take its mean, or "
            "compute it from the model's parameters."
        )
    return loss


def _finite(name: str, number: Tensor, step: int) -> float:
    value = number.item()
    if not math.isfinite(value):
        raise ValueError(
            f"fit: the {name} must stay finite; got {value} at step {step}; the model was left "
            "as before it. Lower the learning rate, or clamp the scale."
        )
    return value


def _share(step: int, steps: int, warmup: float) -> float:
    """Return what share of its learning rate a step gets."""
    rise = min(1.0, (step + 1) / max(1.0, warmup * steps))
    return rise * 0.5 * (1 + math.cos(math.pi * step / steps))


def _set_rates(
    chosen: Sequence[Optimizer], rates: Sequence[Sequence[float]], share: float
) -> None:
    for optimizer, firsts in zip(chosen, rates, strict=True):
        for group, first in zip(optimizer.param_groups, firsts, strict=True):
            group["lr"] = first * share


def _resume(path: Path, run: Run, rates: Sequence[Sequence[float]], warmup: float) -> None:
    """Bring a run to where its checkpoint is, if it has one.

    The learning rates that the last step had are among what a checkpoint is recognised by.
    """
    if path.exists():
        state = read(path)
        last = len(state["losses"]) - 1
        _set_rates(run.chosen, rates, _share(last, run.steps, warmup))
        restore(path, run, state)
