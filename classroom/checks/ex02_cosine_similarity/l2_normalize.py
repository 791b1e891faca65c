"""02.1: vectors of length 1, and what eps does for short ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from classroom.checks.ex02_cosine_similarity.inputs import ATOL, RTOL, Array, rows
from classroom.checks.invariances import follows_order, unchanged, within
from classroom.checks.question import (
    Case,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


def l2_normalize(x: Array, eps: float = 1e-12) -> Array:
    """Return each row of `x` (n, dim) divided by its length, or by eps if that is larger."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), eps)


def _lengths_by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("3 and 4 have length 5", np.array([[3.0, 4.0]])),
        shown("three rows", np.array([[3.0, 4.0], [0.0, 2.0], [5.0, 12.0]])),
        shown("a zero row", np.array([[0.0, 0.0], [3.0, 4.0]])),
        shown("a row shorter than eps", np.array([[0.3, 0.4], [3.0, 4.0]]), 2.0),
    ]


def _lengths(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three rows of five", rows(rng, 3, 5)),
        hidden("rows ten thousand times as long", 1e4 * rows(rng, 7, 2)),
        hidden("as many rows as columns", rows(rng, 4, 4)),
    ]


def _zero_lengths(rng: np.random.Generator) -> Sequence[Case]:
    x = rows(rng, 5, 3)
    x[rng.integers(1, 5)] = 0
    return [hidden("a zero row among others", x), hidden("none of them", rows(rng, 2, 3))]


def _short_lengths(rng: np.random.Generator) -> Sequence[Case]:
    """Return rows of which one is shorter than an eps that is not 1, the others longer."""
    x = l2_normalize(rows(rng, 5, 3)) * np.array([[0.3], [1.5], [4], [9], [2]])
    eps = round(float(rng.uniform(0.5, 0.9)), 2)
    return [hidden("a row shorter than eps", x[rng.permutation(5)], eps)]


Numbers = Callable[[Array], Any]


def _summed(x: Array, axis: int | None) -> Array:
    return np.asarray(x.sum(axis=axis, keepdims=True))


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """`l2_normalize`, with steps that may be replaced."""

    powers: Numbers = np.square
    total: Callable[[Array, int | None], Array] = _summed
    root: Numbers = np.sqrt
    axis: int | None = 1
    laid: Numbers = lambda lengths: lengths
    floor: Callable[[Array, float], Array] = np.maximum
    out: Callable[[Array, Array, float], Array] = lambda x, lengths, _: x / lengths

    def __call__(self, x: Array, eps: float = 1e-12) -> Array:
        lengths = self.laid(self.root(self.total(self.powers(x), self.axis)))
        return self.out(x, self.floor(lengths, eps), eps)


def _as_is(x: Array, *_: float) -> Array:
    return x


def _short_zeroed(x: Array, lengths: Array, eps: float) -> Array:
    return np.where(lengths > eps, x / lengths, 0)


def _short_left(x: Array, lengths: Array, eps: float) -> Array:
    return np.where(lengths > eps, x / lengths, x)


_DOUBLED = unchanged(
    "scale",
    "A vector twice as long points the same way, so it must give the same row; "
    "yours gives another.",
    lambda x: (2 * x,),
)

SCALE = replace(_DOUBLED, holds=lambda run, x, *_: _DOUBLED.holds(run, x))
"""The law for the usual eps: a larger one may make a short row differ from a long one."""

