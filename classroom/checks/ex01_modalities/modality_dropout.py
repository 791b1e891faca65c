"""01.3: hide whole modalities at random, so that a model learns to do without one.

The answer is random, so its laws are judged, and how often it hides. Leaves out which numbers
a Generator gives: any way of drawing is right.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown

SAMPLES = 1500
"""Enough for the share that is hidden to be known to 0.01, one standard deviation."""


def modality_dropout(x: Tensor, p: float, generator: Generator) -> Tensor:
    """Return `x` (samples, modalities, dim) with modalities set to 0, never all of a sample."""
    kept = torch.rand(x.shape[:2], generator=generator) >= p  # (samples, modalities)
    kept |= ~kept.any(dim=1, keepdim=True)
    return x * kept.unsqueeze(-1)


def harness(answer: Callable[..., Any], x: Tensor, p: float, seed: int) -> list[Any]:
    """Return what comes out, what comes out for the same seed again, and x afterwards."""
    import torch

    again = answer(x.clone(), p, torch.Generator().manual_seed(seed))
    return [answer(x, p, torch.Generator().manual_seed(seed)), again, x]


def measure(outcome: list[np.ndarray], x: Tensor, p: float, seed: int) -> list[Any]:  # noqa: ARG001
    """Return the share of numbers that were hidden, and which laws were kept, in words."""
    out, again, after = outcome
    before = x.numpy()
    if out.shape != before.shape:
        return [f"shape {out.shape}, where {before.shape} is expected"]
    gone = out == 0
    whole = (gone.all(-1) | ~gone.any(-1)).all()
    same = np.allclose(out[~gone], before[~gone], rtol=1e-5)
    alike = len(x) > 1 and gone.any() and (gone == gone[:1]).all()
    return [
        gone.mean(),
        "whole modalities" if whole else "parts of modalities",
        "the rest unchanged" if same else "the rest changed",
        "sometimes all of a sample" if gone.all((1, 2)).any() else "never all of a sample",
        "every sample alike" if alike else "each sample by itself",
        "the same for the same seed" if np.array_equal(out, again) else "another each time",
        "x left alone" if np.array_equal(before, after) else "x overwritten",
    ]


def _arguments(
    rng: np.random.Generator, samples: int, modalities: int, p: float
) -> tuple[Tensor, float, int]:
    """Return numbers from 1 to 2, none of them 0, a probability and a seed."""
    x = 1 + rng.random((samples, modalities, 2), dtype=np.float32)
    return torch.from_numpy(x), p, int(rng.integers(1, 2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [
        shown("p = 0 hides nothing", *_arguments(fixed, 2, 3, 0.0)),
        shown("p = 1 would hide all, so it hides nothing", *_arguments(fixed, 3, 2, 1.0)),
        shown("three modalities", *_arguments(fixed, SAMPLES, 3, 0.2)),
    ]


def _often(rng: np.random.Generator) -> Sequence[Case]:
    seldom, often = (round(float(rng.uniform(*low)), 2) for low in ((0.1, 0.3), (0.6, 0.8)))
    return [
        hidden("three modalities, hidden seldom", *_arguments(rng, SAMPLES, 3, seldom)),
        hidden("four modalities, hidden often", *_arguments(rng, SAMPLES, 4, often)),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    some = round(float(rng.uniform(0.3, 0.7)), 2)
    return [
        hidden("two modalities", *_arguments(rng, SAMPLES, 2, some)),
        hidden("the only modality", *_arguments(rng, 7, 1, some)),
        hidden("p = 1", *_arguments(rng, 5, 3, 1.0)),
    ]


def _drop(x: Tensor, kept: Tensor) -> Tensor:
    kept = kept | ~kept.any(dim=1, keepdim=True)
    return x * kept.unsqueeze(-1)


def _per_feature(x: Tensor, p: float, generator: Generator) -> Tensor:
    kept = torch.rand(x.shape, generator=generator) >= p
    kept |= ~kept.flatten(1).any(dim=1)[:, None, None]
    return x * kept


def _overwritten(x: Tensor, p: float, generator: Generator) -> Tensor:
    x.copy_(modality_dropout(x, p, generator))
    return x


MODALITY_DROPOUT = Question(
    number="01.3",
    function="modality_dropout",
    reference=modality_dropout,
    harness=harness,
    rtol=0,
    atol=0.06,  # two right answers hide shares that differ by chance, by about 0.01
    measure=measure,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="hides as often as p says", points=2, cases=_often),
        Property(name="never the last one", points=1, cases=_few),
    ),
    mistakes=(
        Mistake(
            name="dropped-per-feature-not-per-sample",
            message="You hid single numbers. Hide a whole modality of a sample, all of its "
            "numbers at once: draw one number for each (sample, modality).",
            answer=_per_feature,
            variants=(
                lambda x, p, generator: x * (torch.rand(x.shape, generator=generator) >= p),
            ),
        ),
        Mistake(
            name="all-modalities-dropped",
            message="Some samples lost every modality, and nothing is left to learn from. Such "
            "a sample must keep them all.",
            answer=lambda x, p, generator: (
                x * (torch.rand(x.shape[:2], generator=generator) >= p).unsqueeze(-1)
            ),
        ),
        Mistake(
            name="rescaled",
            message="You scaled up what is left, as ordinary dropout does. A modality that is "
            "there at test time looks as it is: leave it unchanged.",
            answer=lambda x, p, generator: (
                modality_dropout(x, p, generator) / (1 - p if p < 1 else 1)
            ),
        ),
        Mistake(
            name="kept-with-p",
            message="You kept a modality with probability p; p is the probability to hide it.",
            answer=lambda x, p, generator: modality_dropout(x, 1 - p, generator),
        ),
        Mistake(
            name="one-draw-for-all",
            message="Every sample lost the same modalities. Draw for each sample by itself.",
            answer=lambda x, p, generator: _drop(
                x, (torch.rand(1, x.shape[1], generator=generator) >= p).expand(x.shape[:2])
            ),
        ),
        Mistake(
            name="ignored-generator",
            message="The same seed gave another result: draw from the generator that is passed "
            "in, with torch.rand(..., generator=generator).",
            answer=lambda x, p, _: _drop(x, torch.rand(x.shape[:2]) >= p),
        ),
        Mistake(
            name="overwritten",
            message="You wrote into x itself, and whoever passed it in loses their data.",
            answer=_overwritten,
        ),
    ),
)
