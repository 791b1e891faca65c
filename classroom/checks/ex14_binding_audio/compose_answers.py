"""Answers to 14.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.checks.question import Mistake

HALF = 0.5
Step = Callable[[np.ndarray], np.ndarray]
Join = Callable[[np.ndarray, np.ndarray, float], np.ndarray]


def unit(x: np.ndarray) -> np.ndarray:
    """Return rows of length 1."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _as_is(x: np.ndarray) -> np.ndarray:
    return x


def _over_columns(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=0, keepdims=True)


def _over_all(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x)


def _by_sizes(x: np.ndarray) -> np.ndarray:
    return x / np.abs(x).sum(axis=-1, keepdims=True)


def _by_flat(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1)


def _between(a: np.ndarray, b: np.ndarray, w: float) -> np.ndarray:
    return (1 - w) * a + w * b


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`compose`, with steps that may be replaced."""

    first: Step = unit
    second: Step = unit
    join: Join = _between
    last: Step = unit

    def __call__(self, a: np.ndarray, b: np.ndarray, w: float) -> np.ndarray:
        """Return one query for each row, of length 1."""
        return self.last(self.join(self.first(a), self.second(b), w))


compose = Steps()
"""Two queries made one, each row of length 1."""


def _on_the_arc(a: np.ndarray, b: np.ndarray, w: float) -> np.ndarray:
    angle = np.arccos((a * b).sum(axis=-1, keepdims=True).clip(-1, 1))
    return (np.sin((1 - w) * angle) * a + np.sin(w * angle) * b) / np.sin(angle)


MISTAKES = (
    Mistake(
        name="not-renormalised",
        message="Your sum is shorter than 1, the shorter the less the two agree. Cosines "
        "with it come out too small. Bring the result to length 1 as well.",
        changes={"last": _as_is},
    ),
    Mistake(
        name="added-unnormalised",
        message="You added the vectors as they came, so the longer one wins, whatever w says. "
        "Bring each to length 1 first.",
        changes={"first": _as_is, "second": _as_is},
        variants=(
            {"first": _as_is},
            {"second": _as_is},
            {"first": _as_is, "second": _as_is, "last": _as_is},
        ),
    ),
    Mistake(
        name="weights-swapped",
        message="w counts for the wrong one: at w = 0 `a` is asked for alone, at w = 1 `b`.",
        changes={"join": lambda a, b, w: w * a + (1 - w) * b},
    ),
    Mistake(
        name="one-weight",
        message="You gave a weight to one of the two alone. The other counts 1 - w: at w = 1 "
        "nothing of `a` may be left.",
        changes={"join": lambda a, b, w: a + w * b},
        variants=({"join": lambda a, b, w: w * a + b},),
    ),
    Mistake(
        name="w-ignored",
        message="Both count the same with you, whatever w is.",
        changes={"join": lambda a, b, _: a + b},
    ),
    Mistake(
        name="roots-for-weights",
        message="You took the roots of w and 1 - w, as if the two stood at right angles. The "
        "weights are w and 1 - w themselves; the length is mended at the end.",
        changes={"join": lambda a, b, w: (1 - w) ** 0.5 * a + w**0.5 * b},
    ),
    Mistake(
        name="one-of-the-two",
        message="You take the one that weighs more. Both count, each with its weight.",
        changes={"join": lambda a, b, w: b if w > HALF else a},
        variants=({"join": lambda a, b, w: b if w >= HALF else a},),
    ),
    Mistake(
        name="side-by-side",
        message="You put the two side by side, twice as many numbers as a picture's vector "
        "has. Add them number by number.",
        changes={"join": lambda a, b, w: np.concatenate([(1 - w) * a, w * b], axis=-1)},
    ),
    Mistake(
        name="subtracted",
        message="You took b away. It is to be added.",
        changes={"join": lambda a, b, w: (1 - w) * a - w * b},
    ),
    Mistake(
        name="multiplied",
        message="You multiplied the two number by number. Add them, each with its weight.",
        changes={"join": lambda a, b, _: a * b},
    ),
    Mistake(
        name="on-the-arc",
        message="You went along the arc between the two, so that w is a share of the angle. Go "
        "straight: (1 - w) · a + w · b, then length 1.",
        changes={"join": _on_the_arc},
    ),
    Mistake(
        name="columns-normalised",
        message="You brought columns to length 1. Each row is a vector: axis=-1, "
        "keepdims=True.",
        changes={"first": _over_columns, "second": _over_columns, "last": _over_columns},
        variants=(
            {"first": _over_columns, "second": _over_columns},
            {"last": _over_columns},
        ),
    ),
    Mistake(
        name="whole-matrix-normalised",
        message="You divided by one length for all rows: norm without an axis. Each row has "
        "its own: axis=-1, keepdims=True.",
        changes={"first": _over_all, "second": _over_all, "last": _over_all},
        variants=(
            {"first": _over_all, "second": _over_all},
            {"last": _over_all},
        ),
    ),
    Mistake(
        name="another-length",
        message="You divided by the sum of sizes, or by the largest number. The length is "
        "√(sum of squares).",
        changes={"last": _by_sizes},
        variants=(
            {"first": _by_sizes, "second": _by_sizes},
            {"first": _by_sizes, "second": _by_sizes, "last": _by_sizes},
            {"last": lambda x: x / np.abs(x).max(axis=-1, keepdims=True)},
        ),
    ),
    Mistake(
        name="keepdims-forgotten",
        message="The lengths lost their axis, so numpy divides column j by row j's length, or "
        "fails. With keepdims=True they are a column.",
        changes={"first": _by_flat, "second": _by_flat, "last": _by_flat},
        variants=({"last": _by_flat}, {"first": _by_flat, "second": _by_flat}),
    ),
    Mistake(
        name="squeezed",
        message="A single query loses its axis: squeeze, or [0], makes a vector of a table of "
        "one row. n rows come back as n rows, (1, dim) here.",
        changes={"last": lambda x: unit(x).squeeze()},
    ),
)
