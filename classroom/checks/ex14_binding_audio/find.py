"""14.6: the pictures that fit a query of several senses best.

Leaves out how a sense becomes a vector, and parts that cancel each other.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex14_binding_audio.find_answers import MISTAKES, Parts, Steps, find, unit
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Asked = tuple[np.ndarray, list[tuple[np.ndarray, float]], int]
APART = 1e-3
"""Cosines that decide an order differ by more: no rounding decides instead of them."""
TELLING = ("parts-not-normalised", "weights-ignored", "one-part-alone", "without-is-with")


def _number(rng: np.random.Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _drawn(
    rng: np.random.Generator, rows: int, dim: int, k: int, weights: Sequence[float]
) -> Asked:
    """Return an index and a query of which the shortest part weighs most."""
    index = unit(rng.standard_normal((rows, dim)))
    parts = [(unit(rng.standard_normal(dim)) * _number(rng, 3, 9) / w**2, w) for w in weights]
    return index, parts, k


def _ties(rng: np.random.Generator, k: int, copies: int = 1) -> Asked:
    """Return an index in which rows stand several times, so simple that none is rounded."""
    index = np.eye(3)[rng.permutation([0, 0, 1, 1, 1, 2] * copies)]
    query = rng.permutation([3.0, 2.0, 1.0]) * _number(rng, 0.5, 2)
    return index, [(query, _number(rng, 0.5, 2))], k


def _apart(asked: Asked) -> bool:
    """Return whether nothing is decided by a hair, and slips find other pictures."""
    index, parts, _ = asked
    right = find(index, parts, len(index))
    cosines = np.array([cosine for _, cosine in right])
    if (np.diff(-cosines) < APART).any():
        return False
    pushed = any(weight < 0 for _, weight in parts)
    told = TELLING if pushed else TELLING[:-1]
    slips = [one for one in MISTAKES if one.name in told]
    rows = [row for row, _ in right]
    return all(
        [row for row, _ in Steps(**one.changes)(index, parts, len(index))] != rows  # type: ignore[arg-type]
        for one in slips
    )


def _telling(rng: np.random.Generator, *sizes: Any) -> Asked:
    while True:
        asked = _drawn(rng, *sizes)
        if _apart(asked):
            return asked


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    album = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [0.0, 1.0]])
    east, north = np.array([2.0, 0.0]), np.array([0.0, 0.5])
    return [
        shown("one sense", album, [(east, 1.0)], 2),
        shown("two senses, alike", album, [(east, 1.0), (north, 1.0)], 2),
        shown("with the one, without the other", album, [(east, 1.0), (north, -0.5)], 1),
        shown("two rows that fit equally well", album, [(north, 1.0)], 2),
    ]


def _alone(rng: np.random.Generator) -> Sequence[Case]:
    index, parts, k = _drawn(rng, 7, 4, 3, [_number(rng, 0.3, 3)])
    return [
        hidden("one sense, seven pictures", index, parts, k),
        hidden("rows that fit equally well", *_ties(rng, 4)),
        hidden("of rows that fit equally well, some", *_ties(rng, 5)),
        hidden("many rows that fit equally well", *_ties(rng, 30, copies=20)),
    ]


def _together(rng: np.random.Generator) -> Sequence[Case]:
    two = [_number(rng, 0.3, 0.6), _number(rng, 1.2, 2)]
    three = [_number(rng, 0.4, 0.7), _number(rng, 1.5, 2.5), _number(rng, 0.8, 1.2)]
    return [
        hidden("two senses", *_telling(rng, 9, 3, 4, two)),
        hidden("three senses", *_telling(rng, 11, 5, 6, three)),
    ]


def _without(rng: np.random.Generator) -> Sequence[Case]:
    two = [_number(rng, 1.2, 2), -_number(rng, 0.4, 0.8)]
    both = [-_number(rng, 1.2, 2), -_number(rng, 0.4, 0.8)]
    return [
        hidden("one of them without", *_telling(rng, 8, 3, 5, two)),
        hidden("without either", *_telling(rng, 8, 3, 5, both)),
    ]


def _large(rng: np.random.Generator) -> Sequence[Case]:
    two = [_number(rng, 0.3, 0.6), _number(rng, 1.2, 2)]
    return [
        hidden("as many as there are", *_telling(rng, 5, 3, 5, two)),
        hidden("more than there are", *_telling(rng, 5, 4, 8, two)),
    ]


def _within_one(run: Callable[..., Any], *asked: Any) -> bool:
    return all(abs(cosine) <= 1 + 1e-6 for _, cosine in run(*asked))


def _lengths_alike(run: Callable[..., Any], index: np.ndarray, parts: Parts, k: int) -> bool:
    longer = [(vector * 2.0**place, weight) for place, (vector, weight) in enumerate(parts)]
    return _rows(run(index, parts, k)) == _rows(run(index, longer, k))


def _rows(found: Any) -> list[int]:
    return [int(row) for row, _ in found]


FIND = Question(
    number="14.6",
    function="find",
    reference=find,
    build=Steps,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one sense, ties", points=1, cases=_alone),
        Property(name="senses together", points=1, cases=_together),
        Property(name="without", points=1, cases=_without),
        Property(name="as many as there are", points=1, cases=_large),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="cosines",
            message="A cosine lies from -1 to 1; yours does not. Bring the sum of the parts to "
            "length 1.",
            holds=_within_one,
        ),
        Invariance(
            name="lengths-matter",
            message="How long a part's vector is must change nothing; with yours it does. "
            "Bring each to length 1 before its weight is applied.",
            holds=_lengths_alike,
        ),
        Invariance(
            name="best-first",
            message="Cosines must fall from the first row to the last; yours do not.",
            holds=lambda run, *asked: bool(
                (np.diff([cosine for _, cosine in run(*asked)]) <= 1e-9).all()
            ),
        ),
    ),
)
