"""Answers to 14.5, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.checks.question import Mistake

Step = Callable[[np.ndarray], np.ndarray]


def _lengths(features: np.ndarray) -> np.ndarray:
    return np.linalg.norm(features, axis=1, keepdims=True)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`build_index`, with steps that may be replaced."""

    refuses: Callable[[np.ndarray], bool] = lambda x: not x.any(axis=1).all()
    first: Step = lambda features: features
    lengths: Step = _lengths
    last: Step = lambda index: index

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Return the rows, each of length 1."""
        if self.refuses(features):
            raise ValueError("build_index: a row of zeros has no direction.")
        features = self.first(features)
        return self.last(features / self.lengths(features))


build_index = Steps()
"""The rows, each of length 1."""


MISTAKES = (
    Mistake(
        name="columns-normalised",
        message="You brought columns to length 1. Each row is one picture: norm over "
        "axis=1, with keepdims=True.",
        changes={"lengths": lambda x: np.linalg.norm(x, axis=0, keepdims=True)},
    ),
    Mistake(
        name="whole-matrix-normalised",
        message="You divided all rows by one length: that of the whole table, or the "
        "rows' mean or largest. Each row has its own: norm over axis=1.",
        changes={"lengths": lambda x: np.array([[np.linalg.norm(x)]])},
        variants=(
            {"lengths": lambda x: _lengths(x).mean(keepdims=True)},
            {"lengths": lambda x: _lengths(x).max(keepdims=True)},
        ),
    ),
    Mistake(
        name="keepdims-forgotten",
        message="The lengths lost their axis, so numpy divides column j by row j's length, "
        "or fails. With keepdims=True they are a column.",
        changes={"lengths": lambda x: np.linalg.norm(x, axis=1)},
    ),
    Mistake(
        name="not-normalised",
        message="Rows keep their lengths, so long ones come first whatever is asked. "
        "Divide each by its own length.",
        changes={"lengths": lambda _: np.ones((1, 1))},
    ),
    Mistake(
        name="zeros-let-through",
        message="A row of zeros has no direction: no length brings it to 1, and NaN or "
        "zeros would stay in the index unnoticed. Raise ValueError.",
        changes={"refuses": lambda _: False},
        variants=({"refuses": lambda x: not x.any()},),
    ),
    Mistake(
        name="small-numbers-lost",
        message="You add something to the length, or treat a small row as zeros. Its "
        "direction is as good as any other.",
        changes={"lengths": lambda x: _lengths(x) + 1e-8},
        variants=(
            {"lengths": lambda x: np.maximum(_lengths(x), 1e-6)},
            {"lengths": lambda x: _lengths(x) + 1e-6},
        ),
    ),
    Mistake(
        name="another-length",
        message="You divided by the sum of sizes, by the square of the length, or by the "
        "largest number. The length is √(sum of squares).",
        changes={"lengths": lambda x: np.abs(x).sum(axis=1, keepdims=True)},
        variants=(
            {"lengths": lambda x: _lengths(x) ** 2},
            {"lengths": lambda x: np.abs(x).max(axis=1, keepdims=True)},
        ),
    ),
    Mistake(
        name="mean-for-sum",
        message="You divided by a mean over the row's numbers: the root of the mean "
        "square, or the mean size. The length is the root of their sum, √(sum of squares).",
        changes={"lengths": lambda x: (x**2).mean(axis=1, keepdims=True) ** 0.5},
        variants=(
            {"lengths": lambda x: np.abs(x).mean(axis=1, keepdims=True)},
            {"lengths": lambda x: x.std(axis=1, keepdims=True)},
        ),
    ),
    Mistake(
        name="centred",
        message="You took a mean away first. An index keeps the directions that it is given.",
        changes={"first": lambda x: x - x.mean(axis=0)},
        variants=(
            {"first": lambda x: x - x.mean(axis=1, keepdims=True)},
            {"first": lambda x: x - x.mean()},
        ),
    ),
    Mistake(
        name="order-lost",
        message="Your rows come in another order. Row i belongs to picture i.",
        changes={"last": lambda index: np.unique(index, axis=0)},
        variants=({"last": lambda index: index[::-1]},),
    ),
)
