"""14.4: two queries made one, a sound and a word, say.

Leaves out queries of opposite directions, which leave nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex14_binding_audio.compose_answers import MISTAKES, Steps, compose, unit
from classroom.checks.invariances import unchanged
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Pair = tuple[np.ndarray, np.ndarray, float]


def _drawn(rng: np.random.Generator, low: float, high: float, *shape: int) -> Pair:
    """Return two tables whose rows differ in length, and a weight."""
    a, b = rng.standard_normal((2, *shape))
    lengths = rng.uniform(0.3, 9, (2, shape[0], 1))
    weight = round(float(rng.uniform(low, high)), 2)
    return a * lengths[0], b * lengths[1], weight


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    a, b = np.array([[3.0, 0.0]]), np.array([[0.0, 0.5]])
    return [
        shown("half of each", a, b, 0.5),
        shown("more of a", a, b, 0.2),
        shown("b alone", a, b, 1.0),
    ]


def _mixed(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five queries", *_drawn(rng, 0.15, 0.4, 5, 3)),
        hidden("seven queries", *_drawn(rng, 0.6, 0.85, 7, 4)),
        hidden("as many as numbers", *_drawn(rng, 0.15, 0.4, 4, 4)),
    ]


def _alone(rng: np.random.Generator) -> Sequence[Case]:
    a, b, _ = _drawn(rng, 0, 1, 3, 5)
    return [hidden("a alone", a, b, 0.0), hidden("b alone", a, b, 1.0)]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("one query", *_drawn(rng, 0.2, 0.4, 1, 6))]


def _of_length_one(run: Callable[..., Any], a: np.ndarray, b: np.ndarray, w: float) -> bool:
    """Return whether each result has length 1."""
    lengths = np.linalg.norm(np.asarray(run(a, b, w)), axis=-1)
    return bool(np.allclose(lengths, 1, atol=1e-3))


COMPOSE = Question(
    number="14.4",
    function="compose",
    reference=compose,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="some of each", points=2, cases=_mixed),
        Property(name="one of the two alone", points=1, cases=_alone),
        Property(name="a single query", points=1, cases=_one),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="length",
            message="Each row of the result must have length 1; yours has not.",
            holds=_of_length_one,
        ),
        unchanged(
            "lengths-matter",
            "How long the two vectors are must change nothing; with yours it does. Bring each "
            "row to length 1 before you add.",
            lambda a, b, w: (3 * a, b / 5, w),
        ),
        Invariance(
            name="ends",
            message="At w = 0 the direction of `a` must come back, at w = 1 that of `b`.",
            holds=lambda run, a, b, _: bool(
                np.allclose(run(a, b, 0.0), unit(a), atol=1e-3)
                and np.allclose(run(a, b, 1.0), unit(b), atol=1e-3)
            ),
        ),
        Invariance(
            name="order",
            message="Each row must depend on its own two alone; yours does not.",
            holds=lambda run, a, b, w: bool(
                np.allclose(np.asarray(run(a, b, w))[::-1], run(a[::-1], b[::-1], w), atol=1e-3)
            ),
        ),
    ),
)
