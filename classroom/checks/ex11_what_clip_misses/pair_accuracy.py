"""11.2: how often the true caption scores higher than the false one, a tie counting half."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex11_what_clip_misses.pair_answers import MISTAKES, Array, build
from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

pair_accuracy = build()
"""The share of pairs in which the true score is higher, ties counting half."""
STEP = 1 / 64
"""Scores are multiples of it: equal ones are equal in float32 as well, others far apart."""


def _drawn(rng: np.random.Generator, count: int, ties: int = 0) -> tuple[Array, Array]:
    """Return scores of pairs, so many of them equal, of which more or fewer than half win."""
    while True:
        true, false = (rng.integers(-40, 60, count) * STEP for _ in range(2))
        if (true == false).any():
            continue
        tied = rng.choice(count, ties, replace=False)
        false[tied] = true[tied]
        won, lost = (true > false).sum(), (true < false).sum()
        if won != lost and min(won, lost) > 0 and abs(true.mean() - false.mean()) > STEP:
            return true, false


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    true = np.array([0.75, 0.5, 0.25, 1.0])
    return [
        shown("won, tied, lost, won", true, np.full(4, 0.5)),
        shown("a model that says nothing", np.full(3, 0.25), np.full(3, 0.25)),
        shown("one pair, scores below 0", np.array([-0.5]), np.array([-0.75])),
    ]


def _untied(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden(f"{count} pairs", *_drawn(rng, count)) for count in (7, 11, 10, 5)]


def _ties(rng: np.random.Generator) -> Sequence[Case]:
    same = rng.integers(-40, 60, 9) * STEP
    return [
        hidden("nine pairs, two tie", *_drawn(rng, 9, 2)),
        hidden("thirteen pairs, five tie", *_drawn(rng, 13, 5)),
        hidden("a bag of words: all tie", same, same.copy()),
    ]


def _mirrored(run: Callable[..., Any], true: Array, false: Array) -> bool:
    return bool(np.isclose(run(true, false) + run(false, true), 1))


PAIR_ACCURACY = Question(
    number="11.2",
    function="pair_accuracy",
    reference=pair_accuracy,
    build=build,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="pair by pair", points=1, cases=_untied),
        Property(name="a tie counts half", points=2, cases=_ties),
    ),
    mistakes=MISTAKES,
    invariances=(
        within("A share lies between 0 and 1; yours does not.", 0, 1),
        unchanged(
            "order",
            "Only who leads counts: twice all scores must change nothing.",
            lambda true, false: (2 * true, 2 * false),
        ),
        Invariance(
            name="mirrored",
            message="With true and false exchanged, what was won is lost: the two shares must "
            "add up to 1.",
            holds=_mirrored,
        ),
    ),
)
