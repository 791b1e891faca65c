"""Scales that are wrong in one part: the mistakes of 04.2."""

from collections.abc import Callable
from math import log
from typing import Any

import torch
from torch import Tensor, nn

Limit = Callable[[float], float]


def learned(number: float) -> Any:
    """Return a parameter that starts at a number."""
    return nn.Parameter(torch.tensor(number))


def cut(low: Limit | None = None, high: Limit | None = None) -> Callable[[Any], None]:
    """Return a `clamp_` that cuts the parameter at what its limits make of max_scale."""

    @torch.no_grad()
    def clamp(scale: Any) -> None:
        most = scale.max_scale
        scale.p.clamp_(min=low(most) if low else None, max=high(most) if high else None)

    return clamp


def at_limit(scale: Any) -> None:
    """Cut the parameter where it is right to cut it."""
    cut(high=log)(scale)


def never(_: Any) -> None:
    """Cut nothing."""


def under_autograd(scale: Any) -> None:
    """Cut the parameter while autograd is watching."""
    scale.p.clamp_(max=log(scale.max_scale))


def replaced(scale: Any) -> None:
    """Put a new parameter in the old one's place."""
    scale.p = learned(min(scale.p.item(), log(scale.max_scale)))


def replaced_beyond(scale: Any) -> None:
    """Put a new parameter in the old one's place where that is beyond the limit."""
    if scale.p > log(scale.max_scale):
        replaced(scale)


class without_super(nn.Module):  # noqa: N801 - it stands among functions that make scales
    """A module that was not made one before its first parameter."""

    def __init__(self, init: float, max_scale: float) -> None:  # noqa: ARG002
        self.p = learned(log(init))


def made(
    start: Callable[[float], Any] = lambda init: learned(log(init)),
    read: Callable[[Tensor, float], Any] = lambda p, _: p.exp(),
    clamp: Callable[[Any], None] = at_limit,
) -> Callable[..., nn.Module]:
    """Return a class of scales, right but for the parts that are given.

    Args:
        start: makes the parameter from `init`.
        read: makes the scale from the parameter and `max_scale`.
        clamp: what `clamp_` does.
    """

    class Scale(nn.Module):
        def __init__(self, init: float, max_scale: float) -> None:
            super().__init__()
            self.max_scale = max_scale
            self.p = start(init)

        def forward(self) -> Any:
            return read(self.p, self.max_scale)

        def clamp_(self) -> None:
            clamp(self)

    return Scale
