"""13.3: follow a velocity from noise to a picture, in equal steps straight on.

Leaves out better methods: the midpoint method is recognised, and told apart.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex13_text_to_image.euler_answers import MISTAKES, Steps
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

euler_sample = Steps()
"""Where noise ends up when it follows a velocity in equal steps."""


def harness(
    answer: "Answer", noise: "Tensor", steps: int, pull: float, drift: float
) -> "list[Any]":
    """Return where the noise ends up, and the noise afterwards.

    A point moves by `pull` times where it is, and by `drift` times 1 + t².
    """

    def velocity(points: "Tensor", times: "Tensor") -> "Tensor":
        if getattr(times, "shape", None) != points.shape[:1]:
            raise ValueError(
                "velocity: times must be a tensor of one number for each point, (batch,)"
            )
        spread = times.reshape(-1, *[1] * (points.ndim - 1)).to(points.dtype)
        return pull * points + drift * (1 + spread**2)

    kept = noise.clone()
    return [answer(velocity, kept, steps), kept]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    return dict(zip(("end", "noise afterwards"), outcome, strict=True))


def _drawn(rng: np.random.Generator, steps: int, *shape: int) -> tuple[Any, ...]:
    """Return noise, so many steps, and a velocity that depends on place and time."""
    noise = torch.from_numpy(2 * rng.standard_normal(shape))
    pull, drift = (round(float(rng.uniform(*ends)), 2) for ends in ((0.4, 0.9), (0.6, 1.4)))
    return noise, steps, pull * float(rng.choice([-1, 1])), drift


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    start = torch.tensor([[1.0]], dtype=torch.float64)
    return [
        shown("one step", start, 1, 1.0, 1.0),
        shown("two steps", start, 2, 1.0, 1.0),
        shown("four steps", start, 4, 0.0, 4.0),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three steps", *_drawn(rng, 3, 5, 2)),
        hidden("seven steps", *_drawn(rng, 7, 3, 4)),
        hidden("as many steps as points", *_drawn(rng, 4, 4, 4)),
    ]


def _shapes(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("pictures, two steps", *_drawn(rng, 2, 2, 3, 4, 5)),
        hidden("one picture, five steps", *_drawn(rng, 5, 1, 2, 3, 3)),
        hidden("one step", *_drawn(rng, 1, 7, 3)),
    ]


def _far(rng: np.random.Generator) -> Sequence[Case]:
    noise, *rest = _drawn(rng, 5, 3, 4)
    return [hidden("noise far out", 20 * noise, *rest)]


def _right_where(*, still: bool) -> Callable[..., bool]:
    """Return the law that a velocity without pull, or without drift, is followed rightly."""

    def holds(run: Callable[..., Any], noise: Tensor, steps: int, *rest: float) -> bool:
        pull, drift = (0.0, rest[1]) if still else (rest[0], 0.0)
        right = harness(euler_sample, noise, steps, pull, drift)[0]
        mine = run(noise, steps, pull, drift)["end"]
        return bool(np.allclose(mine, right.numpy(), rtol=1e-3, atol=1e-3))

    return holds


EULER_SAMPLE = Question(
    number="13.3",
    function="euler_sample",
    reference=euler_sample,
    harness=harness,
    told="It makes a velocity that depends on place and time, and calls "
    "euler_sample(velocity, noise, steps).",
    measure=measure,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="several steps", points=2, cases=_several),
        Property(name="pictures, and one step", points=1, cases=_shapes),
        Property(name="nothing is clamped", points=1, cases=_far),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="times",
            message="A velocity that depends on time alone leads yours elsewhere. Begin at "
            "`noise`; step i of n, counted from 0, asks at time i / n and adds velocity / n to "
            "the points reached so far. Nothing is clamped, and no noise is added.",
            holds=_right_where(still=True),
        ),
        Invariance(
            name="places",
            message="A velocity that depends on places alone leads yours elsewhere. Each step "
            "asks at the points that the step before has reached, and adds velocity / steps to "
            "them.",
            holds=_right_where(still=False),
        ),
    ),
)
