"""03.4: the loss of one small table, worked out on paper and typed in.

Carries no points: whoever knows the three numbers has them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.question import Case, Mistake, Property, Question, shown

COSINES = np.array([[3, 2, 1, 1], [2, 3, 1, 1], [2, 2, 2, 2], [4, 4, 4, 4]]) / 5
"""A vague third picture, and a fourth that agrees with every caption."""


def by_hand() -> list[float]:
    """Return the loss to captions, the loss to pictures, and CLIP's loss, in nats."""
    return _losses()


def harness(answer: Callable[..., Any], number: int) -> Any:
    """Return the first, the second or the third number."""
    return answer()[number - 1]


def _losses(
    points: Callable[[np.ndarray], np.ndarray] = lambda cosines: 2 ** (5 * cosines),
    surprise: Callable[[np.ndarray], Any] = lambda right: -np.log(right).mean(),
) -> list[float]:
    """Return the three numbers, with a part of the way replaced."""
    table = points(COSINES)
    rows, columns = (surprise(table.diagonal() / table.sum(axis=axis)) for axis in (1, 0))
    return [float(rows), float(columns), float((rows + columns) / 2)]


def _summed(halves: float) -> list[float]:
    rows, columns, _ = _losses(surprise=lambda right: -np.log(right).sum())
    return [rows, columns, (rows + columns) / halves]


def _added() -> list[float]:
    rows, columns, both = _losses()
    return [rows, columns, 2 * both]


def _same_twice(which: int) -> list[float]:
    return 3 * [_losses()[which]]


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
    rtol=0,
    atol=0.006,  # two decimals are enough
    properties=(Property(name="the table", points=0, cases=_cases),),
    mistakes=(
        Mistake(
            name="log10",
            message="You took logarithms to base 10. Nats need the natural one: ln 2 is 0.693.",
            answer=lambda: _losses(surprise=lambda right: -np.log10(right).mean()),
        ),
        Mistake(
            name="bits",
            message="You took logarithms to base 2, so these are bits. A bit is 0.693 nats.",
            answer=lambda: _losses(surprise=lambda right: -np.log2(right).mean()),
        ),
        Mistake(
            name="forgot-averaging",
            message="You added up four surprises. The loss of a direction is their mean.",
            answer=lambda: _summed(2),
            variants=(lambda: _summed(1),),
        ),
        Mistake(
            name="directions-added",
            message="Each direction is right; the third number is their mean, not their sum.",
            answer=_added,
        ),
        Mistake(
            name="one-direction",
            message="The two directions are not the same here: rows and columns have other "
            "sums. For a caption, divide by the sum of its column.",
            answer=lambda: _same_twice(0),
            variants=(lambda: _same_twice(1),),
        ),
        Mistake(
            name="probabilities-averaged",
            message="You averaged the probabilities and took the logarithm of that. Take the "
            "logarithm of each, then the mean.",
            answer=lambda: _losses(surprise=lambda right: -np.log(right.mean())),
        ),
        Mistake(
            name="probabilities",
            message="These are mean probabilities. The loss is the mean of minus their "
            "logarithms.",
            answer=lambda: _losses(surprise=np.mean),
        ),
        Mistake(
            name="sign",
            message="The logarithm of a probability is negative; the loss is minus that.",
            answer=lambda: _losses(surprise=lambda right: np.log(right).mean()),
        ),
        Mistake(
            name="no-exponential",
            message="You divided the cosines themselves. Turn each into points first: 2 to the "
            "power of 5 times the cosine.",
            answer=lambda: _losses(points=lambda cosines: cosines),
        ),
        Mistake(
            name="no-temperature",
            message="You took exp of the cosines themselves. Divide them by the temperature "
            "first: here that makes 2 to the power of 5 times the cosine.",
            answer=lambda: _losses(points=np.exp),
        ),
    ),
)
