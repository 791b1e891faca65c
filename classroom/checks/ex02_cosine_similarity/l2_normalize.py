"""02.1: vectors of length 1, and a zero vector that stays one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classroom.checks.ex02_cosine_similarity.inputs import ATOL, RTOL, Array, rows
from classroom.checks.invariances import follows_order, unchanged, within
from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown


def l2_normalize(x: Array, eps: float = 1e-12) -> Array:
    """Return each row of `x` (n, dim) divided by its length, or by eps if that is larger."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), eps)


def _lengths_by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("3 and 4 have length 5", np.array([[3.0, 4.0]])),
        shown("three rows", np.array([[3.0, 4.0], [0.0, 2.0], [5.0, 12.0]])),
        shown("a zero row", np.array([[0.0, 0.0], [3.0, 4.0]])),
    ]


def _lengths(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three rows of five", rows(rng, 3, 5)),
        hidden("seven rows of two", rows(rng, 7, 2)),
        hidden("as many rows as columns", rows(rng, 4, 4)),
    ]


def _long_lengths(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("rows ten thousand times as long", 1e4 * rows(rng, 5, 3))]


def _zero_lengths(rng: np.random.Generator) -> Sequence[Case]:
    x = rows(rng, 5, 3)
    x[rng.integers(1, 5)] = 0
    return [hidden("a zero row among others", x), hidden("none of them", rows(rng, 2, 3))]


def _divided(x: Array, lengths: Any, eps: float) -> Array:
    return x / np.maximum(lengths, eps)


L2_NORMALIZE = Question(
    number="02.1",
    function="l2_normalize",
    reference=l2_normalize,
    rtol=RTOL,
    atol=ATOL,
    properties=(
        Property(name="by hand", points=0, cases=_lengths_by_hand),
        Property(name="every row gets length 1", points=2, cases=_lengths),
        Property(name="long rows too", points=1, cases=_long_lengths),
        Property(name="zero stays zero", points=1, cases=_zero_lengths),
    ),
    mistakes=(
        Mistake(
            name="wrong-axis",
            message="You divided each column by its length; the vectors are the rows.",
            answer=lambda x, eps=1e-12: _divided(x, np.linalg.norm(x, axis=0), eps),
            variants=(lambda x: x / np.linalg.norm(x, axis=0),),
        ),
        Mistake(
            name="no-keepdim",
            message="The lengths have shape (n,), so they were laid along the columns, or did "
            "not fit at all. Keep their axis: shape (n, 1).",
            answer=lambda x, eps=1e-12: _divided(x, np.linalg.norm(x, axis=1), eps),
            variants=(lambda x: x / np.linalg.norm(x, axis=1),),
        ),
        Mistake(
            name="l1-norm",
            message="You divided by the sum of the absolute values. A length is the root of "
            "the sum of the squares.",
            answer=lambda x, eps=1e-12: _divided(x, np.abs(x).sum(1, keepdims=True), eps),
            variants=(lambda x: x / np.abs(x).sum(1, keepdims=True),),
        ),
        Mistake(
            name="squared-norm",
            message="You divided by the sum of the squares: its root is missing.",
            answer=lambda x, eps=1e-12: _divided(x, (x * x).sum(1, keepdims=True), eps),
            variants=(lambda x: x / (x * x).sum(1, keepdims=True),),
        ),
        Mistake(
            name="whole-array",
            message="You divided everything by one number, the length of the whole array; each "
            "row has a length of its own.",
            answer=lambda x, eps=1e-12: _divided(x, np.linalg.norm(x), eps),
        ),
        Mistake(
            name="zero-vector-nan",
            message="A row of zeros became NaN, from 0 / 0. Divide by eps where the length is "
            "smaller than eps.",
            answer=lambda x: x / np.linalg.norm(x, axis=1, keepdims=True),
        ),
    ),
    invariances=(
        unchanged(
            "scale",
            "A vector twice as long points the same way, so it must give the same row; "
            "yours gives another.",
            lambda x: (2 * x,),
        ),
        follows_order(
            "Each row stands for itself: turn their order round, and the outcome's "
            "rows must turn round; yours do not."
        ),
        within("No number of a vector of length 1 is beyond −1 to 1; one of yours is.", -1, 1),
    ),
)
