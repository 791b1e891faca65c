"""13.4: leave prompts out at random, so that one network learns to paint with and without.

The answer is random, so it is asked many times, and its laws are judged. Leaves out which
numbers a Generator gives: any way of drawing is right.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex13_text_to_image.drop_answers import MISTAKES, Steps, drop_condition
from classroom.checks.ex13_text_to_image.drop_laws import LAWS, TOLERANCE, measure
from classroom.checks.question import Answer, Case, Property, Question, hidden, shown


def harness(
    answer: "Answer", condition: "Tensor", nothing: "Tensor", share: float, seed: int
) -> "list[Any]":
    """Return what comes out for many seeds, for some once more, and the prompts afterwards.

    Also what some generators give at a second call, and the gradients of all that these gave,
    by the prompts and by `nothing`; NaN where none flows back.
    """
    import torch

    kept = condition.clone()
    read, learnt = (each.clone().requires_grad_() for each in (condition, nothing))

    def once(number: int, prompts: "Any") -> "Any":
        return answer(prompts, nothing.clone(), share, torch.Generator().manual_seed(number))

    def twice(number: int) -> "Any":
        generator = torch.Generator().manual_seed(number)
        answer(condition.clone(), nothing.clone(), share, generator)
        return answer(read * 1, learnt * 1, share, generator)

    outs = [once(number, condition.clone()) for number in range(seed, seed + 200)]
    again = [once(number, condition.clone()) for number in range(seed, seed + 30)]
    later = torch.stack([twice(number) for number in range(seed, seed + 30)])
    once(seed, kept)
    slopes = [torch.full_like(each, float("nan")) for each in (condition, nothing)]
    if later.requires_grad:
        found = torch.autograd.grad(later.sum(), (read, learnt), allow_unused=True)
        slopes = [
            slope if one is None else one for one, slope in zip(found, slopes, strict=True)
        ]
    return [
        torch.stack(outs).detach(),
        torch.stack(again).detach(),
        kept,
        later.detach(),
        *slopes,
    ]


def _drawn(rng: np.random.Generator, share: float, *shape: int) -> tuple[Any, ...]:
    """Return prompts of numbers from 1 to 2, a nothing from -2 to -1, a share and a seed."""
    condition = torch.from_numpy(1 + rng.random(shape))
    nothing = torch.from_numpy(-1 - rng.random(shape[1:]))
    return condition, nothing, share, int(rng.integers(1, 2**31))


def _chance(rng: np.random.Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [
        shown("share 0 drops nothing", *_drawn(fixed, 0.0, 2, 3, 2)),
        shown("share 1 drops all", *_drawn(fixed, 1.0, 3, 2, 2)),
        shown("a quarter of eight prompts", *_drawn(fixed, 0.25, 8, 3, 2)),
    ]


def _often(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("eight prompts, seldom", *_drawn(rng, _chance(rng, 0.3, 0.35), 8, 3, 2)),
        hidden("seven prompts, often", *_drawn(rng, _chance(rng, 0.65, 0.8), 7, 2, 3)),
        hidden("as many as words", *_drawn(rng, _chance(rng, 0.3, 0.35), 5, 5, 5)),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one prompt", *_drawn(rng, _chance(rng, 0.65, 0.7), 1, 4, 2)),
        hidden("prompts of one word", *_drawn(rng, _chance(rng, 0.3, 0.35), 6, 1, 3)),
    ]


DROP_CONDITION = Question(
    number="13.4",
    function="drop_condition",
    reference=drop_condition,
    harness=harness,
    told="It calls your drop_condition with 200 seeds, with thirty of them once more, and "
    "twice with one generator, and looks at which prompts are gone and what stands in "
    "their place.",
    rtol=0,
    atol=TOLERANCE,
    measure=measure,
    build=Steps,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="each prompt by itself, so often", points=2, cases=_often),
        Property(name="one prompt, one word", points=1, cases=_one),
    ),
    mistakes=MISTAKES,
    invariances=LAWS,
)
