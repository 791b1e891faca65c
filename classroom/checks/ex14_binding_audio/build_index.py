"""14.5: an album's vectors, made ready once for all queries to come.

Leaves out encoding: an index is made of vectors, whatever sense they come from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classroom.checks.ex14_binding_audio.index_answers import MISTAKES, Steps, build_index
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

SIZES = (1e-60, 1e-60, 1e-60, 1e60, 1e60, 1e60)
"""Of rows beside each other: single precision holds neither."""


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
        hidden("tiny ones and huge ones", _drawn(rng, 6, 4) * rng.permuted(SIZES)[:, None]),
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
    mistakes=MISTAKES,
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
