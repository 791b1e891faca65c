"""What the questions of exercise 02 share: inputs, laws, tolerance, and wrong lengths."""

from collections.abc import Callable, Mapping

import numpy as np

from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Mistake

Array = np.ndarray
RTOL, ATOL = 1e-4, 1e-5
"""Answers may compute in float32, with about seven digits, of which sums lose some."""

BY_HAND_A = np.array([[3.0, 4.0], [1.0, 2.0], [1.0, 0.0]])
BY_HAND_B = np.array([[4.0, 3.0], [2.0, 4.0], [-5.0, 0.0]])

PAIR_LAWS = (
    unchanged(
        "scale",
        "Making every vector of one side twice as long must change nothing; it changes yours.",
        lambda a, b: (2 * a, b),
    ),
    unchanged("symmetry", "Swapping the two sides must change nothing.", lambda a, b: (b, a)),
    within("A cosine lies in −1 to 1; one of yours does not.", -1, 1),
)


def rows(rng: np.random.Generator, *shape: int) -> Array:
    """Return random rows of uneven length, none of them near zero."""
    return rng.standard_normal(shape) * rng.uniform(0.5, 4, (shape[0], 1)) + 0.1


def pair(rng: np.random.Generator, count: int, dim: int) -> tuple[Array, Array]:
    """Return two sides of as many random rows."""
    return rows(rng, count, dim), rows(rng, count, dim)


def as_is(x: Array) -> Array:
    """Return what is given."""
    return x


def both(step: Callable[[Array], Array]) -> Mapping[str, object]:
    """Return the changes by which either side goes through another step than length 1."""
    return {"a_step": step, "b_step": step}


def _by_columns(x: Array) -> Array:
    """Return columns of length 1."""
    return x / np.linalg.norm(x, axis=0)


def _by_whole(x: Array) -> Array:
    """Return an array whose length as a whole is 1."""
    return x / np.linalg.norm(x)


def by_lengths_across(x: Array) -> Array:
    """Return rows divided by lengths that lie along the columns."""
    return x / np.linalg.norm(x, axis=1)


def short(rng: np.random.Generator, count: int, dim: int) -> Array:
    """Return rows of length 10⁻⁵: a guard that is added to such a length shows."""
    x = rows(rng, count, dim)
    return 1e-5 * x / np.linalg.norm(x, axis=1, keepdims=True)


def guarded(little: float) -> Callable[[Array], Array]:
    """Return the step that divides rows by their length plus a little."""
    return lambda x: x / (np.linalg.norm(x, axis=1, keepdims=True) + little)


GUARDS = tuple(10.0**-digits for digits in (6, 7, 8, 9, 10, 12))
"""What is commonly added to a product of lengths, or to a length, so that it is never 0."""


def one_side(step: Callable[[Array], Array]) -> tuple[Mapping[str, object], ...]:
    """Return the changes by which the first side alone, or the second, takes another step."""
    return {"a_step": step}, {"b_step": step}


def _by_squares(x: Array) -> Array:
    """Return rows divided by their length twice."""
    return x / (x * x).sum(axis=1, keepdims=True)


WRONG_LENGTHS = (
    Mistake(
        name="normalised-one-side",
        message="Only one of the two sides was divided by its length.",
        changes={"b_step": as_is},
        variants=({"a_step": as_is},),
    ),
    Mistake(
        name="squared-norm",
        message="You divided by the sums of the squares: their roots are missing.",
        changes=both(_by_squares),
    ),
    Mistake(
        name="wrong-axis",
        message="You gave each column length 1; the vectors are the rows: axis=1.",
        changes=both(_by_columns),
        variants=one_side(_by_columns),
    ),
    Mistake(
        name="whole-array",
        message="You divided by one length for the whole array. Each row has its own.",
        changes=both(_by_whole),
        variants=one_side(_by_whole),
    ),
)
"""What goes wrong with lengths where two sides are compared, one number a pair or all pairs."""
