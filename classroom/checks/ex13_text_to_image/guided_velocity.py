"""13.2: classifier-free guidance, from two velocities and a scale."""

from collections.abc import Callable, Sequence
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
Pair = tuple[Tensor, Tensor]


def _as_is(x: Tensor) -> Tensor:
    return x


def _clamped(x: Tensor) -> Tensor:
    return x.clamp(-1, 1)


def _from_without(with_prompt: Tensor, without: Tensor, scale: float) -> Tensor:
    return without + scale * (with_prompt - without)


def build(
    combined: Callable[[Tensor, Tensor, float], Tensor] = _from_without,
    scaled: Callable[[float], float] = lambda scale: scale,
    before: Step = _as_is,
    after: Step = _as_is,
    sized: Callable[[Tensor, Tensor], Tensor] = lambda found, _: found,
) -> Answer:
    """Return `guided_velocity` with some of its steps replaced."""

    def answer(with_prompt: Tensor, without: Tensor, scale: float) -> Tensor:
        found = combined(before(with_prompt), before(without), scaled(scale))
        return sized(after(found), with_prompt)

    return answer


guided_velocity = build()
"""The velocity that is `scale` times as far from `without` as `with_prompt` is."""


def _drawn(rng: np.random.Generator, *shape: int, size: float = 2.0) -> Pair:
    """Return two velocities, many of whose numbers lie beyond -1 and 1."""
    with_prompt, without = (
        torch.from_numpy(size * rng.standard_normal(shape)) for _ in range(2)
    )
    return with_prompt, without


def _scale(rng: np.random.Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    three, one = torch.tensor([[3.0]]), torch.tensor([[1.0]])
    return [
        shown("as in training", three, one, 1.0),
        shown("twice as far", three, one, 2.0),
        shown("without a prompt", three, one, 0.0),
    ]


def _beyond(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("seven points", *_drawn(rng, 7, 3), _scale(rng, 1.5, 4)),
        hidden("pictures", *_drawn(rng, 2, 3, 4, 5), _scale(rng, 2, 8)),
        hidden("as many rows as columns", *_drawn(rng, 4, 4), _scale(rng, 12, 20)),
    ]


def _up_to_one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("scale 0", *_drawn(rng, 5, 3), 0.0),
        hidden("scale 1", *_drawn(rng, 5, 3), 1.0),
        hidden("in between", *_drawn(rng, 3, 5), _scale(rng, 0.2, 0.8)),
    ]


def _far(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("fast points", *_drawn(rng, 5, 3, size=40.0), _scale(rng, 2, 5))]


def _gives(position: int, scale: float) -> Callable[..., bool]:
    """Return the law that at this scale one of the two velocities comes back."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        pair = arguments[:2]
        return bool(np.allclose(run(*pair, scale), pair[position], rtol=1e-3, atol=1e-3))

    return holds


def _grows(run: Callable[..., Any], one: Tensor, other: Tensor, scale: float) -> bool:
    """Return whether velocities that are right where small are right where large, too."""
    small, large = (
        np.asarray(run(factor * one, factor * other, scale)) / factor for factor in (1e-2, 1e2)
    )
    right = np.allclose(small, _from_without(one, other, scale), rtol=1e-3, atol=1e-3)
    return not right or np.allclose(large, small, rtol=1e-3, atol=1e-3)


GUIDED_VELOCITY = Question(
    number="13.2",
    function="guided_velocity",
    reference=guided_velocity,
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="beyond the prompt", points=2, cases=_beyond),
        Property(name="from 0 to 1", points=1, cases=_up_to_one),
        Property(name="fast points stay fast", points=1, cases=_far),
    ),
    mistakes=(
        Mistake(
            name="w-off-by-one",
            message="Your scale is one off. Papers count in two ways: in some, 0 means as in "
            "training; here 1 does, and 0 means without a prompt. Start from `without`.",
            changes={"scaled": lambda scale: scale + 1},
            variants=({"scaled": lambda scale: scale - 1},),
        ),
        Mistake(
            name="reversed",
            message="The two velocities have changed places: at scale 1 yours ignores the "
            "prompt. Start from `without` and walk towards `with_prompt`.",
            changes={"combined": lambda one, other, scale: one + scale * (other - one)},
        ),
        Mistake(
            name="away",
            message="You walk away from the prompt: the difference has the wrong sign. It is "
            "with_prompt - without.",
            changes={"combined": lambda one, other, scale: other + scale * (other - one)},
        ),
        Mistake(
            name="interpolates-outputs-after-clamp",
            message="You clamped to -1 … 1. Velocities are no pixels: they may be of any size, "
            "and guidance makes them larger. Only the finished picture is clamped.",
            changes={"before": _clamped},
            variants=({"after": _clamped}, {"before": _clamped, "after": _clamped}),
        ),
        Mistake(
            name="never-beyond",
            message="Your scale stops at 1, so that guidance never exaggerates. It is meant to "
            "go beyond: this is an extrapolation.",
            changes={"scaled": lambda scale: min(max(scale, 0.0), 1.0)},
        ),
        Mistake(
            name="difference-alone",
            message="This is what the prompt adds, times the scale. Add it to `without`.",
            changes={"combined": lambda one, other, scale: scale * (one - other)},
        ),
        Mistake(
            name="prompt-alone",
            message="You made the prompted velocity longer. What is to grow is its difference "
            "from `without`.",
            changes={"combined": lambda one, _, scale: scale * one},
        ),
        Mistake(
            name="added",
            message="You added the scaled prompt to `without`. Subtract `without` from it "
            "first: at scale 1 nothing of it may be left.",
            changes={"combined": lambda one, other, scale: other + scale * one},
        ),
        Mistake(
            name="rescaled",
            message="You brought the result back to the prompted velocity's length. That is "
            "another method; here the length may grow.",
            changes={"sized": lambda found, one: found * one.norm() / found.norm()},
        ),
    ),
    invariances=(
        Invariance(
            name="cut-off",
            message="Velocities are cut off at a fixed size. They are no pixels: leave out "
            "every clamp, however wide.",
            holds=_grows,
        ),
        Invariance(
            name="scale-1",
            message="At scale 1 the prompt is followed as in training: with_prompt must come "
            "back. Yours gives something else.",
            holds=_gives(0, 1.0),
        ),
        Invariance(
            name="scale-0",
            message="At scale 0 the prompt plays no part: `without` must come back. Yours "
            "gives something else.",
            holds=_gives(1, 0.0),
        ),
        Invariance(
            name="straight",
            message="From scale 1 to 2 the velocity must move as far as from 0 to 1, and in "
            "the same direction; yours does not.",
            holds=lambda run, one, other, _: bool(
                np.allclose(
                    np.asarray(run(one, other, 2.0)) - run(one, other, 1.0),
                    np.asarray(run(one, other, 1.0)) - run(one, other, 0.0),
                    rtol=1e-3,
                    atol=1e-3,
                )
            ),
        ),
    ),
)
