"""07.3: a closed world gets a way out, before the softmax.

Cosines are float32, as a model gives them, and once near 1 at a scale of 100: there e to the
power of a logit is beyond what float32 holds.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex07_using_clip.none_answers import (
    MISTAKES,
    build,
)
from classroom.checks.invariances import follows_order, sums_to
from classroom.checks.question import (
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


def _cosines(
    rng: np.random.Generator, pictures: int, prompts: int, low: float = 0.15, high: float = 0.4
) -> Tensor:
    """Return cosines of which none is far from the others, as a CLIP gives them."""
    return torch.from_numpy(rng.uniform(low, high, (pictures, prompts))).float()


def _scale(rng: np.random.Generator) -> float:
    return round(float(rng.uniform(8, 20)), 1)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    odds = torch.tensor([[6.0, 2.0, 1.0, 1.0]]).log() / 10
    return [
        shown("odds of 6, 2, 1 and 1", odds, 10.0, 2),
        shown("the same, three names offered", odds, 10.0, 3),
        shown("no way out", odds, 10.0, 4),
        shown("no name fits", torch.tensor([[0.12, 0.11, 0.1, 0.3]]), 10.0, 3),
        shown("a scale of 100", torch.tensor([[0.96, 0.95, 0.94]]), 100.0, 2),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two names, three ways out", _cosines(rng, 3, 5), _scale(rng), 2),
        hidden("three names, four ways out", _cosines(rng, 5, 7), _scale(rng), 3),
        hidden("as many pictures as prompts", _cosines(rng, 4, 4), _scale(rng), 2),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    high = _cosines(rng, 3, 6, 0.93, 0.97)
    return [
        hidden("one way out", _cosines(rng, 2, 4), _scale(rng), 3),
        hidden("no way out", _cosines(rng, 2, 3), _scale(rng), 3),
        hidden("high cosines, a scale of 100", high, 100.0, 2),
    ]


def _keeps_odds(run: Callable[..., Any], cosines: Tensor, scale: float, offered: int) -> bool:
    """Return whether the offered names keep their odds among each other."""
    names = np.asarray(run(cosines, scale, offered))[:, :offered]
    right = (scale * cosines[:, :offered]).softmax(dim=-1).numpy()
    return bool(np.allclose(names, right * names.sum(axis=1, keepdims=True), atol=1e-3))


def _adds_nothing(run: Callable[..., Any], cosines: Tensor, scale: float, offered: int) -> bool:
    """Return whether one more way out takes something from every name."""
    before = np.asarray(run(cosines, scale, offered))[:, :offered]
    longer = torch.cat([cosines, cosines.max(dim=1, keepdim=True).values], dim=1)
    after = np.asarray(run(longer, scale, offered))[:, :offered]
    return bool((after.sum(axis=1) < before.sum(axis=1) - 1e-3).all())


WITH_NONE_OF_THESE = Question(
    number="07.3",
    function="with_none_of_these",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-4,  # float32 knows a logit near 100 to 1e-5
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the ways out add up", points=2, cases=_several),
        Property(name="one way out, none, or a large scale", points=1, cases=_few),
    ),
    mistakes=MISTAKES,
    invariances=(
        sums_to("Each row must add up to 1; one of yours does not."),
        follows_order("Turning the pictures round must turn the rows round."),
        Invariance(
            name="competes",
            message="One more way out must take its own part from the names, no less and no "
            "more. Let all prompts share 1 out in one softmax; then add the ways out up.",
            holds=_adds_nothing,
        ),
        Invariance(
            name="odds",
            message="A way out takes from all names alike: their odds among each other must "
            "stay what the cosines say.",
            holds=_keeps_odds,
        ),
    ),
    left_out="A threshold of any other height: its output is that of no known answer; the laws "
    "tell it.",
)
