"""04.2: a scale that is learned as its logarithm, up to a limit that it can leave again."""

from collections.abc import Callable, Sequence
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from classroom.checks.ex04_temperature.wrong_scales import (
    cut,
    learned,
    made,
    never,
    replaced,
    replaced_beyond,
    under_autograd,
    without_super,
)
from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


class LogitScale(nn.Module):
    """A positive scale: exp of a parameter, which `clamp_` puts back to log(max_scale)."""

    def __init__(self, init: float = 1 / 0.07, max_scale: float = 100.0) -> None:
        super().__init__()
        self.max_scale = max_scale
        self.logit_scale = nn.Parameter(torch.tensor(log(init)))

    def forward(self) -> Tensor:
        """Return the scale."""
        return self.logit_scale.exp()

    @torch.no_grad()
    def clamp_(self) -> None:
        """Put the parameter back to the limit."""
        self.logit_scale.clamp_(max=log(self.max_scale))


def harness(
    answer: Callable[..., Any], init: float, max_scale: float, steps: Sequence[float]
) -> "list[Any]":
    """Return the scale at first and after each step, and whether its parameter is the same.

    A step above 0 raises the scale; `clamp_` follows each.
    """
    import torch

    scale = answer(init, max_scale)
    learned = list(scale.parameters())  # as an optimiser holds them
    path = [torch.as_tensor(scale()).detach().item()]
    for step in steps:
        now = scale()
        if getattr(now, "requires_grad", False):
            now.backward()
        with torch.no_grad():
            for one in learned:
                if one.grad is not None:
                    one.add_(step * one.grad.sign())
                    one.grad = None
        scale.clamp_()
        path.append(torch.as_tensor(scale()).detach().item())
    same = all(any(one is old for old in learned) for one in scale.parameters())
    return [path, same]


def _starts(run: Callable[..., Any], init: float, max_scale: float, _: object) -> bool:
    return _near(run(init, max_scale, [])[0], [init])


def _doubles(run: Callable[..., Any], init: float, *_: object) -> bool:
    return _near(run(init, 100 * init, [log(2)])[0], [init, 2 * init])


def _stops(run: Callable[..., Any], init: float, max_scale: float, _: object) -> bool:
    beyond = log(2 * max_scale / init)
    return _near(run(init, max_scale, [beyond])[0], [init, max_scale])


def _returns(run: Callable[..., Any], init: float, max_scale: float, _: object) -> bool:
    beyond = log(2 * max_scale / init)
    path = run(init, max_scale, [beyond, -log(2)])[0]
    return _near(path, [init, max_scale, max_scale / 2])


def _near(path: Sequence[float], expected: Sequence[float]) -> bool:
    return bool(np.allclose(path, expected, rtol=1e-3))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    twice, half = log(2), -log(2)
    return [
        shown("it starts at init", 8.0, 100.0, []),
        shown("steps of log 2 double it, and halve it", 8.0, 100.0, [twice, half, half]),
        shown("it stops at 10, and comes back", 8.0, 10.0, [twice, half]),
    ]


def _sizes(rng: np.random.Generator, low: float, high: float, count: int) -> list[float]:
    return [round(float(one), 2) for one in rng.uniform(low, high, count)]


def _below(rng: np.random.Generator) -> Sequence[Case]:
    ups, downs = _sizes(rng, 0.1, 0.5, 3), _sizes(rng, -0.4, -0.1, 2)
    high, low = _sizes(rng, 8, 20, 1)[0], _sizes(rng, 1.1, 2, 1)[0]
    return [
        hidden("up, and a little down", high, 500.0, ups + downs),
        hidden("a scale that falls below 1", low, 50.0, [-1.2, *downs, *ups]),
    ]


def _at_the_limit(rng: np.random.Generator) -> Sequence[Case]:
    ups, downs = _sizes(rng, 0.7, 0.9, 3), _sizes(rng, -0.5, -0.2, 3)
    start, low = _sizes(rng, 30, 70, 1)[0], _sizes(rng, 1.1, 1.4, 1)[0]
    return [
        hidden("up to 100, and back", start, 100.0, ups + downs),
        hidden("a limit of 1.5", low, 1.5, [1.6, *downs]),
    ]


LOGIT_SCALE = Question(
    number="04.2",
    function="LogitScale",
    reference=LogitScale,
    harness=harness,
    build=made,
    rtol=1e-4,  # a float32 logarithm, after a few steps
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="learned as a logarithm", points=2, cases=_below),
        Property(name="a limit that it can leave", points=2, cases=_at_the_limit),
    ),
    mistakes=(
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
            variants=(
                {"read": lambda p, most: p.clamp(max=log(most)).exp(), "clamp": never},
            ),
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
    ),
    invariances=(
        Invariance(
            name="start",
            message="Your scale does not start at init: forward returns the exp of the "
            "parameter, and the parameter starts at log(init).",
            holds=_starts,
        ),
        Invariance(
            name="percentage",
            message="A step of log 2 on the parameter must double the scale; it does not "
            "double yours. The scale is the exp of the parameter, to the base e.",
            holds=_doubles,
        ),
        Invariance(
            name="limit",
            message="After a step beyond max_scale, clamp_ must leave the scale at max_scale; "
            "yours is elsewhere.",
            holds=_stops,
        ),
        Invariance(
            name="return",
            message="A step of -log 2 down from the limit must halve the scale; it does not "
            "halve yours.",
            holds=_returns,
        ),
    ),
)
