"""16.1: numbers that are rounded to a few levels, and a gradient that passes all the same.

Leaves out how several numbers together become one code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Step = Callable[[Tensor], Tensor]


def _as_is(x: Tensor) -> Tensor:
    return x


def _straight_through(x: Tensor) -> Tensor:
    return x + (x.round() - x).detach()


def _through(to: Step) -> Step:
    """Return a rounding that gradients pass as if it were not there."""
    return lambda x: x + (to(x) - x).detach()


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`quantise`, with steps that may be replaced."""

    bound: Step = torch.sigmoid
    steps: Step = lambda levels: levels - 1
    rounded: Step = _straight_through
    spread: Callable[[Tensor, Tensor], Tensor] = lambda places, steps: places / steps * 2 - 1

    def __call__(self, latents: Tensor, levels: list[int]) -> Tensor:
        """Return every number on the level next to it, from -1 to 1."""
        steps = self.steps(torch.tensor(levels, dtype=latents.dtype))
        return self.spread(self.rounded(steps * self.bound(latents)), steps)


quantise = Steps()
"""Every number on the level next to it, from -1 to 1; the gradient is that of the sigmoid."""


def harness(
    answer: "Answer", latents: "Tensor", levels: "list[int]", weights: "Tensor"
) -> "list[Tensor]":
    """Return what numbers become, and the gradient of its weighted sum; NaN if none flows."""
    import torch

    x = latents.clone().requires_grad_()
    found = answer(x, list(levels))
    slope = torch.full_like(latents, float("nan"))
    if found.requires_grad:
        (way,) = torch.autograd.grad((found * weights).sum(), x, allow_unused=True)
        slope = slope if way is None else way
    return [found, slope]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    return dict(zip(("levels", "gradient"), outcome, strict=True))


def _drawn(
    rng: np.random.Generator, levels: Sequence[int], *shape: int
) -> tuple[Tensor, list[int], Tensor]:
    """Return numbers of which none is near the border between two levels, and weights."""
    counts = np.array(levels)
    while True:
        latents = 2.5 * rng.standard_normal((*shape, len(levels)))
        places = (counts - 1) / (1 + np.exp(-latents))
        others = (counts - 1) * (1 / (1 + np.exp(-latents)) - 0.5)
        if all(np.abs(one % 1 - 0.5).min() > 1e-3 for one in (places, others)):
            break
    weights = rng.uniform(0.5, 2, latents.shape)
    return torch.from_numpy(latents).float(), list(levels), torch.from_numpy(weights).float()


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    latents = torch.tensor([[-9.0], [0.0], [1.0], [9.0]])
    return [
        shown("five levels", latents, [5], torch.ones(4, 1)),
        shown("two levels", latents[::2] - 0.5, [2], torch.ones(2, 1)),
    ]


def _odd(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five levels each", *_drawn(rng, (5, 5, 5), 11)),
        hidden("three, seven and five levels", *_drawn(rng, (3, 7, 5), 4, 6)),
    ]


def _even(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("eight, five, five and five", *_drawn(rng, (8, 5, 5, 5), 12)),
        hidden("four and two levels", *_drawn(rng, (4, 2), 3, 5)),
        hidden("as many rows as numbers", *_drawn(rng, (6, 3, 8, 4), 4)),
    ]


def _codes(
    run: Callable[..., Any], latents: Tensor, levels: list[int], weights: Tensor
) -> bool:
    """Return whether each column holds at most as many values as it has levels."""
    found = np.asarray(run(latents, levels, weights)["levels"]).reshape(-1, len(levels))
    return all(
        len(np.unique(column.round(4))) <= count
        for column, count in zip(found.T, levels, strict=True)
    )


def _slope(
    run: Callable[..., Any], latents: Tensor, levels: list[int], weights: Tensor
) -> bool:
    chances = torch.sigmoid(latents)
    right = 2 * chances * (1 - chances) * weights
    mine = run(latents, levels, weights)["gradient"]
    return bool(np.allclose(mine, right.numpy(), rtol=1e-3, atol=1e-3))


