"""13.1: the loss of a rectified flow, with noise and times that the answer draws.

Leaves out drawing times other than evenly, as the shipped painter was trained.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex13_text_to_image.flow_answers import MISTAKES, Steps
from classroom.checks.ex13_text_to_image.flow_seen import LAWS, measure
from classroom.checks.question import Answer, Case, Property, Question, hidden, shown

flow_loss = Steps()
"""The mean squared error of a network's velocities at random points of random lines."""


def harness(
    answer: "Answer", clean: "Tensor", condition: "Tensor", seed: int, learning: float
) -> "list[Any]":
    """Return what calls with a seed, again, the next, and the first generator once more gave.

    Of each call: the loss, its gradient, whether that reaches the prompts, the pictures
    afterwards, and what the network was asked. The network says half of each point, and learns
    that half. Its gradient is NaN where none flows back.
    """
    import torch

    def once(generator: "Any") -> "list[Any]":
        half = torch.tensor(0.5, dtype=clean.dtype, requires_grad=True)
        seen: list[Any] = []
        reached, kept = [0.0], clean.clone()

        def net(points: "Any", times: "Any", condition: "Any") -> "Any":
            reached[0] = float(getattr(condition, "requires_grad", False))
            seen[:] = [torch.as_tensor(one).detach() for one in (points, times, condition)]
            return half * points

        read = condition.clone().requires_grad_(bool(learning))
        loss = torch.as_tensor(answer(net, kept, read, generator))
        slope = float("nan")
        if learning and loss.requires_grad:
            slope = float(torch.autograd.grad(loss.sum(), half)[0])
        return [loss.detach(), slope, *reached, kept, *seen]

    first = torch.Generator().manual_seed(seed)
    others = [torch.Generator().manual_seed(number) for number in (seed, seed + 1)]
    return [once(generator) for generator in (first, *others, first)]


def _drawn(rng: np.random.Generator, *shape: int, learning: float = 0.0) -> tuple[Any, ...]:
    """Return pictures whose numbers lie about 3, prompts and a seed."""
    clean = torch.from_numpy(3 + rng.standard_normal(shape)).float()
    condition = torch.from_numpy(rng.standard_normal((shape[0], 2))).float()
    return clean, condition, int(rng.integers(1, 2**31)), learning


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [
        shown("a thousand points of two numbers", *_drawn(fixed, 1000, 2)),
        shown("forty pictures", *_drawn(fixed, 40, 3, 5, 4)),
    ]


def _lines(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("points", *_drawn(rng, 2000, 3)),
        hidden("pictures", *_drawn(rng, 30, 3, 6, 5)),
        hidden("as many pictures as columns", *_drawn(rng, 30, 2, 2, 30)),
    ]


def _sides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("as many points as numbers", *_drawn(rng, 50, 50)),
        hidden("as many pictures as rows and columns", *_drawn(rng, 14, 2, 14, 14)),
        hidden("as many pictures as channels", *_drawn(rng, 15, 15, 4, 3)),
    ]


def _learning(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("points, with a gradient", *_drawn(rng, 600, 3, learning=1.0))]


FLOW_LOSS = Question(
    number="13.1",
    function="flow_loss",
    reference=flow_loss,
    harness=harness,
    told="It makes a network that says half of each point, calls flow_loss(net, clean, "
    "condition, generator) with one seed twice, with the next and with the first generator "
    "again, and works out from what the network was asked which noise you drew.",
    measure=measure,
    build=Steps,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="a line for each picture", points=3, cases=_lines),
        Property(name="as many pictures as an axis is long", points=1, cases=_sides),
        Property(name="gradients flow back", points=1, cases=_learning),
    ),
    mistakes=MISTAKES,
    invariances=LAWS,
)
