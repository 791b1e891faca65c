"""17.4: how likely a name is, after some examples, to who can do no better than reckon.

Leaves out how pictures are seen: a thing is known by its facts.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex17_learning_from_examples.chance_answers import (
    MISTAKES,
    Steps,
    chance_of_dax,
)
from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Game = tuple[np.ndarray, np.ndarray, np.ndarray]


def _game(rng: np.random.Generator, examples: int, facts: int) -> Game:
    """Return things, their names by some rule, and a thing that is asked about."""
    things = rng.integers(0, 2, (examples, facts))
    rule, turned = int(rng.integers(facts)), int(rng.integers(2))
    return things, things[:, rule] ^ turned, rng.integers(0, 2, facts)


def _where(
    rng: np.random.Generator, wanted: Callable[[float], bool], examples: int, facts: int
) -> Game:
    """Return a game in which the chance is such a one."""
    while True:
        game = _game(rng, examples, facts)
        if wanted(chance_of_dax(*game)):
            return game


def _open(chance: float) -> bool:
    return not np.isclose(chance, [0, 0.5, 1]).any()


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    one, two = np.array([[0, 0]]), np.array([[0, 0], [1, 0]])
    return [
        shown("the same thing again", one, np.array([1]), np.array([0, 0])),
        shown("one fact is shared", one, np.array([1]), np.array([1, 0])),
        shown("an example that decides", two, np.array([1, 0]), np.array([1, 1])),
        shown("no example", np.zeros((0, 2), dtype=int), np.zeros(0, dtype=int), one[0]),
    ]


def _known(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("it is called dax", *_where(rng, lambda chance: chance == 1, 4, 3)),
        hidden("it is called wug", *_where(rng, lambda chance: chance == 0, 4, 3)),
        hidden("both examples say dax", *_alike(rng, 1)),
        hidden("both examples say wug", *_alike(rng, 0)),
    ]


def _alike(rng: np.random.Generator, name: int) -> Game:
    """Return two examples of one name which share some facts, and a thing of a third kind."""
    while True:
        game = _game(rng, 2, 5)
        if (game[1] == name).all() and _open(chance_of_dax(*game)):
            return game


def _two_facts(rng: np.random.Generator) -> Sequence[Case]:
    games = [_game(rng, examples, 2) for examples in (1, 2, 2, 4, 6)]
    return [
        hidden(f"kind and colour, {len(game[0])} examples, game {number}", *game)
        for number, game in enumerate(games)
    ]


def _many_facts(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five facts, two examples", *_where(rng, _open, 2, 5)),
        hidden("seven facts, three examples", *_where(rng, _open, 3, 7)),
        hidden("as many examples as facts", *_where(rng, _open, 4, 4)),
        hidden("no example, five facts", *_game(rng, 0, 5)),
    ]


def _mirrored(run: Callable[..., Any], things: Any, names: Any, asked: Any) -> bool:
    return bool(np.isclose(run(things, names, asked) + run(things, 1 - names, asked), 1))


CHANCE_OF_DAX = Question(
    number="17.4",
    function="chance_of_dax",
    reference=chance_of_dax,
    build=Steps,
    rtol=1e-6,
    atol=1e-9,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="examples that decide, and some that do not", points=1, cases=_known),
        Property(name="kind and colour", points=1, cases=_two_facts),
        Property(name="many facts", points=2, cases=_many_facts),
    ),
    mistakes=MISTAKES,
    invariances=(
        within("A chance lies from 0 to 1; yours does not.", 0, 1),
        Invariance(
            name="mirrored",
            message="If all examples had the other name, the chance of dax would be that of "
            "wug now: the two must add up to 1. Yours do not.",
            holds=_mirrored,
        ),
        unchanged(
            "another-order",
            "The order of the examples must change nothing; with yours it does.",
            lambda things, names, asked: (things[::-1].copy(), names[::-1].copy(), asked),
        ),
        unchanged(
            "twice",
            "The same example twice says no more than once; with yours it does. Rules are "
            "ruled out, examples cast no votes.",
            lambda things, names, asked: (
                np.concatenate([things, things[:1]]),
                np.concatenate([names, names[:1]]),
                asked,
            ),
        ),
    ),
)
