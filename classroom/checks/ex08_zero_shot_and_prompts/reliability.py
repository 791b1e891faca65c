"""08.3: how far confidence is from accuracy, bin by bin: the expected calibration error.

Leaves out which of two bins owns the edge between them: no confidence drawn here lies on one.
"""

from collections.abc import Sequence

import numpy as np

from classroom.checks.ex08_zero_shot_and_prompts.reliability_answers import (
    MISTAKES,
    build,
    reliability,
)
from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Case, Property, Question, hidden, shown


def _sized(rng: np.random.Generator, count: int, low: float, high: float) -> np.ndarray:
    """Return different numbers, none of them on an edge between bins."""
    steps = np.arange(round(1000 * low), round(1000 * high))
    return rng.permutation(steps)[:count] / 1000 + 1e-4


def _right(rng: np.random.Generator, confidence: np.ndarray) -> np.ndarray:
    """Return answers that are too modest where unsure, and too sure where sure."""
    return np.asarray(rng.random(len(confidence)) < 0.65 - 0.3 * confidence)


def _drawn(
    rng: np.random.Generator, count: int, bins: int, *spans: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, int]:
    parts = [_sized(rng, count // (position + 1), *span) for position, span in enumerate(spans)]
    confidence = rng.permutation(np.concatenate(parts))
    return confidence, _right(rng, confidence), bins


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    sure = np.array([0.9, 0.9, 0.6, 0.6])
    return [
        shown("|0.5 - 0.9| / 2 + |1 - 0.6| / 2", sure, np.array([True, False, True, True]), 4),
        shown("one answer, sure and wrong", np.array([0.8]), np.array([False]), 3),
        shown("as sure as right", np.array([0.7] * 10), np.arange(10) < 7, 2),
    ]


def _full(rng: np.random.Generator) -> Sequence[Case]:
    whole = (0.02, 0.98)
    return [
        hidden("ninety answers, three bins", *_drawn(rng, 90, 3, whole)),
        hidden("more of them sure", *_drawn(rng, 80, 5, (0.82, 0.98), whole)),
    ]


def _empty(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("nobody below 0.5", *_drawn(rng, 40, 10, (0.82, 0.98), (0.52, 0.78))),
        hidden("two bins of seven", *_drawn(rng, 30, 7, (0.6, 0.7), (0.15, 0.28))),
    ]


def _certain(rng: np.random.Generator) -> Sequence[Case]:
    confidence, correct, bins = _drawn(rng, 40, 5, (0.3, 0.98))
    correct[confidence > 0.8] = True  # too modest, and the certain ones too sure
    certain = rng.permutation(40)[: rng.integers(7, 14)]
    confidence[certain] = 1
    correct[certain] = np.arange(len(certain)) % 2 > 0
    return [hidden("some answers have confidence 1", confidence, correct, bins)]


RELIABILITY = Question(
    number="08.3",
    function="reliability",
    reference=reliability,
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the mean gap, weighted", points=2, cases=_full),
        Property(name="empty bins", points=1, cases=_empty),
        Property(name="certain answers count", points=1, cases=_certain),
    ),
    mistakes=MISTAKES,
    invariances=(
        unchanged(
            "twice",
            "The same answers heard twice must give the same number: divide by how many "
            "there are.",
            lambda confidence, correct, bins: (
                np.tile(confidence, 2),
                np.tile(correct, 2),
                bins,
            ),
        ),
        within("A mean of gaps lies in 0 to 1; yours does not.", 0, 1),
    ),
)
