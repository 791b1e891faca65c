"""Calibration: whether a model that says 80 % is right in 80 % of such cases.

Leaves out other ways of cutting bins, and calibrators with more than one number.
"""

from collections.abc import Sequence
from math import exp, log
from typing import Any

import numpy as np
from jaxtyping import Int, Num
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.metrics.numbers import classes, float64, real

MOST_BINS = 1_000_000

TEMPERATURES = (1e-4, 1e4)
"""The lowest and the highest temperature that `fit_temperature` returns."""


@checked
def ece(
    probabilities: Num[np.ndarray | Tensor, "n classes"] | Sequence[Any],
    y: Int[np.ndarray | Tensor, " n"] | Sequence[Any],
    bins: int = 15,
) -> float:
    """Return the expected calibration error, in [0, 1]: how far confidence is from accuracy.

        ECE = Σ_b |B_b| / n · |accuracy(B_b) - confidence(B_b)|

    Answers are sorted by the probability of the likeliest class into bins of one width;
    bin b holds ((b - 1) / bins, b / bins]. Source: arXiv 1706.04599, equation 3.

    Differs from torchmetrics on a bin's edges alone: there bin b holds its lower edge, and
    answers of confidence 1 have a bin of their own.

    Args:
        probabilities: each row sums to 1.
        y: each row's true class, from 0.
        bins: how many bins, from 1 to a million.

    Raises:
        ValueError: no row; rows that are no probabilities, such as logits; a class that is
            unknown; or `bins` is out of range.

    Two answers of confidence 0.9, one of them right, and two of 0.6, both right:

    >>> sure = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.4, 0.6]])
    >>> round(ece(sure, np.array([0, 1, 0, 1])), 6)  # (|0.5 - 0.9| + |1 - 0.6|) / 2
    0.4
    """
    bins = whole("ece", "bins", bins, least=1, most=MOST_BINS)
    shares = real("ece", "probabilities", probabilities, axes=2)
    _require_rows("ece", "probabilities", shares)
    _check_probabilities(shares)
    y = classes("ece", y, items=len(shares), count=shares.shape[1])
    answers = shares.argmax(axis=1)
    right = answers == y
    confidence = shares[np.arange(len(y)), answers].astype(np.float64)
    where = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence, side="left")
    excess = np.bincount(where, weights=right - confidence, minlength=bins)
    return float(np.abs(excess).sum() / len(shares))


@checked
def fit_temperature(
    logits: Num[np.ndarray | Tensor, "n classes"] | Sequence[Any],
    y: Int[np.ndarray | Tensor, " n"] | Sequence[Any],
) -> float:
    """Return the temperature that makes softmax(logits / temperature) fit the answers best.

    It minimises the mean negative log likelihood, which is convex in 1 / temperature; its slope

        mean( Σ_c p_c logit_c - logit_y )

    grows with 1 / temperature, so that bisection finds where it is 0. The predicted classes
    stay as they are. Source: arXiv 1706.04599, section 4.2.

    Where every answer is right no temperature is cold enough, and where answers are worse than
    chance none is hot enough: the nearer limit, 1e-4 or 1e4, comes back. Where all logits of a
    row are equal, temperature changes nothing, and 1 comes back.

    Args:
        logits: before the softmax; cosines do as well.
        y: each row's true class, from 0.

    Raises:
        ValueError: no row; NaN or infinity; or a class that is unknown.

    Three of four answers are right, so a lead of log 3 would be honest; it is 2:

    >>> logits = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])
    >>> round(fit_temperature(logits, np.array([0, 0, 0, 1])) * log(3), 6)
    2.0
    """
    scores = float64("fit_temperature", "logits", logits, axes=2)
    _require_rows("fit_temperature", "logits", scores)
    y = classes("fit_temperature", y, items=len(scores), count=scores.shape[1])
    scores = scores - scores.max(axis=1, keepdims=True)
    if not scores.any():
        return 1.0
    coldest, hottest = map(log, TEMPERATURES)
    low, high = -hottest, -coldest  # of log(1 / temperature)
    if _slope(scores, y, exp(high)) <= 0:
        return TEMPERATURES[0]
    if _slope(scores, y, exp(low)) >= 0:
        return TEMPERATURES[1]
    for _ in range(60):  # each halves the range; 60 exhaust float64
        middle = (low + high) / 2
        low, high = (low, middle) if _slope(scores, y, exp(middle)) > 0 else (middle, high)
    return exp(-(low + high) / 2)


def _slope(scores: np.ndarray, y: np.ndarray, scale: float) -> float:
    """Return the derivative of the mean negative log likelihood by the scale."""
    weights = np.exp(scale * scores)
    expected = (weights * scores).sum(axis=1) / weights.sum(axis=1)
    return float((expected - scores[np.arange(len(y)), y]).mean())


def _require_rows(operation: str, name: str, rows: np.ndarray) -> None:
    if rows.size == 0:
        raise ValueError(f"{operation}: {name} must have a row and a class; got {rows.shape}.")


def _check_probabilities(shares: np.ndarray) -> None:
    sums = shares @ np.ones(shares.shape[1], shares.dtype)  # quicker than shares.sum(axis=1)
    if shares.min() < 0 or np.abs(sums - 1).max() > 1e-2:  # half precision is this coarse
        row = int(np.argmax(np.maximum(np.abs(sums - 1), -shares.min(axis=1))))
        raise ValueError(
            "ece: rows must be probabilities that sum to 1; got row "
            f"{row} with sum {sums[row]:g} and minimum {shares[row].min():g}; "
            "logits.softmax(1) makes them."
        )