L2_NORMALIZE = Question(
    number="02.1",
    function="l2_normalize",
    reference=l2_normalize,
    rtol=RTOL,
    atol=ATOL,
    properties=(
        Property(name="by hand", points=0, cases=_lengths_by_hand),
        Property(name="every row gets length 1", points=2, cases=_lengths),
        Property(name="zero stays zero", points=1, cases=_zero_lengths),
        Property(
            name="a row shorter than eps is divided by eps", points=1, cases=_short_lengths
        ),
    ),
    build=_Steps,
    mistakes=(
        Mistake(
            name="wrong-axis",
            message="You divided each column by its length; the vectors are the rows.",
            changes={"axis": 0},
        ),
        Mistake(
            name="no-keepdim",
            message="The lengths have shape (n,), so they were laid along the columns, or did "
            "not fit at all. Keep their axis: shape (n, 1).",
            changes={"laid": lambda lengths: lengths.squeeze(1)},
        ),
        Mistake(
            name="whole-array",
            message="You divided everything by one number, the length of the whole array; each "
            "row has a length of its own.",
            changes={"axis": None},
        ),
        Mistake(
            name="l1-norm",
            message="You divided by the sum of the absolute values. A length is the root of "
            "the sum of the squares.",
            changes={"powers": np.abs, "root": _as_is},
        ),
        Mistake(
            name="plain-sum",
            message="You divided by the sum of the numbers. A length is the root of the sum of "
            "their squares.",
            changes={"powers": _as_is, "root": _as_is},
        ),
        Mistake(
            name="squared-norm",
            message="You divided by the sum of the squares: its root is missing.",
            changes={"root": _as_is},
        ),
        Mistake(
            name="two-columns",
            message="You took the first two numbers of a row alone. A row may have more: its "
            "length is the root of the sum of *all* their squares, along axis=1.",
            changes={"total": lambda x, axis: _summed(x[:, :2], axis)},
        ),
        Mistake(
            name="mean-of-squares",
            message="You took the mean of the squares. A length is the root of their sum.",
            changes={"total": lambda x, axis: x.mean(axis=axis, keepdims=True)},
        ),
        Mistake(
            name="largest-number",
            message="You divided by the largest number. A length is the root of the sum of the "
            "squares.",
            changes={
                "powers": np.abs,
                "total": lambda x, axis: x.max(axis=axis, keepdims=True),
                "root": _as_is,
            },
        ),
        Mistake(
            name="lengths",
            message="These are the lengths. Divide each row by its own.",
            changes={"out": lambda _, lengths, __: lengths},
            variants=({"out": lambda _, lengths, __: lengths.squeeze()},),
        ),
        Mistake(
            name="zero-vector-nan",
            message="A row of zeros became NaN, from 0 / 0. Divide by eps where the length is "
            "smaller than eps.",
            changes={"floor": _as_is},
        ),
        Mistake(
            name="eps-added",
            message="You added eps to every length, or to what its root is taken of. Divide a "
            "row that is shorter than eps by eps, any other one by its length alone.",
            changes={"floor": np.add},
            variants=({"floor": lambda lengths, eps: np.sqrt(lengths**2 + eps)},),
        ),
        Mistake(
            name="eps-under-the-root",
            message="You compared eps with the squared length. A row is short where its "
            "length, the root of that, is below eps: take the root first.",
            changes={"floor": lambda lengths, eps: np.sqrt(np.maximum(lengths**2, eps))},
        ),
        Mistake(
            name="eps-unused",
            message="Short rows were divided by their length, whatever eps is. A row that is "
            "shorter than eps is to be divided by eps instead.",
            changes={"floor": lambda lengths, _: np.maximum(lengths, 1e-12)},
        ),
        Mistake(
            name="short-rows-zeroed",
            message="Rows that are shorter than eps became 0. Divide them by eps.",
            changes={"out": _short_zeroed},
        ),
        Mistake(
            name="short-rows-left",
            message="Rows that are shorter than eps stayed as they were. Divide them by eps.",
            changes={"out": _short_left},
        ),
    ),
    invariances=(
        SCALE,
        follows_order(
            "Each row stands for itself: turn their order round, and the outcome's "
            "rows must turn round; yours do not."
        ),
        within("No number of a vector of length 1 is beyond −1 to 1; one of yours is.", -1, 1),
    ),
)
