"""Answers to 13.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from classroom.checks.question import Mistake

Velocity = Callable[[Tensor, Tensor], Tensor]
Step = Callable[[Tensor], Tensor]


def _as_is(x: Tensor) -> Tensor:
    return x


def _clamped(x: Tensor) -> Tensor:
    return x.clamp(-1, 1)


def _one_each(time: float, points: Tensor) -> Tensor:
    return torch.full((len(points),), time, dtype=points.dtype)


def _alone(time: float, _: Tensor) -> Tensor:
    return torch.tensor(time)


def _plain(time: float, _: Tensor) -> float:
    return time


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`euler_sample`, with steps that may be replaced."""

    count: Callable[[int], int] = lambda steps: steps
    time: Callable[[int, int], float] = lambda step, steps: step / steps
    share: Callable[[int], float] = lambda steps: 1 / steps
    told: Callable[[float, Tensor], Any] = _one_each
    asked: Callable[[Tensor, Tensor], Tensor] = lambda points, _: points
    each: Step = _as_is
    last: Step = _as_is
    copied: bool = True

    def __call__(self, velocity: Velocity, noise: Tensor, steps: int) -> Tensor:
        """Return where the noise ends up."""
        points = noise.clone() if self.copied else noise
        for step in range(self.count(steps)):
            here = self.asked(points, noise)
            found = velocity(here, self.told(self.time(step, steps), here))
            moved = self.each(points + self.share(steps) * found)
            points = moved if self.copied else points.copy_(moved)
        return self.last(points)


def _midpoint(velocity: Velocity, noise: Tensor, steps: int) -> Tensor:
    points = noise.clone()
    for step in range(steps):
        half = points + velocity(points, _one_each(step / steps, points)) / (2 * steps)
        points = points + velocity(half, _one_each((step + 0.5) / steps, points)) / steps
    return points


def _heun(velocity: Velocity, noise: Tensor, steps: int) -> Tensor:
    points = noise.clone()
    for step in range(steps):
        first = velocity(points, _one_each(step / steps, points))
        ahead = points + first / steps
        second = velocity(ahead, _one_each((step + 1) / steps, points))
        points = points + (first + second) / (2 * steps)
    return points


MISTAKES = (
    Mistake(
        name="backwards-time",
        message="Your time runs backwards. It begins at 0, with noise, and ends at 1, with "
        "the picture; a step adds velocity / steps.",
        changes={"time": lambda step, steps: 1 - step / steps},
        variants=(
            {"time": lambda step, steps: 1 - (step + 1) / steps},
            {
                "time": lambda step, steps: 1 - step / steps,
                "share": lambda steps: -1 / steps,
            },
        ),
    ),
    Mistake(
        name="subtracted",
        message="Your points walk away: a step *adds* velocity / steps. Time begins at 0, with "
        "noise, and the velocity points to the picture.",
        changes={"share": lambda steps: -1 / steps},
    ),
    Mistake(
        name="off-by-one-step",
        message="Your steps are one off. There are `steps` of them, each 1 / steps long; step "
        "i, counted from 0, asks at i / steps, where it begins, so that 1 is never asked.",
        changes={"time": lambda step, steps: (step + 1) / steps},
        variants=(
            {"count": lambda steps: steps + 1},
            {"count": lambda steps: steps - 1},
            {"share": lambda steps: 1 / (steps + 1)},
            {"time": lambda step, steps: step / max(steps - 1, 1)},
            {
                "time": lambda step, steps: step / max(steps - 1, 1),
                "share": lambda steps: 1 / max(steps - 1, 1),
            },
            {
                "count": lambda steps: steps - 1,
                "time": lambda step, steps: step / max(steps - 1, 1),
                "share": lambda steps: 1 / max(steps - 1, 1),
            },
        ),
    ),
    Mistake(
        name="clamps-every-step",
        message="You clamped the points at every step. On the way they are noise, and go far "
        "beyond 1; what is cut off there is missing at the end.",
        changes={"each": _clamped},
        variants=({"each": lambda x: x.clamp(0, 1)}, {"each": lambda x: x.clamp(-10, 10)}),
    ),
    Mistake(
        name="clamped-at-the-end",
        message="You clamped the result. These points are no pixels, and may lie anywhere; "
        "the decoder clamps what it unfolds.",
        changes={"last": _clamped},
        variants=({"last": lambda x: x.clamp(0, 1)},),
    ),
    Mistake(
        name="whole-steps",
        message="You add the whole velocity at every step. It says how far a point moves in "
        "the whole time; one step is 1 / steps of that.",
        changes={"share": lambda _: 1.0},
    ),
    Mistake(
        name="asked-at-the-noise",
        message="You ask for the velocity where the noise was, at every step. Ask where the "
        "points are by now.",
        changes={"asked": lambda _, noise: noise},
        variants=({"asked": lambda _, noise: noise, "time": lambda *_: 0.0},),
    ),
    Mistake(
        name="time-stands-still",
        message="Your time stays 0. Step i of n, counted from 0, asks at time i / n.",
        changes={"time": lambda *_: 0.0},
    ),
    Mistake(
        name="time-is-the-step",
        message="You pass the number of the step as the time. Divide it by `steps`: time runs "
        "from 0 to 1.",
        changes={"time": lambda step, _: float(step)},
    ),
    Mistake(
        name="one-time-for-all",
        message="velocity wants a time for each point, a tensor of shape (batch,); "
        "torch.full((len(points),), time) makes one. You passed another shape.",
        changes={"told": _plain},
        variants=(
            {"told": _alone},
            {"told": lambda time, points: torch.full((len(points), 1), time)},
            {"told": lambda time, points: torch.full_like(points, time)},
            {"told": lambda time, _: torch.full((1,), time)},
        ),
    ),
    Mistake(
        name="better-than-euler",
        message="That is a better method than Euler's: it looks ahead within a step. Lesson 13 "
        "compares the two; here take each step with the velocity at its beginning.",
        answer=_midpoint,
        variants=(_heun,),
    ),
    Mistake(
        name="overwritten",
        message="You wrote into `noise` itself, and whoever passed it in has lost it. "
        "`points = points + …` makes new points; `+=` changes them in place.",
        changes={"copied": False},
    ),
)
