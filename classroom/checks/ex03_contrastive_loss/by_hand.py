"""03.4: the loss of one small table, worked out on paper and typed in.

Carries no points: whoever knows the three numbers has them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    shown,
)

COSINES = np.array([[3, 2, 1, 1], [2, 3, 1, 1], [2, 2, 2, 2], [4, 4, 4, 4]]) / 5
"""A vague third picture, and a fourth that agrees with every caption."""

TOLERANCE = 0.006
"""How far a number may be off: two decimals are enough."""


def by_hand() -> list[float]:
    """Return the loss to captions, the loss to pictures, and CLIP's loss, in nats."""
    return _Steps()()


def harness(answer: Callable[..., Any], number: int) -> Any:
    """Return the first, the second or the third number."""
    return answer()[number - 1]


Numbers = np.ndarray


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """`by_hand`, with a part of the way replaced."""

    points: Callable[[Numbers], Numbers] = lambda cosines: 2 ** (5 * cosines)
    total: Callable[[Numbers, int], Any] = lambda table, axis: table.sum(axis=axis)
    surprise: Callable[[Numbers], Numbers] = lambda shares: -np.log(shares)
    base: float = np.e
    over_pairs: Callable[[Numbers], Any] = np.mean
    axes: Sequence[int] = (1, 0)
    third: Callable[[float, float], float] = lambda one, other: (one + other) / 2

    def __call__(self) -> list[float]:
        one, other = (float(self._loss(axis)) for axis in self.axes)
        return [one, other, self.third(one, other)]

    def _loss(self, axis: int) -> Any:
        table = self.points(COSINES)
        shares = table.diagonal() / self.total(table, axis)
        return self.over_pairs(self.surprise(shares)) / np.log(self.base)


def _is_mean(run: Callable[..., Any], number: int) -> bool:  # noqa: ARG001
    return bool(abs(run(3) - (run(1) + run(2)) / 2) < TOLERANCE)


def _cases(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("each picture finds its caption", 1),
        shown("each caption finds its picture", 2),
        shown("the mean of the two", 3),
    ]


BY_HAND = Question(
    number="03.4",
    function="by_hand",
    reference=by_hand,
    harness=harness,
    told="It looks at one of your three numbers at a time, counted from 1.",
    rtol=0,
    atol=TOLERANCE,
    properties=(Property(name="the table", points=0, cases=_cases),),
    build=_Steps,
    mistakes=(
        Mistake(
            name="log10",
            message="You took logarithms to base 10. Nats need the natural one: ln 2 is 0.693.",
            changes={"base": 10},
        ),
        Mistake(
            name="bits",
            message="You took logarithms to base 2, so these are bits. A bit is 0.693 nats.",
            changes={"base": 2},
        ),
        Mistake(
            name="forgot-averaging",
            message="You added up four surprises. The loss of a direction is their mean.",
            changes={"over_pairs": np.sum},
        ),
        Mistake(
            name="directions-added",
            message="The third number is the mean of the two directions, not their sum.",
            changes={"third": lambda one, other: one + other},
        ),
        Mistake(
            name="directions-exchanged",
            message="You exchanged the two directions. The first number is to captions, the "
            "rows of the table; the second to pictures, its columns.",
            changes={"axes": (0, 1)},
        ),
        Mistake(
            name="one-direction",
            message="The two directions are not the same here: rows and columns have other "
            "sums. For a caption, divide by the sum of its column.",
            changes={"axes": (1, 1)},
            variants=({"axes": (0, 0)},),
        ),
        Mistake(
            name="whole-table",
            message="You divided by the sum of the whole table. A picture chooses among the "
            "captions of its row, a caption among the pictures of its column.",
            changes={"total": lambda table, _: table.sum()},
        ),
        Mistake(
            name="probabilities-averaged",
            message="You averaged the probabilities and took the logarithm of that. Take the "
            "logarithm of each, then the mean.",
            changes={
                "surprise": lambda shares: shares,
                "over_pairs": lambda shares: -np.log(shares.mean()),
            },
        ),
        Mistake(
            name="probabilities",
            message="These are mean probabilities. The loss is the mean of minus their "
            "logarithms.",
            changes={"surprise": lambda shares: shares},
        ),
        Mistake(
            name="sign",
            message="The logarithm of a probability is negative; the loss is minus that.",
            changes={"surprise": np.log},
        ),
        Mistake(
            name="no-exponential",
            message="You divided the cosines themselves. Turn each into points first: 2 to the "
            "power of 5 times the cosine.",
            changes={"points": lambda cosines: cosines},
        ),
        Mistake(
            name="no-temperature",
            message="You took exp of the cosines themselves. Divide them by the temperature "
            "first: here that makes 2 to the power of 5 times the cosine.",
            changes={"points": np.exp},
        ),
        Mistake(
            name="e-for-2",
            message="You took e to the power of 5 times the cosine. With this temperature it "
            "is 2 to that power.",
            changes={"points": lambda cosines: np.exp(5 * cosines)},
        ),
    ),
    invariances=(
        Invariance(
            name="third-number",
            message="The third number is the mean of the first two; yours is not.",
            holds=_is_mean,
        ),
    ),
)
