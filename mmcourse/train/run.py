"""What surrounds a training step: the run it is a part of, and what is refused or undone.

Kept apart so that `fit` shows the loop alone. Leaves out the disk (`resume`).
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import final

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from mmcourse.train.optimizers import first_rates, optimizers


@final
@dataclass
class History:
    """What a run went through.

    Args:
        losses: the loss of every step.
    """

    losses: list[float] = field(default_factory=list)


@final
@dataclass(frozen=True)
class Run:
    """What a run is made of; `losses` grows, and model and optimizers change in place.

    Args:
        model: what is trained.
        chosen: its optimizers.
        highest: the highest learning rate of each group, by optimizer.
        steps: how many it takes from first to last.
        losses: of the steps that are done.
    """

    model: nn.Module
    chosen: Sequence[Optimizer]
    highest: Sequence[Sequence[float]]
    steps: int
    losses: list[float]

    def set_rates(self, share: float) -> None:
        """Give every group this share of its highest learning rate."""
        for optimizer, highest in zip(self.chosen, self.highest, strict=True):
            for group, rate in zip(optimizer.param_groups, highest, strict=True):
                group["lr"] = rate * share


def begin(model: nn.Module, chosen: Sequence[Optimizer] | None, steps: int) -> Run:
    """Return a run before its first step.

    Raises:
        ValueError: there is no optimizer.
    """
    chosen = list(optimizers(model) if chosen is None else chosen)
    if not chosen:
        raise ValueError("fit: chosen must hold an optimizer; got none; None takes our own.")
    return Run(model, chosen, first_rates(chosen), steps, [])


@contextmanager
def unharmed(model: nn.Module) -> Iterator[None]:
    """Put a model's buffers back if what is done here fails."""
    buffers = [buffer.clone() for buffer in model.buffers()]
    try:
        yield
    except BaseException:  # an interrupt, too, may come when a BatchNorm has seen the batch
        with torch.no_grad():
            for buffer, before in zip(model.buffers(), buffers, strict=True):
                buffer.copy_(before)
        raise


def check_loss(loss: Tensor, step: int) -> float:
    """Return the number that a loss is.

    Raises:
        TypeError: it is no tensor.
        ValueError: it is several numbers, has no gradient, or is not finite.
    """
    if not isinstance(loss, Tensor):
        raise TypeError(f"fit: loss_at must return a tensor; got {type(loss).__name__}.")
    if loss.numel() != 1 or not loss.requires_grad:
        raise ValueError(
            "fit: loss_at must return one number, with a gradient; got shape "
            f"{tuple(loss.shape)}, requires_grad={loss.requires_grad}; take its mean, or "
            "compute it from the model's parameters."
        )
    return check_finite("loss", loss, step)


def check_reached(run: Run) -> None:
    """Refuse a step after whose backward pass no weight has a gradient.

    Raises:
        ValueError: the loss depends on none that an optimizer moves.
    """
    groups = (group for optimizer in run.chosen for group in optimizer.param_groups)
    if all(weight.grad is None for group in groups for weight in group["params"]):
        raise ValueError(
            "fit: the loss must depend on weights that an optimizer moves; got one of others; "
            "compute it from the model's parameters."
        )


def check_finite(name: str, number: Tensor, step: int) -> float:
    """Return a tensor's one number.

    Raises:
        ValueError: it is NaN or infinite.
    """
    value = number.item()
    if not math.isfinite(value):
        raise ValueError(
            f"fit: the {name} must stay finite; got {value} at step {step}; the model was left "
            "as before it. Lower the learning rate, or clamp the scale."
        )
    return value
