"""What is judged of 01.3, whose answer is random: how often it hides, which laws it keeps."""

from collections.abc import Callable
from typing import Any

import numpy as np
from torch import Tensor

from classroom.checks.question import Invariance

TOLERANCE = 0.06
"""How far a share may be off: two right answers differ by chance, by about 0.01."""


def harness(answer: Callable[..., Any], x: Tensor, p: float, seed: int) -> list[Any]:
    """Return what comes out, the same for the same seed, for another one, and x afterwards."""
    import torch

    again, other = (
        answer(x.clone(), p, torch.Generator().manual_seed(one)) for one in (seed, seed + 1)
    )
    return [answer(x, p, torch.Generator().manual_seed(seed)), again, other, x]


def measure(outcome: list[np.ndarray], x: Tensor, p: float, seed: int) -> list[Any]:  # noqa: ARG001
    """Return the share of numbers that were hidden, and which laws were kept, in words."""
    out, again, other, after = outcome
    before = x.numpy()
    if out.shape != before.shape:
        return [f"shape {out.shape}, where {before.shape} is expected"]
    gone = out == 0
    whole = (gone.all(-1) | ~gone.any(-1)).all()
    same = np.allclose(out[~gone], before[~gone], rtol=1e-5)
    lost = gone.all(-1)
    partly = (lost.any(-1) & ~lost.all(-1)).any()
    alike = len(x) > 1 and gone.any() and (gone == gone[:1]).all()
    return [
        gone.mean(),
        "whole modalities" if whole else "parts of modalities",
        "the rest unchanged" if same else "the rest changed",
        "sometimes all of a sample" if gone.all((1, 2)).any() else "never all of a sample",
        "some of a sample" if partly else "all of a sample, or nothing",
        "every sample alike" if alike else "each sample by itself",
        "the same for the same seed" if np.array_equal(out, again) else "another each time",
        "the same for another seed" if np.array_equal(out, other) else "another for it",
        "x left alone" if np.array_equal(before, after) else "x overwritten",
    ]


def _says(name: str, word: str, message: str) -> Invariance:
    """Return the law that `measure` finds this word."""
    return Invariance(
        name=name, message=message, holds=lambda run, *arguments: word in run(*arguments)
    )


def _too_much(run: Callable[..., Any], x: Tensor, p: float, seed: int) -> float:
    """Return the share that was hidden, less the one that is expected."""
    return float(run(x, p, seed)[0]) - (p - p ** x.shape[1])


LAWS = (
    _says(
        "rest-changed",
        "the rest unchanged",
        "Numbers came out that are neither 0 nor what they were. A hidden modality is 0, and "
        "what stays is left unchanged.",
    ),
    _says(
        "parts-hidden",
        "whole modalities",
        "Some modalities lost only a part of their numbers. All numbers of a modality of a "
        "sample go or stay together.",
    ),
    _says(
        "some-lost-all",
        "never all of a sample",
        "Some samples lost every modality. Such a sample must keep them all.",
    ),
    _says(
        "alike",
        "each sample by itself",
        "Every sample lost the same modalities. Draw for each sample by itself.",
    ),
    _says(
        "seed-ignored",
        "the same for the same seed",
        "The same seed gave another result: draw from the generator that is passed in alone.",
    ),
    Invariance(
        name="too-seldom",
        message="Modalities are hidden less often than p says. Each is to be lost with "
        "probability p, whatever became of the others of its sample.",
        holds=lambda run, *arguments: _too_much(run, *arguments) > -TOLERANCE,
    ),
    Invariance(
        name="too-often",
        message="More is hidden than should be. Each modality is lost with probability p, and "
        "a sample that would lose everything loses nothing.",
        holds=lambda run, *arguments: _too_much(run, *arguments) < TOLERANCE,
    ),
)
