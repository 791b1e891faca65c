"""02.4: angles, and what rounding does to an arccos."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex02_cosine_similarity.cosine_matrix import cosine_matrix
from classroom.checks.ex02_cosine_similarity.inputs import (
    BY_HAND_A,
    BY_HAND_B,
    GUARDS,
    PAIR_LAWS,
    Array,
    as_is,
    pair,
    rows,
)
from classroom.checks.ex02_cosine_similarity.paired_cosine import paired_cosine
from classroom.checks.invariances import within
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


def angle_degrees(a: Array, b: Array) -> Array:
    """Return the angle between each row of `a` and the same row of `b`, 0 to 180, as (n,)."""
    return np.degrees(np.arccos(paired_cosine(a, b).clip(-1, 1)))


def _cosines(a: Array, b: Array) -> Iterator[Array]:
    """Yield the same cosines as many formulas round them."""

    def product(x: Array, y: Array) -> Array:
        return np.asarray((x * y).sum(axis=1))

    def einsum(x: Array, y: Array) -> Array:
        return np.asarray(np.einsum("nd,nd->n", x, y))

    def vecdot(x: Array, y: Array) -> Array:
        return np.asarray(np.vecdot(x, y))

    for dot in (product, einsum, vecdot):
        yield dot(a, b) / np.sqrt(dot(a, a) * dot(b, b))
        lengths = [np.sqrt(dot(one, one)) for one in (a, b)]
        for long_a, long_b in (lengths, [np.linalg.norm(one, axis=1) for one in (a, b)]):
            yield dot(a / long_a[:, None], b / long_b[:, None])
            yield dot(a, b) / (long_a * long_b)
            yield dot(a, b) / long_a / long_b


def _above_1(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Return parallel vectors whose cosine is rounded above 1, by whatever formula."""
    a = rows(rng, 2000, 2)
    b = a * rng.uniform(1, 9, (2000, 1))
    above = np.flatnonzero(np.all([one > 1 for one in _cosines(a, b)], axis=0))[:count]
    return a[above], b[above]


def _nearly_one_line(rng: np.random.Generator) -> tuple[Array, Array]:
    """Return pairs whose angles are 0.5 to 2 degrees, or as much below 180."""
    turns = np.radians(rng.uniform(0, 360, 4))
    angles = np.radians(rng.uniform(0.5, 2, 4) + np.array([0, 180, 0, 180]))
    a, b = (np.stack([np.cos(one), np.sin(one)], axis=1) for one in (turns, turns + angles))
    return 3 * a, b


def _is_finite(run: Callable[..., Any], a: Array, b: Array) -> bool:
    return bool(np.isfinite(run(a, b)).all())


def _angles_by_hand(_: np.random.Generator) -> Sequence[Case]:
    a, b = _above_1(np.random.default_rng(2), 1)
    return [
        shown("a right angle", np.array([[2.0, 0.0]]), np.array([[0.0, 3.0]])),
        shown("three pairs", BY_HAND_A, BY_HAND_B),
        shown("a cosine that rounding takes above 1", a, b),
        shown("one that it takes below −1", a, -b),
    ]


def _angles(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs of five numbers", *pair(rng, 3, 5)),
        hidden("seven pairs of two numbers", *pair(rng, 7, 2)),
    ]


def _rounded_angles(rng: np.random.Generator) -> Sequence[Case]:
    a, b = _above_1(rng, 5)
    return [
        hidden("cosines that rounding takes above 1", a[:3], b[:3]),
        hidden("cosines that it takes below −1", a[3:], -b[3:]),
        hidden("the same of long vectors", a * 2.0**17, b * 2.0**17),  # it rounds alike
        hidden("angles near 0 and near 180", *_nearly_one_line(rng)),
    ]


def _guarded(little: float) -> Callable[[Array, Array], Array]:
    """Return cosines that a little in the denominator keeps below 1, unless rows are long."""

    def cosines(a: Array, b: Array) -> Array:
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        return np.asarray((a * b).sum(axis=1) / (lengths + little))

    return cosines


Step = Callable[[Array], Array]


def _cut(cosines: Array) -> Array:
    return cosines.clip(-1, 1)


