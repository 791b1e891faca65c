"""Metrics: how good an answer is, and how far that number can be trusted.

Leaves out everything about ranked lists.
"""

from math import sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Shaped
from torch import Tensor


class Interval(NamedTuple):
    """A measured share and the range in which the true share plausibly lies, all in [0, 1]."""

    share: float
    low: float
    high: float


def accuracy(
    predictions: Shaped[np.ndarray | Tensor, " n"], targets: Shaped[np.ndarray | Tensor, " n"]
) -> float:
    """Return the share of predictions that equal their target, in [0, 1].

    Raises:
        TypeError: not two numpy arrays or two torch tensors.
        ValueError: the two differ in shape, do not have one axis, or are empty.

    >>> accuracy(np.array([0, 1, 1, 2]), np.array([0, 1, 0, 2]))
    0.75
    """
    both = (predictions, targets)
    if not any(all(isinstance(x, kind) for x in both) for kind in (np.ndarray, Tensor)):
        raise TypeError(
            "accuracy: expected two numpy arrays or two torch tensors; got "
            f"{type(predictions).__name__} and {type(targets).__name__}; "
            "np.asarray makes an array."
        )
    if predictions.shape != targets.shape or predictions.ndim != 1 or len(targets) == 0:
        raise ValueError(
            "accuracy: needs one prediction per target, at least one, in shape (n,); got "
            f"{tuple(predictions.shape)} and {tuple(targets.shape)}."
        )
    same: Any = predictions == targets
    return float(same.sum()) / len(targets)


def accuracy_interval(correct: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Return `correct / n` with its Wilson score interval.

    Wilson's interval stays inside [0, 1] and keeps its promise for few answers and for shares
    near 0 or 1, where share ± 1.96 standard errors does not (Wilson, *Probable inference, the
    law of succession, and statistical inference*, JASA 1927; Brown, Cai and DasGupta,
    *Interval estimation for a binomial proportion*, Statistical Science 2001, section 3.1.1).

    Args:
        correct: how many answers are right, 0 to `n`.
        n: how many answers there are, at least 1.
        confidence: how often such intervals hold the true share, between 0 and 1.

    Raises:
        TypeError: `correct` or `n` is not a whole number.
        ValueError: a number is outside its range.

    All of four right with z² = 4 (confidence 0.9545): 4 / (4 + 4) up to 1.

    >>> share, low, high = accuracy_interval(4, 4, confidence=0.9545)
    >>> share, round(low, 3), high
    (1.0, 0.5, 1.0)
    """
    for name, number in (("correct", correct), ("n", n)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise TypeError(
                f"accuracy_interval: {name} must be a whole number; got {number!r}."
            )
    if not 0 <= correct <= n or n < 1:
        raise ValueError(
            f"accuracy_interval: needs 0 <= correct <= n and n >= 1; got {correct} of {n}."
        )
    if not 0 < confidence < 1:
        raise ValueError(
            "accuracy_interval: confidence must lie between 0 and 1, such as 0.95; "
            f"got {confidence}."
        )
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    share = float(correct / n)
    centre = (correct + z2 / 2) / (n + z2)
    half = sqrt(z2 * (n * share * (1 - share) + z2 / 4)) / (n + z2)
    high = 1.0 if correct == n else float(centre + half)  # rounding may not give exactly 1
    return Interval(share, float(centre - half), high)
