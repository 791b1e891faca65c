"""18.4: which sense an answer needs, from what is lost without it.

Leaves out several questions at once, each of which would want a wider interval.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex18_films.needs_answers import MISTAKES, WIDE, Controls, Steps, needs
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Array = np.ndarray
Asked = tuple[Array, Controls, float]
Counts = tuple[int, int]
NAMES = ("sound", "order", "picture", "colour", "name", "motion", "pitch", "left half")
APART = 0.002
"""Lower ends lie farther than this from the least: no rounding decides."""


def _control(rng: np.random.Generator, full: Array, lost: int, won: int) -> Array:
    """Return hits of a control that loses so many of the full model's and wins so many."""
    without = full.copy()
    without[rng.permutation(np.flatnonzero(full))[:lost]] = False
    without[rng.permutation(np.flatnonzero(~full))[:won]] = True
    return without


def _asked(
    rng: np.random.Generator, n: int, right: int, least: float, *counts: Counts
) -> Asked:
    """Return what n films gave, `right` of them right, and controls in any order."""
    full = rng.permutation(n) < right
    names = [str(name) for name in rng.permutation(NAMES)[: len(counts)]]
    order = rng.permutation(len(counts))
    controls = [
        (name, _control(rng, full, *counts[place]))
        for name, place in zip(names, order, strict=True)
    ]
    return full, controls, least


def _lows(full: Array, controls: Controls) -> list[float]:
    lost = [full.astype(float) - without for _, without in controls]
    return [one.mean() - WIDE * one.std() / len(full) ** 0.5 for one in lost]


def _apart(rng: np.random.Generator, *asked: Any) -> Asked:
    """Return what lies clear of `least`, and has names that no sorting gives."""
    while True:
        found = _asked(rng, *asked)
        full, controls, least = found
        names = needs(*found)
        told = len(names) < 2 or names not in (sorted(names), names[::-1])
        if told and min(abs(low - least) for low in _lows(full, controls)) > APART:
            return found


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    full = np.arange(100) < 90
    half, few, more = np.arange(100) < 45, np.arange(100) < 87, np.arange(100) < 99
    return [
        shown("half is lost", full, [("sound", half)], 0.05),
        shown("little is lost", full, [("sound", few)], 0.05),
        shown("more is right", full, [("sound", more), ("order", half)], 0.05),
    ]


def _clear(rng: np.random.Generator) -> Sequence[Case]:
    some = int(rng.integers(60, 90))
    return [
        hidden("three controls", *_apart(rng, 200, 180, 0.1, (some, 3), (4, 2), (some + 9, 8))),
        hidden(
            "four controls", *_apart(rng, 300, 240, 0.05, (some, 5), (3, 30), (90, 9), (9, 8))
        ),
    ]


def _doubtful(rng: np.random.Generator) -> Sequence[Case]:
    some = int(rng.integers(52, 57))
    return [
        hidden("few films", *_apart(rng, 40, 30, 0.05, (7, 3), (24, 1), (6, 5), (20, 2))),
        hidden(
            "within an error or two",
            *_apart(rng, 400, 320, 0.1, (some, 4), (150, 9), (47, 2), (130, 4)),
        ),
        hidden(
            "losses that are real and small",
            *_apart(rng, 400, 360, 0.1, (30, 2), (99, 3), (88, 2)),
        ),
        hidden("as often lost as won", *_apart(rng, 300, 180, 0.1, (60, 58), (99, 9), (80, 3))),
    ]


def _paired(rng: np.random.Generator) -> Sequence[Case]:
    some = int(rng.integers(24, 29))
    return [
        hidden(
            "the same films", *_apart(rng, 400, 280, 0.025, (some, 1), (some + 9, 2), (9, 7))
        ),
        hidden(
            "a model that is often wrong",
            *_apart(rng, 300, 170, 0.05, (20, 10), (70, 5), (80, 3)),
        ),
    ]


def _order(run: Callable[..., Any], full: Array, controls: Controls, least: float) -> bool:
    return bool(run(full, controls[::-1], least) == run(full, controls, least)[::-1])


def _alone(run: Callable[..., Any], full: Array, controls: Controls, least: float) -> bool:
    """Return whether each control is judged alike beside others and alone."""
    alone = [name for one in controls for name in run(full, [one], least)]
    return bool(run(full, controls, least) == alone)


NEEDS = Question(
    number="18.4",
    function="needs",
    reference=needs,
    build=Steps,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="clear losses", points=1, cases=_clear),
        Property(name="losses in doubt", points=2, cases=_doubtful),
        Property(name="film by film", points=1, cases=_paired),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="order",
            message="The controls in another order must give the same names in that order; "
            "with yours they do not.",
            holds=_order,
        ),
        Invariance(
            name="alone",
            message="What is said of a control must not depend on the others beside it; with "
            "yours it does.",
            holds=_alone,
        ),
    ),
)
