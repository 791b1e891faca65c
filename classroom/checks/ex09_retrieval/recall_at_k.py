"""09.2: recall at k, in both directions, with several relevant items, ties against you."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

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

Array = np.ndarray
Pair = tuple[float, float]
OneWay = Callable[[Array, Array, int], float]


def recall_at_k(scores: Array, relevant: Array, k: int) -> Pair:
    """Return the share of rows, and of columns, with a relevant item among their k best."""
    return _recall(scores, relevant, k), _recall(scores.T, relevant.T, k)


def _recall(scores: Array, relevant: Array, k: int) -> float:
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    before = (~relevant & (scores >= best)).sum(axis=1)
    return float((before < k).mean())


def _both(one_way: OneWay) -> Answer:
    """Return an answer that counts otherwise, in both directions."""
    return lambda scores, relevant, k: (
        one_way(scores, relevant, k),
        one_way(scores.T, relevant.T, k),
    )


def _ties_win(scores: Array, relevant: Array, k: int) -> float:
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    return float(((scores > best).sum(axis=1) < k).mean())


def _first_k(scores: Array, relevant: Array, k: int) -> Array:
    """Return whether each of the k best is relevant, ties against you."""
    against = np.lexsort((relevant, -scores), axis=1)
    return np.take_along_axis(relevant, against[:, :k], axis=1)


def _ties_by_place(scores: Array, relevant: Array, k: int) -> float:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.take_along_axis(relevant, order, axis=1).any(axis=1).mean())


def _precision(scores: Array, relevant: Array, k: int) -> float:
    return float(_first_k(scores, relevant, k).mean())


def _share_found(scores: Array, relevant: Array, k: int) -> float:
    found = _first_k(scores, relevant, k).sum(axis=1)
    return float((found / relevant.sum(axis=1)).mean())


def _all_found(scores: Array, relevant: Array, k: int) -> float:
    worst = np.where(relevant, scores, np.inf).min(axis=1, keepdims=True)
    before = (~relevant & (scores >= worst)).sum(axis=1) + relevant.sum(axis=1) - 1
    return float((before < k).mean())


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
    """Return scores, no two alike or of few values, whose two recalls differ and say much."""
    while True:
        relevant = _relevant(rng, queries, items)
        scores = rng.permutation(queries * items).reshape(queries, items) / 100
        if values:
            scores = rng.integers(0, values, scores.shape) / values
        there, back = recall_at_k(scores, relevant, k)
        if there != back and min(there, back) > 0 and max(there, back) < 1:
            return scores, relevant, k


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    scores = np.array([[0.9, 0.8, 0.1], [0.7, 0.6, 0.2]])
    own = np.array([[True, False, True], [False, True, False]])
    return [
        shown("two texts, three pictures, k = 1", scores, own, 1),
        shown("two texts, three pictures, k = 2", scores, own, 2),
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
    return [
        hidden("scores of five values", *_drawn(rng, 11, 13, 3, 5)),
        hidden("scores of six, as many texts as pictures", *_drawn(rng, 17, 17, 4, 6)),
        hidden("no ties", *_drawn(rng, 19, 7, 2)),
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
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="there and back", points=3, cases=_several),
        Property(name="ties count against you", points=1, cases=_ties),
    ),
    mistakes=(
        Mistake(
            name="one-direction",
            message="Both numbers are of one direction. For the second the pictures ask and "
            "the texts are looked through: turn both tables with .T.",
            answer=lambda *given: (_recall(*given), _recall(*given)),
            variants=(lambda *given: (recall_at_k(*given)[1], recall_at_k(*given)[1]),),
        ),
        Mistake(
            name="ties-count-as-wins",
            message="A picture that is not relevant and scores the same must count before the "
            "relevant one; or a model that says nothing finds everything.",
            answer=_both(_ties_win),
            variants=(_both(_ties_by_place),),
        ),
        Mistake(
            name="precision-instead",
            message="You returned the share of the k best that are relevant: precision. Recall "
            "here is the share of *queries* that find at least one.",
            answer=_both(_precision),
        ),
        Mistake(
            name="share-of-relevant",
            message="You returned which share of the relevant items is found. In image search "
            "one is enough: a query counts as 1 or 0.",
            answer=_both(_share_found),
        ),
        Mistake(
            name="only-diagonal-relevant",
            message="You looked for item i of query i alone. relevant says what else is right.",
            answer=lambda scores, relevant, k: recall_at_k(
                scores, np.eye(*relevant.shape) > 0, k
            ),
            variants=(
                lambda scores, relevant, k: recall_at_k(
                    scores, relevant & (np.eye(*relevant.shape) > 0), k
                ),
            ),
        ),
        Mistake(
            name="all-must-be-found",
            message="You counted a query only if *all* of its relevant items are among the k "
            "best. One is enough.",
            answer=_both(_all_found),
        ),
        Mistake(
            name="worst-first",
            message="You looked at the k lowest scores. The highest are the best.",
            answer=lambda scores, relevant, k: recall_at_k(-scores, relevant, k),
        ),
        Mistake(
            name="k-counted-from-0",
            message="You looked at one item too few or too many: k = 1 means the first alone.",
            answer=lambda scores, relevant, k: recall_at_k(scores, relevant, k - 1),
            variants=(lambda scores, relevant, k: recall_at_k(scores, relevant, k + 1),),
        ),
        Mistake(
            name="directions-exchanged",
            message="The two numbers are exchanged: first the rows ask, then the columns.",
            answer=lambda *given: recall_at_k(*given)[::-1],
        ),
    ),
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
