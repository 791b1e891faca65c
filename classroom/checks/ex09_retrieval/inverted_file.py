"""09.4: an inverted file, which looks into the nearest cells alone."""

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
Found = tuple[list[int], int]


def inverted_file(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
    """Return the rows of the k best vectors in the nearest cells, and how many were read."""
    return _search(query, vectors, centres, probes, k)


def _nearness(x: Array, centres: Array) -> Array:
    """Return a number for each row and centre that is larger the nearer they are."""
    return np.asarray(x @ centres.T - (centres**2).sum(axis=1) / 2)


def _by_product(x: Array, centres: Array) -> Array:
    return np.asarray(x @ centres.T)


def _search(
    query: Array,
    vectors: Array,
    centres: Array,
    probes: int,
    k: int,
    near: tuple[Callable[[Array, Array], Array], ...] = (_nearness, _nearness),
) -> Found:
    cell = near[0](vectors, centres).argmax(axis=1)
    closest = np.argsort(-near[1](query, centres))[:probes]
    rows = np.flatnonzero(np.isin(cell, closest))
    return rows[np.argsort(-(vectors[rows] @ query))[:k]].tolist(), len(rows)


def _judged(*near: Callable[[Array, Array], Array]) -> Answer:
    """Return an answer that finds cells, or the nearest ones, otherwise."""
    return lambda query, vectors, centres, probes, k: _search(
        query, vectors, centres, probes, k, near
    )


def _rows(query: Array, vectors: Array, centres: Array, probes: int) -> Array:
    cell = _nearness(vectors, centres).argmax(axis=1)
    return np.flatnonzero(np.isin(cell, np.argsort(-_nearness(query, centres))[:probes]))


def _positions(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
    rows = _rows(query, vectors, centres, probes)
    return np.argsort(-(vectors[rows] @ query))[:k].tolist(), len(rows)


def _worst(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
    rows = _rows(query, vectors, centres, probes)
    return rows[np.argsort(vectors[rows] @ query)[:k]].tolist(), len(rows)


def _unsorted(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
    rows = _rows(query, vectors, centres, probes)
    return rows[:k].tolist(), len(rows)


def _drawn(
    rng: np.random.Generator, count: int, dim: int, cells: int, probes: int, k: int
) -> tuple[Any, ...]:
    """Return vectors of length 1, and centres of uneven length, which must be allowed for."""
    while True:
        vectors = rng.standard_normal((count + 1, dim))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        centres = vectors[rng.permutation(count)[:cells]] * rng.uniform(0.3, 1.2, (cells, 1))
        near = [way(vectors[0], centres) for way in (_nearness, _by_product)]
        first, other = (set(np.argsort(-one)[:probes].tolist()) for one in near)
        if first != other or probes == cells:
            return vectors[0], vectors[1:], centres, probes, k


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    vectors = np.array([[0.6, 0.8], [1.0, 0.0], [0.0, 1.0], [0.8, 0.6], [-1.0, 0.0]])
    centres = np.array([[0.9, 0.3], [0.1, 0.9], [-1.0, 0.0]])
    query = np.array([0.96, 0.28])
    return [
        shown("one cell of three", query, vectors, centres, 1, 2),
        shown("two cells of three", query, vectors, centres, 2, 3),
        shown("all cells: nothing is missed", query, vectors, centres, 3, 5),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two cells of seven", *_drawn(rng, 60, 5, 7, 2, 4)),
        hidden("three cells of eleven", *_drawn(rng, 80, 3, 11, 3, 5)),
        hidden("as many cells as numbers", *_drawn(rng, 50, 4, 4, 2, 4)),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("fewer there than wanted", *_drawn(rng, 20, 4, 9, 2, 15)),
        hidden("every cell", *_drawn(rng, 17, 3, 5, 5, 6)),
    ]


def _best_first(run: Callable[..., Any], query: Array, vectors: Array, *others: Any) -> bool:
    rows = np.asarray(run(query, vectors, *others)[0], dtype=int)
    return bool((np.diff(vectors[rows] @ query) <= 1e-9).all())


INVERTED_FILE = Question(
    number="09.4",
    function="inverted_file",
    reference=inverted_file,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the best of the nearest cells", points=2, cases=_several),
        Property(name="few there, or all", points=1, cases=_few),
    ),
    mistakes=(
        Mistake(
            name="looked-everywhere",
            message="You looked through all vectors. Only those whose own cell is among the "
            "nearest may be read.",
            answer=lambda query, vectors, centres, _, k: _search(
                query, vectors, centres, len(centres), k
            ),
        ),
        Mistake(
            name="positions-not-rows",
            message="You returned places within the vectors that you read. Look their row "
            "numbers up: rows[order].",
            answer=_positions,
        ),
        Mistake(
            name="one-cell-only",
            message="You looked into the nearest cell alone. Look into `probes` of them.",
            answer=lambda query, vectors, centres, _, k: _search(query, vectors, centres, 1, k),
        ),
        Mistake(
            name="farthest-cells",
            message="You looked into the cells that are farthest away: argsort sorts upwards.",
            answer=_judged(_nearness, lambda *given: -_nearness(*given)),
        ),
        Mistake(
            name="long-centres-win",
            message="Centres have uneven lengths, so the largest dot product is not the least "
            "distance. Subtract half of each centre's squared length.",
            answer=_judged(_by_product, _by_product),
            variants=(_judged(_nearness, _by_product), _judged(_by_product, _nearness)),
        ),
        Mistake(
            name="worst-first",
            message="You returned the worst vectors of the right cells: argsort sorts upwards.",
            answer=_worst,
        ),
        Mistake(
            name="not-sorted",
            message="You returned the first vectors of the right cells. Sort them by their dot "
            "product with the query.",
            answer=_unsorted,
        ),
        Mistake(
            name="counted-hits",
            message="The second number is how many hits come back. It is how many vectors were "
            "read: all that lie in the cells that you looked into.",
            answer=lambda *given: (
                inverted_file(*given)[0],
                len(inverted_file(*given)[0]),
            ),
            variants=(
                lambda query, vectors, centres, probes, k: (
                    _search(query, vectors, centres, probes, k)[0],
                    probes,
                ),
            ),
        ),
    ),
    invariances=(
        Invariance(
            name="order",
            message="The best vector must come first; yours are in another order.",
            holds=_best_first,
        ),
    ),
    left_out="An index that finds every vector's cell anew for each query, as here: a real one "
    "keeps the cells, and no output shows it.",
)
