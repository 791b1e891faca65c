"""Answers to 08.5, a right one and the mistakes that are known."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import (
    Answer,
    Mistake,
)
from classroom.checks.tiny import tiny
from mmcourse.clip import tokenize

Array = np.ndarray


Ends = Callable[[Array, float], tuple[float, float]]


def _unit(rows: Tensor) -> Tensor:
    return F.normalize(rows, dim=-1)


def _raw(rows: Tensor) -> Tensor:
    return rows


def _right(
    template: str, names: list[str], pictures: Tensor, truth: Array, columns: Any = _unit
) -> Array:
    """Return for each picture whether the template's classifier is right, 1 or 0."""
    with torch.no_grad():
        texts = tiny()[0].encode_text(tokenize([template.format(name) for name in names]))
    said = (pictures @ columns(texts).T).argmax(dim=1).numpy()
    return (said == truth).astype(float)


def _middle(means: Array, _: float = 0, cut: float = 0.025) -> tuple[float, float]:
    low, high = np.quantile(means, [cut, 1 - cut])
    return float(low), float(high)


def _lowest(means: Array, _: float) -> tuple[float, float]:
    low, high = np.percentile(means, [0.025, 0.975])
    return float(low), float(high)


def _around(times: float, *, measured: bool) -> Ends:
    """Return the ends of a student who goes so many standard deviations to both sides."""

    def ends(means: Array, gain: float) -> tuple[float, float]:
        centre = gain if measured else float(means.mean())
        return centre - times * float(means.std()), centre + times * float(means.std())

    return ends


def _paired(first: Array, second: Array, rows: Array) -> Array:
    return (second - first)[rows].mean(axis=1)


def build(  # noqa: PLR0913 - one keyword for each thing that goes wrong
    *,
    fill: Callable[[str], str] = str,
    columns: Callable[[Tensor], Tensor] = _unit,
    sign: int = 1,
    draws: Callable[[Array, Array, Array], Array] = _paired,
    ends: Ends = _middle,
    gain: Callable[[float, Array], float] = lambda measured, _: measured,
    finish: Callable[[float, float, float], tuple[float, ...]] = lambda *three: three,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(
        first: str, second: str, names: list[str], pictures: Tensor, truth: Array, rows: Array
    ) -> tuple[float, ...]:
        one, other = (
            sign * _right(fill(template), names, pictures, truth, columns)
            for template in (first, second)
        )
        means = draws(one, other, rows)
        measured = float((other - one).mean())
        return finish(gain(measured, means), *ends(means, measured))

    return answer


def _apart(*, crossed: bool, in_order: bool = False) -> Answer:
    """Return an answer that subtracts the ends of two intervals."""

    def answer(first: str, second: str, *given: Any) -> tuple[float, float, float]:
        rights = [_right(template, *given[:3]) for template in (first, second)]
        one, other = (_middle(right[given[3]].mean(axis=1)) for right in rights)
        ends = (one[1], one[0]) if crossed else one
        difference = float(rights[1].mean() - rights[0].mean())
        low, high = other[0] - ends[0], other[1] - ends[1]
        if in_order:
            low, high = min(low, high), max(low, high)
        return difference, low, high

    return answer


MISTAKES = (
    Mistake(
        name="other-way-round",
        message="You subtracted the second from the first. The gain is positive where the "
        "second template is better.",
        changes={"sign": -1},
    ),
    Mistake(
        name="two-intervals",
        message="You made an interval of each template and subtracted their ends. Both saw "
        "the same pictures: take the difference picture by picture, then draw.",
        answer=_apart(crossed=True),
        variants=(_apart(crossed=False), _apart(crossed=False, in_order=True)),
    ),
    Mistake(
        name="other-rows",
        message="The two templates were not drawn on the same pictures. A row of `rows` "
        "serves both: that is what pairs them.",
        changes={
            "draws": lambda one, other, rows: (
                other[rows].mean(axis=1) - one[rows[::-1]].mean(axis=1)
            )
        },
    ),
    Mistake(
        name="wrong-axis",
        message="You took the mean over the draws. Each row of `rows` is one draw: take "
        "the mean along it, so that every draw has one number.",
        changes={"draws": lambda one, other, rows: (other - one)[rows].mean(axis=0)},
    ),
    Mistake(
        name="pictures-not-draws",
        message="These are quantiles over pictures, where each difference is −1, 0 or 1. "
        "Take the mean of each draw first; then its quantiles over the draws.",
        changes={"draws": lambda one, other, _: other - one},
    ),
    Mistake(
        name="other-share",
        message="Your interval is not the middle 95 % of the draws. Cut 2.5 % off at each "
        "end: quantiles 0.025 and 0.975.",
        changes={"ends": partial(_middle, cut=0.05)},
        variants=tuple({"ends": partial(_middle, cut=cut)} for cut in (0, 0.005, 0.1, 0.25)),
    ),
    Mistake(
        name="per-cent-for-shares",
        message="Both of your ends lie at the lowest draws: np.percentile counts in per cent. "
        "Pass it 2.5 and 97.5, or 0.025 and 0.975 to np.quantile.",
        changes={"ends": _lowest},
    ),
    Mistake(
        name="standard-deviations",
        message="You went some standard deviations to both sides. The interval is the "
        "middle 95 % of the draws themselves: quantiles 0.025 and 0.975.",
        changes={"ends": _around(1.96, measured=True)},
        variants=(
            {"ends": _around(1.96, measured=False)},
            {"ends": _around(2, measured=True)},
            {"ends": _around(2, measured=False)},
        ),
    ),
    Mistake(
        name="gain-of-the-draws",
        message="Your gain is the mean or the middle of the draws. It is what was "
        "measured: the difference on all pictures, each once. Draws make the interval.",
        changes={"gain": lambda _, means: float(means.mean())},
        variants=({"gain": lambda _, means: float(np.median(means))},),
    ),
    Mistake(
        name="ends-exchanged",
        message="The ends of the interval are exchanged: the lower one first.",
        changes={"finish": lambda gain, low, high: (gain, high, low)},
    ),
    Mistake(
        name="no-template",
        message="The templates took no part: the names alone were encoded, or the "
        "templates without a name. template.format(name) makes a prompt.",
        changes={"fill": lambda _: "{}"},
    ),
    Mistake(
        name="not-normalised",
        message="The texts' vectors have any length, so that long ones win. Bring each to "
        "length 1, as build_classifier does.",
        changes={"columns": _raw},
    ),
    Mistake(
        name="points-of-a-hundred",
        message="You counted in points of a hundred. Accuracies here are shares, from 0 to "
        "1, and so are their differences.",
        changes={"finish": lambda *three: tuple(100 * one for one in three)},
    ),
    Mistake(
        name="interval-only",
        message="The gain itself is missing: three numbers are asked for, the gain, the "
        "lower and the upper end.",
        changes={"finish": lambda _, low, high: (low, high)},
    ),
)