def _build(
    cosines: Callable[[Array, Array], Array] = paired_cosine,
    cut: Step = _cut,
    angle: Step = np.arccos,
    unit: Step = np.degrees,
    last: Step = as_is,
) -> Answer:
    """Return `angle_degrees` with some of its steps replaced."""
    return lambda a, b: last(unit(angle(cut(cosines(a, b)))))


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
    build=_build,
    mistakes=(
        Mistake(
            name="acos-out-of-range",
            message="Rounding took a cosine past 1 or −1, where arccos is NaN. Cut the cosines "
            "back to −1 to 1 first.",
            changes={"cut": as_is},
        ),
        Mistake(
            name="nan-made-0",
            message="Where rounding took a cosine past −1, NaN became 0 degrees; 180 is right. "
            "Cut the cosines back to −1 to 1 instead.",
            changes={"cut": as_is, "last": np.nan_to_num},
        ),
        Mistake(
            name="cut-on-one-side",
            message="You cut the cosines on one side alone. Rounding takes them past 1, and "
            "past −1 as well: clip to −1 to 1.",
            changes={"cut": lambda cosines: np.minimum(cosines, 1)},
            variants=({"cut": lambda cosines: np.maximum(cosines, -1)},),
        ),
        Mistake(
            name="folded",
            message="Vectors that point apart got an angle of at most 90 degrees: the sign of "
            "the cosine was lost. Angles go up to 180.",
            changes={"cut": lambda cosines: np.abs(cosines).clip(0, 1)},
            variants=({"cut": lambda cosines: cosines.clip(0, 1)},),
        ),
        Mistake(
            name="radians",
            message="These are radians: half a turn is 3.14 instead of 180.",
            changes={"unit": as_is},
        ),
        Mistake(
            name="cosines-rounded",
            message="You rounded the cosines, so that small angles became 0. Cut them back to "
            "−1 to 1, which leaves all others as they are.",
            changes={"cut": lambda cosines: np.round(cosines, 3)},
            variants=({"cut": lambda cosines: np.round(cosines, 2)},),
        ),
        Mistake(
            name="to-radians",
            message="arccos gives radians already, and you turned them into radians again. "
            "np.degrees goes the other way.",
            changes={"unit": np.radians},
        ),
        Mistake(
            name="half-turn",
            message="Your angles are twice too large: π radians are half a turn, 180 degrees.",
            changes={"unit": lambda angles: angles * 360 / np.pi},
        ),
        Mistake(
            name="cosines",
            message="These are the cosines; the angle is their arccos, in degrees.",
            changes={"angle": as_is, "unit": as_is},
        ),
        Mistake(
            name="degrees-of-cosine",
            message="You turned the cosines into degrees. They are no angles yet: take their "
            "arccos first.",
            changes={"angle": as_is},
        ),
        Mistake(
            name="arcsine",
            message="You took arcsin; the angle with a given cosine is its arccos.",
            changes={"angle": np.arcsin},
        ),
        Mistake(
            name="cosine-of-cosine",
            message="You took the cosine of a cosine. The way back is arccos.",
            changes={"angle": np.cos},
        ),
        Mistake(
            name="not-cosines",
            message="You took arccos of dot products. Divide them by both lengths first, as "
            "your paired_cosine does.",
            changes={"cosines": lambda a, b: (a * b).sum(axis=1)},
        ),
        Mistake(
            name="guarded",
            message="A small number under the dot products keeps cosines below 1 where vectors "
            "are short; with long ones rounding passes 1 again. Cut the cosines to −1 to 1.",
            answer=_build(_guarded(1e-8), as_is),
            variants=tuple(_build(_guarded(one), as_is) for one in GUARDS),
        ),
        Mistake(
            name="every-pair",
            message="You compared every row with every row. Row i belongs to row i: one angle "
            "a pair, as in 02.2.",
            changes={"cosines": cosine_matrix},
        ),
    ),
    invariances=(
        Invariance(
            name="finite",
            message="An angle is NaN: arccos knows only numbers from −1 to 1.",
            holds=_is_finite,
        ),
        *PAIR_LAWS[:2],
        within("An angle lies in 0 to 180 degrees.", 0, 180),
    ),
)
