"""Answers to 16.1, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from classroom.checks.question import Mistake

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


def _binned(latents: Tensor, levels: list[int]) -> Tensor:
    """Return which of as many bins each number falls into, from -1 to 1."""
    counts = torch.tensor(levels, dtype=latents.dtype)
    places = _through(torch.floor)(counts * torch.sigmoid(latents))
    return places / (counts - 1) * 2 - 1


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
        name="tanh-about-0",
        message="You stretched tanh to both sides of 0 and rounded there, where an even number "
        "of levels has none. Round (L - 1) · σ(x), from 0 to L - 1.",
        changes={
            "bound": torch.tanh,
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
        name="bins",
        message="You cut 0 … 1 into L bins of one width, and took the bin. Levels are L - 1 "
        "steps apart, and each number goes to the nearest: round (L - 1) · σ(x).",
        answer=_binned,
    ),
    Mistake(
        name="from-0",
        message="Your levels go from 0 to 1, to 2 or to L - 1. Bring them to -1 … 1.",
        changes={"spread": lambda places, steps: places / steps},
        variants=(
            {"spread": lambda places, steps: places / steps * 2},
            {"spread": lambda places, _: places},
        ),
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
        variants=({"rounded": lambda x: x.round() + (x - x.round()).detach()},),
    ),
)
