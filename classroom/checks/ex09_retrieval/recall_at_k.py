"""09.2: recall at k, in both directions, with several relevant items, ties against you."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex09_retrieval.recall_answers import (
    MISTAKES,
    Array,
    _before,
    _downwards,
    _in_favour,
    _stable,
    _turned_round,
    build,
)
from classroom.checks.question import (
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

recall_at_k = build()
"""The share of rows, and of columns, with a relevant item among their k best."""

TIES = (
    _before(own=True),
    *(build(order=way) for way in (_in_favour, _downwards, _stable, _turned_round)),
)
"""Answers that differ from the right one where scores are equal, and nowhere else."""


def _relevant(rng: np.random.Generator, queries: int, items: int) -> Array:
    """Return several relevant items a query, off the diagonal as well, none left out."""
    relevant = rng.random((queries, items)) < 0.12
    rows, columns = rng.permutation(queries), rng.permutation(items)
    for number in range(max(queries, items)):
        relevant[rows[number % queries], columns[number % items]] = True
    return relevant


def _drawn(
    rng: np.random.Generator, queries: int, items: int, k: int, values: int = 0
) -> tuple[Any, ...]:
    """Return scores, no two alike or of few values, whose two recalls differ and say much.

    With few values, both recalls differ from what each answer says that treats ties otherwise.
    """
    while True:
        relevant = _relevant(rng, queries, items)
        scores = rng.permutation(queries * items).reshape(queries, items) / 100
        if values:
            scores = rng.integers(0, values, scores.shape) / values
        given = scores, relevant, k
        there, back = recall_at_k(*given)
        if there == back or min(there, back) == 0 or max(there, back) == 1:
            continue
        others = [other(*given) for other in TIES] if values else []
        if all(one != there and other != back for one, other in others):
            return given


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    scores = np.array([[0.9, 0.8, 0.1], [0.7, 0.6, 0.2]])
    own = np.array([[True, False, True], [False, True, False]])
    first_two = np.array([[True, True, False], [True, True, True]])
    return [
        shown("two texts, three pictures, k = 1", scores, own, 1),
        shown("two texts, three pictures, k = 2", scores, own, 2),
        shown("two relevant ones tie", np.array([[0.5, 0.5, 0.4]] * 2), first_two, 1),
        shown("all alike: nothing is found", np.zeros((3, 3)), np.eye(3, dtype=bool), 1),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("seven texts, eleven pictures", *_drawn(rng, 7, 11, 2)),
        hidden("thirteen texts, nine pictures", *_drawn(rng, 13, 9, 3)),
        hidden("as many texts as pictures", *_drawn(rng, 10, 10, 1)),
        hidden("as many, and more looked at", *_drawn(rng, 17, 17, 4)),
    ]


def _ties(rng: np.random.Generator) -> Sequence[Case]:
    scores, relevant, k = _drawn(rng, 19, 7, 2)
    return [
        hidden("scores of five values", *_drawn(rng, 11, 13, 3, 5)),
        hidden("scores of six, as many texts as pictures", *_drawn(rng, 17, 17, 4, 6)),
        hidden("no ties, all scores below 0", scores - 5, relevant, k),
    ]


def _turns(run: Callable[..., Any], scores: Array, relevant: Array, k: int) -> bool:
    turned = run(scores.T.copy(), relevant.T.copy(), k)
    return bool(np.allclose(list(run(scores, relevant, k))[::-1], list(turned)))


def _only_order(run: Callable[..., Any], scores: Array, relevant: Array, k: int) -> bool:
    return bool(np.allclose(run(scores, relevant, k), run(100 * scores - 7, relevant, k)))


RECALL_AT_K = Question(
    number="09.2",
    function="recall_at_k",
    reference=recall_at_k,
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="there and back", points=3, cases=_several),
        Property(name="ties count against you", points=1, cases=_ties),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="turned",
            message="With both tables turned, the two numbers must change places.",
            holds=_turns,
        ),
        Invariance(
            name="order",
            message="Only the order of the scores may count, not their size.",
            holds=_only_order,
        ),
    ),
)
