"""10.6: how a LoRA correction starts, so that at first nothing changes, and something can.

The answer is random, so what it looks like is judged, and where it is drawn from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex10_adapting_clip.inputs import normal
from classroom.checks.ex10_adapting_clip.start_answers import MISTAKES, build
from classroom.checks.question import Answer, Case, Property, Question, hidden, shown

NEAR = 0.1
"""How far a spread may be off, as a share; its standard deviation is 0.02."""


def harness(answer: "Answer", weight: "Tensor", rank: int, seed: int) -> "list[Any]":
    """Return a and b for a seed, for the same one again, and for the next."""
    import torch

    return [
        answer(weight, rank, torch.Generator().manual_seed(one))
        for one in (seed, seed, seed + 1)
    ]


def measure(outcome: list[Any], weight: Tensor, *_: Any) -> dict[str, Any]:
    """Return shapes, and in words what the numbers are."""
    (a, b), (again, _), (other, _) = outcome
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return {
        "shape of a": list(a.shape),
        "shape of b": list(b.shape),
        "b": "all 0" if not b.any() else "not all 0",
        "a": _numbers(a, weight.shape[1] ** -0.5),
        "same seed": "the same a" if np.array_equal(a, again) else "another a",
        "next seed": "the same a" if np.array_equal(a, other) else "another a",
    }


def _numbers(a: np.ndarray, spread: float) -> str:
    if not a.any():
        return "all 0"
    if (a == a[0]).all():
        return "all rows alike"
    if a.min() >= 0:
        return "none below 0"
    if np.abs(a).max() < 2 * a.std():
        return "as likely anywhere in a range"
    if abs(a.mean()) > a.std() / 5:
        return "a mean that is not 0"
    off = a.std() / spread
    if abs(off - 1) < NEAR:
        return "mean 0, spread 1/√in"
    return "spread 1" if abs(a.std() - 1) < NEAR else "another spread"


def _drawn(rng: np.random.Generator, outputs: int, inputs: int, rank: int) -> tuple[Any, ...]:
    return normal(rng, outputs, inputs), rank, int(rng.integers(1, 2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [shown("rank 4", torch.zeros(3, 400), 4, 7)]


def _layers(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("more inputs than outputs", *_drawn(rng, 5, 500, 3)),
        hidden("more outputs than inputs", *_drawn(rng, 70, 60, 30)),
        hidden("a square layer", *_drawn(rng, 40, 40, 40)),
    ]


LORA_START = Question(
    number="10.6",
    function="lora_start",
    reference=build(),
    harness=harness,
    told="It calls lora_start twice with one seed, and once with the next.",
    measure=measure,
    build=build,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="nothing changes at first, and something can", points=2, cases=_layers),
    ),
    mistakes=MISTAKES,
)
