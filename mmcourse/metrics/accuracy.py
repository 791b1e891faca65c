"""Shares of right answers and means, and how far such a number can be trusted.

Leaves out ranked lists (`retrieval`) and whether a model knows how sure it may be
(`calibration`).
"""

from collections.abc import Sequence
from math import inf, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Num, Shaped
from scipy.special import stdtrit  # type: ignore[import-untyped]
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.metrics.numbers import float64

MOST_ANSWERS = 2**53
"""Beyond it float64 skips whole numbers."""


class Interval(NamedTuple):
    """A measured share and the range in which the true share plausibly lies, all in [0, 1]."""

    share: float
    low: float
    high: float


class MeanInterval(NamedTuple):
    """The mean of some values and the range in which the true mean plausibly lies."""

    mean: float
    low: float
    high: float


def accuracy(
    predictions: Shaped[np.ndarray | Tensor, " n"], targets: Shaped[np.ndarray | Tensor, " n"]
) -> float:
    """Return the share of predictions that equal their target, in [0, 1].

    Raises:
        TypeError: not two numpy arrays or two torch tensors, or words against numbers.
        ValueError: the two differ in shape or device, do not have one axis, or are empty; or
            one is of whole numbers and the other of fractions, such as probabilities.

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
            f"{tuple(predictions.shape)} and {tuple(targets.shape)}; "
            "probabilities.argmax(1) gives the predicted classes."
        )
    _check_comparable(predictions, targets)
    same: Any = predictions == targets
    return float(same.sum()) / len(targets)


@checked
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
        ValueError: a number is outside its range.

    All of four right with z² = 4 (confidence 0.9545): 4 / (4 + 4) up to 1.

    >>> share, low, high = accuracy_interval(4, 4, confidence=0.9545)
    >>> share, round(low, 3), high
    (1.0, 0.5, 1.0)
    """
    n = whole("accuracy_interval", "n", n, least=1, most=MOST_ANSWERS)
    correct = whole("accuracy_interval", "correct", correct, least=0, most=n)
    confidence = check_confidence("accuracy_interval", confidence)
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    share = correct / n
    centre = (correct + z2 / 2) / (n + z2)
    half = sqrt(z2 * (n * share * (1 - share) + z2 / 4)) / (n + z2)
    high = 1.0 if correct == n else centre + half  # rounding may not give exactly 1
    return Interval(share, centre - half, high)


@checked
def mean_interval(
    values: Sequence[Any] | Num[np.ndarray | Tensor, " n"], *, confidence: float = 0.95
) -> MeanInterval:
    """Return the mean of independent values, such as one for each seed, with its interval.

        mean ± t · s / √n

    s is their standard deviation over n - 1, t the quantile of Student's distribution with
    n - 1 degrees of freedom (Student, *The probable error of a mean*, Biometrika 1908). It
    holds for values that scatter roughly as a normal distribution does.

    Args:
        values: at least two numbers.
        confidence: how often such intervals hold the true mean, between 0 and 1.

    Raises:
        ValueError: fewer than two values, one that is not finite, or more than one axis; or
            `confidence` is outside its range.

    Two values 1 apart from their mean; with one degree of freedom half of all t lie within 1:

    >>> mean, low, high = mean_interval([3, 5], confidence=0.5)
    >>> mean, round(low, 6), round(high, 6)
    (4.0, 3.0, 5.0)
    """
    confidence = check_confidence("mean_interval", confidence)
    numbers = float64("mean_interval", "values", values, axes=1)
    if len(numbers) < 2:
        raise ValueError(
            f"mean_interval: needs at least two values to see them scatter; got {len(numbers)}."
        )
    mean = float(numbers.mean())
    error = float(numbers.std(ddof=1)) / sqrt(len(numbers))
    half = float(stdtrit(len(numbers) - 1, (1 + confidence) / 2)) * error
    return MeanInterval(mean, mean - half, mean + half)


def check_confidence(operation: str, confidence: object) -> float:
    """Return a confidence between 0 and 1 as a float.

    Raises:
        TypeError: it is no number.
        ValueError: it is outside its range.

    >>> check_confidence("mean_interval", 0.95)
    0.95
    """
    confidence = real(operation, "confidence", confidence)
    if confidence <= 0 or (1 + confidence) / 2 >= 1:  # a hair below 1 rounds to 1
        raise ValueError(
            f"{operation}: confidence must lie between 0 and 1, such as 0.95; got {confidence}."
        )
    return confidence


def _check_comparable(predictions: Any, targets: Any) -> None:
    """Refuse what compares without an error but could never be equal."""
    both = (predictions, targets)
    if isinstance(predictions, Tensor) and predictions.device != targets.device:
        raise ValueError(
            f"accuracy: both must be on one device; got {predictions.device} and "
            f"{targets.device}; move one with .to(other.device)."
        )
    words = [isinstance(x, np.ndarray) and x.dtype.kind in "US" for x in both]
    if words[0] != words[1]:
        raise TypeError(
            "accuracy: words compare with words and numbers with numbers; got "
            f"{predictions.dtype} and {targets.dtype}; look words up in the list of classes."
        )
    floats = [x for x in both if _is_float(x)]
    if (
        len(floats) == 1
        and not ((floats[0] == floats[0].round()) & (abs(floats[0]) < inf)).all()
    ):
        raise ValueError(
            f"accuracy: class numbers are whole; got {predictions.dtype} and {targets.dtype} "
            "with fractions; pass the predicted class: probabilities.argmax(1)."
        )


def _is_float(x: Any) -> bool:
    return x.is_floating_point() if isinstance(x, Tensor) else x.dtype.kind == "f"