MISTAKES = (
    Mistake(
        name="no-gradient",
        message="No gradient passes: round is flat nearly everywhere, so an encoder before it "
        "would never learn. x + (round(x) - x).detach() has round's value and x's gradient.",
        changes={"rounded": torch.round},
        variants=({"rounded": lambda x: x.round().detach()},),
    ),
    Mistake(
        name="gradient-past-the-sigmoid",
        message="Your gradient passes the sigmoid as well as the rounding. Only rounding is "
        "passed over: far out, where the sigmoid is flat, little may flow.",
        answer=lambda latents, levels: _through(lambda x: quantise(x, levels))(latents),
    ),
    Mistake(
        name="rounded-before-bounding",
        message="You rounded before the sigmoid, so that your numbers stand on no levels. "
        "Bound first, stretch to 0 … L - 1, then round.",
        changes={
            "bound": lambda x: torch.sigmoid(_straight_through(x)),
            "rounded": _as_is,
        },
        variants=({"bound": lambda x: torch.sigmoid(_straight_through(x))},),
    ),
    Mistake(
        name="levels-off-by-one",
        message="You have one level too many, or one too few. L levels are L - 1 steps apart: "
        "round (L - 1) · σ(x).",
        changes={"steps": _as_is},
        variants=({"steps": lambda levels: (levels - 2).clamp(min=1)},),
    ),
    Mistake(
        name="even-levels",
        message="You rounded about 0, where an even number of levels has none: half of a step "
        "is forgotten, and a level too many comes out. Round (L - 1) · σ(x), from 0 to L - 1.",
        changes={
            "bound": lambda x: 2 * torch.sigmoid(x) - 1,
            "steps": lambda levels: (levels - 1) / 2,
            "spread": lambda places, steps: places / steps,
        },
    ),
    Mistake(
        name="other-bound",
        message="You bounded by tanh, which is twice as steep: (tanh(x) + 1) / 2 is σ(2x).",
        changes={"bound": lambda x: torch.sigmoid(2 * x)},
    ),
    Mistake(
        name="cut-off",
        message="You cut the numbers off in place of a sigmoid. What lies beyond gets no "
        "gradient then, and never comes back.",
        changes={"bound": lambda x: x.clamp(0, 1)},
        variants=({"bound": lambda x: (x.clamp(-1, 1) + 1) / 2},),
    ),
    Mistake(
        name="rounded-down",
        message="You rounded down, so that the last level is hardly ever reached. Take the "
        "nearest: torch.round.",
        changes={"rounded": _through(torch.floor)},
        variants=({"rounded": _through(torch.ceil)},),
    ),
    Mistake(
        name="from-0",
        message="Your levels go from 0 to 1, or from 0 to L - 1. Bring them to -1 … 1.",
        changes={"spread": lambda places, steps: places / steps},
        variants=({"spread": lambda places, _: places},),
    ),
    Mistake(
        name="levels-of-one",
        message="All columns have the same number of levels with you. levels[i] is for column "
        "i, along the last axis.",
        changes={"steps": lambda levels: levels[:1] - 1},
        variants=({"steps": lambda levels: levels[-1:] - 1},),
    ),
    Mistake(
        name="not-rounded",
        message="Your numbers are bounded, and not rounded.",
        changes={"rounded": _as_is},
    ),
)

QUANTISE = Question(
    number="16.1",
    function="quantise",
    reference=quantise,
    harness=harness,
    measure=measure,
    told="It calls quantise(latents, levels), and asks how a sum of the result, with weights, "
    "changes with the latents.",
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="odd numbers of levels", points=2, cases=_odd),
        Property(name="even ones, too", points=2, cases=_even),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="as-many-values",
            message="A column of L levels may hold L values; yours holds more.",
            holds=_codes,
        ),
        Invariance(
            name="slope",
            message="The gradient is not that of 2σ(x) - 1, which is left when rounding is "
            "passed over.",
            holds=_slope,
        ),
    ),
)
