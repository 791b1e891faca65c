"""The difference between two models that were asked the same questions.

Both find the same items easy, so that two separate intervals may overlap where the difference
is certain. Leaves out what is no mean, such as a median, and better intervals for few items
(Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 14).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Num
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.metrics.accuracy import check_confidence
from mmcourse.metrics.numbers import float64

AT_ONCE = 4_000_000
"""Items that are drawn at a time, 32 MB of them."""

Scores = Num[np.ndarray, " n"] | Bool[np.ndarray, " n"] | Num[Tensor, " n"] | Bool[Tensor, " n"]


class Difference(NamedTuple):
    """How much higher one mean is than another, and where the true value plausibly lies."""

    difference: float
    low: float
    high: float


@checked
def paired_bootstrap(
    a: Sequence[Any] | Scores,
    b: Sequence[Any] | Scores,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    draws: int = 10_000,
) -> Difference:
    """Return mean(a) - mean(b) of the same items, with its percentile bootstrap interval.

    Draws n of the n items again and again, with replacement, takes the difference of each
    draw, and cuts off the same share at both ends (Efron and Tibshirani 1993, section 13.3; for
    comparing models Koehn, *Statistical significance tests for machine translation
    evaluation*, EMNLP 2004). An interval without 0 says that the sign is not luck. From fewer
    than about thirty items it comes out too narrow.

    Args:
        a: one model's score of each item, such as whether its answer is right.
        b: the other's; item i is the same for both.
        rng: advanced; equal generators give equal intervals.
        confidence: how often such intervals hold the true difference, between 0 and 1.
        draws: how many times n items are drawn, at least 100.

    Raises:
        ValueError: the lengths differ; fewer than two items; a score that is not finite; or
            `confidence` or `draws` is out of range.

    All items say the same, so no draw differs:

    >>> paired_bootstrap([True, True, True], [0.5, 0.5, 0.5], np.random.default_rng(0))
    Difference(difference=0.5, low=0.5, high=0.5)
    """
    operation = "paired_bootstrap"
    first, second = _scores("a", a), _scores("b", b)
    if len(first) != len(second) or len(first) < 2:
        raise ValueError(
            f"{operation}: a and b must score the same items, at least two; got {len(first)} "
            f"and {len(second)} scores."
        )
    confidence = check_confidence(operation, confidence)
    draws = whole(operation, "draws", draws, least=100)
    means = _resampled(first - second, rng, draws)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Difference(float((first - second).mean()), float(low), float(high))


def _resampled(
    differences: Float64[np.ndarray, " n"], rng: np.random.Generator, draws: int
) -> Float64[np.ndarray, " draws"]:
    """Return the mean of n differences drawn with replacement, `draws` times."""
    n = len(differences)
    step = max(1, AT_ONCE // n)
    parts = []
    for done in range(0, draws, step):
        # rng.random alone gives the same stream in every version of numpy
        rows = (n * rng.random((min(step, draws - done), n))).astype(np.int64)
        parts.append(differences[rows].mean(axis=1))
    return np.concatenate(parts)


def _scores(name: str, scores: object) -> Float64[np.ndarray, " n"]:
    if not isinstance(scores, Tensor):
        scores = np.asarray(scores)
    if str(scores.dtype) in ("bool", "torch.bool"):
        scores = scores * 1  # right counts 1, wrong 0
    return float64("paired_bootstrap", name, scores, axes=1)
