"""14.5: an album's vectors, made ready once for all queries to come.

Leaves out encoding: an index is made of vectors, whatever sense they come from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Step = Callable[[np.ndarray], np.ndarray]


def _lengths(features: np.ndarray) -> np.ndarray:
    return np.linalg.norm(features, axis=1, keepdims=True)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`build_index`, with steps that may be replaced."""

    refuses: bool = True
    first: Step = lambda features: features
    lengths: Step = _lengths
    last: Step = lambda index: index

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Return the rows, each of length 1."""
        if self.refuses and not features.any(axis=1).all():
            raise ValueError("build_index: a row of zeros has no direction.")
        features = self.first(features)
        return self.last(features / self.lengths(features))


build_index = Steps()
"""The rows, each of length 1."""


def harness(answer: "Answer", features: "np.ndarray") -> "list[Any]":
    """Return whether features were taken, and the index made of them.

    A ValueError is an answer where a row is zero, and an error elsewhere.
    """
    try:
        return ["an index", answer(features)]
    except ValueError:
        if features.any(axis=1).all():
            raise
        return ["a ValueError", 0]


def measure(outcome: list[Any], features: np.ndarray) -> list[Any]:
    """Return the outcome, without the index where none is to be made."""
    return outcome if features.any(axis=1).all() else outcome[:1]


def _drawn(rng: np.random.Generator, n: int, dim: int) -> np.ndarray:
    """Return rows of many lengths, in no order, and one of them small throughout."""
    features = rng.standard_normal((n, dim)) * rng.uniform(0.2, 20, (n, 1))
    features[rng.integers(n)] *= 1e-3
    return features


def _zeroed(rng: np.random.Generator, n: int, dim: int) -> np.ndarray:
    features = _drawn(rng, n, dim)
    features[rng.integers(n)] = 0
    return features


def _balanced(rng: np.random.Generator, n: int, dim: int) -> np.ndarray:
    """Return rows of which one adds up to 0, and is none of zeros."""
    features, number = _drawn(rng, n, dim), round(float(rng.uniform(1, 5)), 2)
    features[rng.integers(n)] = rng.permutation([number, -number] + [0.0] * (dim - 2))
    return features


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("two rows", np.array([[3.0, 4.0], [0.0, 0.5]])),
        shown("the same twice", np.array([[1.0, -1.0], [2.0, 2.0], [1.0, -1.0]])),
        shown("a row of zeros", np.array([[1.0, 0.0], [0.0, 0.0]])),
    ]


def _rows(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("seven rows", _drawn(rng, 7, 3)),
        hidden("as many as numbers", _drawn(rng, 5, 5)),
        hidden("one row", _drawn(rng, 1, 4)),
        hidden("a row that adds up to 0", _balanced(rng, 6, 4)),
    ]


def _refused(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("small, and taken", 1e-9 * _drawn(rng, 4, 3)),
        hidden("five rows, one of them zeros", _zeroed(rng, 5, 3)),
        hidden("one row of zeros", np.zeros((1, int(rng.integers(2, 6))))),
    ]


BUILD_INDEX = Question(
    number="14.5",
    function="build_index",
    reference=build_index,
    harness=harness,
    told="It calls build_index(features), and catches a ValueError where a row is zero.",
    measure=measure,
    build=Steps,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="rows of length 1", points=1, cases=_rows),
        Property(name="zeros are refused, small numbers are not", points=1, cases=_refused),
    ),
    mistakes=(
        Mistake(
            name="columns-normalised",
            message="You brought columns to length 1. Each row is one picture: norm over "
            "axis=1, with keepdims=True.",
            changes={"lengths": lambda x: np.linalg.norm(x, axis=0, keepdims=True)},
        ),
        Mistake(
            name="whole-matrix-normalised",
            message="You divided all rows by one length: norm without an axis. Each row has "
            "its own.",
            changes={"lengths": lambda x: np.array([[np.linalg.norm(x)]])},
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
            changes={"refuses": False},
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
            name="centred",
            message="You took a mean away first. An index keeps the directions that it is "
            "given.",
            changes={"first": lambda x: x - x.mean(axis=0)},
            variants=({"first": lambda x: x - x.mean(axis=1, keepdims=True)},),
        ),
        Mistake(
            name="order-lost",
            message="Your rows come in another order. Row i belongs to picture i.",
            changes={"last": lambda index: np.unique(index, axis=0)},
            variants=({"last": lambda index: index[::-1]},),
        ),
    ),
    invariances=(
        Invariance(
            name="length",
            message="Each row of an index must have length 1; yours have not.",
            holds=lambda run, features: (
                len(found := run(features)) < 2
                or bool(np.allclose(np.linalg.norm(found[1], axis=1), 1, atol=1e-3))
            ),
        ),
        Invariance(
            name="larger",
            message="Rows twice as long must make the same index; yours do not.",
            holds=lambda run, features: all(
                np.allclose(one, other, atol=1e-3)
                for one, other in zip(run(features)[1:], run(2 * features)[1:], strict=True)
            ),
        ),
    ),
)
