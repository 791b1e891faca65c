"""02.4: angles, and what rounding does to an arccos."""

from collections.abc import Sequence

import numpy as np

from mmcourse.checks.ex02_cosine_similarity.inputs import (
    BY_HAND_A,
    BY_HAND_B,
    PAIR_LAWS,
    Array,
    pair,
    rows,
)
from mmcourse.checks.ex02_cosine_similarity.paired_cosine import paired_cosine
from mmcourse.checks.invariances import within
from mmcourse.checks.question import Case, Mistake, Property, Question, hidden, shown


def angle_degrees(a: Array, b: Array) -> Array:
    """Return the angle between each row of `a` and the same row of `b`, 0 to 180, as (n,)."""
    return np.degrees(np.arccos(paired_cosine(a, b).clip(-1, 1)))


def _cosines_above_1(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Return parallel vectors whose cosine, however it is computed, is rounded above 1."""
    a = rows(rng, 4000, 3)
    b = a * rng.uniform(1, 9, (4000, 1))
    long_way = (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    roots = np.einsum("nd,nd->n", a, b) / np.sqrt((a * a).sum(1) * (b * b).sum(1))
    above = np.flatnonzero((paired_cosine(a, b) > 1) & (long_way > 1) & (roots > 1))[:count]
    return a[above], b[above]


def _angles_by_hand(_: np.random.Generator) -> Sequence[Case]:
    a, b = _cosines_above_1(np.random.default_rng(2), 1)
    return [
        shown("a right angle", np.array([[2.0, 0.0]]), np.array([[0.0, 3.0]])),
        shown("three pairs", BY_HAND_A, BY_HAND_B),
        shown("a cosine that rounding takes above 1", a, b),
    ]


def _angles(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs of five numbers", *pair(rng, 3, 5)),
        hidden("seven pairs of two numbers", *pair(rng, 7, 2)),
    ]


def _rounded_angles(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("cosines that rounding takes above 1", *_cosines_above_1(rng, 3)),
        hidden("two pairs of three numbers", *pair(rng, 2, 3)),
    ]


ANGLE_DEGREES = Question(
    number="02.4",
    function="angle_degrees",
    reference=angle_degrees,
    rtol=1e-4,
    atol=0.1,  # near 0 degrees, one unit in the last place of a float32 cosine is 0.02 degrees
    properties=(
        Property(name="by hand", points=0, cases=_angles_by_hand),
        Property(name="one angle for each pair", points=2, cases=_angles),
        Property(name="rounding makes no NaN", points=1, cases=_rounded_angles),
    ),
    mistakes=(
        Mistake(
            name="acos-out-of-range",
            message="Rounding took a cosine above 1, where arccos is NaN. Cut the cosines back "
            "to −1 to 1 first.",
            answer=lambda a, b: np.degrees(np.arccos(paired_cosine(a, b))),
        ),
        Mistake(
            name="radians",
            message="These are radians: half a turn is 3.14 instead of 180.",
            answer=lambda a, b: np.arccos(paired_cosine(a, b).clip(-1, 1)),
            variants=(lambda a, b: np.arccos(paired_cosine(a, b)),),
        ),
        Mistake(
            name="cosines",
            message="These are the cosines; the angle is their arccos, in degrees.",
            answer=paired_cosine,
        ),
        Mistake(
            name="folded",
            message="Vectors that point apart got an angle below 90 degrees: the sign of the "
            "cosine was lost. Angles go up to 180.",
            answer=lambda a, b: np.degrees(np.arccos(np.abs(paired_cosine(a, b)).clip(0, 1))),
            variants=(lambda a, b: np.degrees(np.arccos(paired_cosine(a, b).clip(0, 1))),),
        ),
        Mistake(
            name="arcsine",
            message="You took arcsin; the angle with a given cosine is its arccos.",
            answer=lambda a, b: np.degrees(np.arcsin(paired_cosine(a, b).clip(-1, 1))),
        ),
    ),
    invariances=(*PAIR_LAWS[:2], within("An angle lies in 0 to 180 degrees.", 0, 180)),
)
