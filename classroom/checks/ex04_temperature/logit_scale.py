"""04.2: a scale that is learned as its logarithm, up to a limit that it can leave again."""

from collections.abc import Callable, Sequence
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from classroom.checks.ex04_temperature.wrong_scales import MISTAKES, made
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown


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
    mistakes=MISTAKES,
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
