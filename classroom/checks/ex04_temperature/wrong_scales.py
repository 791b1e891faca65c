"""Scales that are wrong in one part: the mistakes of 04.2."""

from collections.abc import Callable
from math import log
from typing import Any

import torch
from torch import Tensor, nn

from classroom.checks.question import Mistake

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


MISTAKES = (
    Mistake(
        name="stores-tau-not-log",
        message="Your parameter is not a logarithm, so that one step may carry it through "
        "0 and turn every ranking round. Store log(init), and return its exp.",
        answer=made(
            start=lambda init: learned(1 / init),
            read=lambda p, _: 1 / p,
            clamp=cut(low=lambda most: 1 / most),
        ),
        variants=(
            made(start=learned, read=lambda p, _: 1 * p, clamp=cut(high=lambda most: most)),
            made(start=learned, read=lambda p, _: 1 * p, clamp=never),
        ),
    ),
    Mistake(
        name="exp-forgotten",
        message="You returned the parameter, a logarithm. The scale is its exp.",
        changes={"read": lambda p, _: 1 * p},
    ),
    Mistake(
        name="log-forgotten",
        message="You stored init itself and took its exp: e to the power of 8 is 2981. "
        "Store log(init).",
        changes={"start": learned},
    ),
    Mistake(
        name="init-ignored",
        message="Your scale starts at the same number whatever init is. Store log(init).",
        changes={"start": lambda _: learned(log(1 / 0.07))},
    ),
    Mistake(
        name="clamped-wrong-side",
        message="You cut from below: min= raises the scale to its limit at once. A limit "
        "from above is max=.",
        changes={"clamp": cut(low=log)},
    ),
    Mistake(
        name="clamp-blocks-gradient",
        message="Beyond the limit your scale is constant, so its gradient is 0 and it "
        "never comes back. Let clamp_ put the parameter itself back to the limit.",
        changes={"read": lambda p, most: p.exp().clamp(max=most), "clamp": never},
        variants=({"read": lambda p, most: p.clamp(max=log(most)).exp(), "clamp": never},),
    ),
    Mistake(
        name="no-limit",
        message="Nothing stops the scale at max_scale. Let clamp_ cut the parameter at "
        "log(max_scale), in place.",
        changes={"clamp": never},
    ),
    Mistake(
        name="limit-not-log",
        message="You cut the parameter at max_scale. It is a logarithm, so its limit is "
        "log(max_scale).",
        changes={"clamp": cut(high=lambda most: most)},
    ),
    Mistake(
        name="limit-ignored",
        message="Your limit is 100 whatever max_scale is. Keep max_scale, and cut the "
        "parameter at its logarithm.",
        changes={"clamp": cut(high=lambda _: log(100))},
    ),
    Mistake(
        name="lower-limit",
        message="You cut the scale at 1 from below as well. Here it has an upper limit "
        "alone, max=.",
        changes={"clamp": cut(low=lambda _: 0, high=log)},
    ),
    Mistake(
        name="clamp-tracked",
        message="clamp_ changes a parameter while autograd is watching. Put it "
        "under torch.no_grad().",
        changes={"clamp": under_autograd},
    ),
    Mistake(
        name="parameter-replaced",
        message="clamp_ put a new parameter in the old one's place, and the optimiser "
        "still holds the old one. Change it in place: self.logit_scale.clamp_(...).",
        changes={"clamp": replaced},
        variants=({"clamp": replaced_beyond},),
    ),
    Mistake(
        name="nothing-learned",
        message="No step changes your scale. Store an nn.Parameter, and return a tensor "
        "that is computed from it, not a number.",
        changes={"start": lambda init: torch.tensor(log(init))},
        variants=({"read": lambda p, _: p.exp().item()},),
    ),
    Mistake(
        name="no-super",
        message="A module begins with super().__init__(), before its first parameter.",
        answer=without_super,
    ),
)
