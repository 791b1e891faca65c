"""16.1: numbers that are rounded to a few levels, and a gradient that passes all the same.

Leaves out how several numbers together become one code.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex16_pictures_as_words.quantise_answers import MISTAKES, Steps, quantise
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


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
