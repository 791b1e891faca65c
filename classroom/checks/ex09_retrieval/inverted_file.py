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
Near = Callable[[Array, Array], Array]


def _nearness(x: Array, centres: Array) -> Array:
    """Return a number for each row and centre that is larger the nearer they are."""
    return np.asarray(x @ centres.T - (centres**2).sum(axis=1) / 2)


def _by_product(x: Array, centres: Array) -> Array:
    return np.asarray(x @ centres.T)


def _by_cosine(x: Array, centres: Array) -> Array:
    return _by_product(x, centres / np.linalg.norm(centres, axis=1, keepdims=True))


def build(  # noqa: PLR0913 - one keyword for each thing that goes wrong
    *,
    cell: Near = _nearness,
    close: Near = _nearness,
    probed: Callable[[int], int] = int,
    order: Callable[[Array], Array] = lambda scores: np.argsort(-scores),
    cut: Callable[[Array, int], Array] = lambda best, k: best[:k],
    look_up: Callable[[Array, Array], Array] = lambda rows, best: rows[best],
    count: Callable[[int, int, int, int], int] = lambda read, *_: read,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
        nearest = cell(vectors, centres).argmax(axis=1)
        closest = np.argsort(-close(query, centres))[: probed(probes)]
        rows = np.flatnonzero(np.isin(nearest, closest))
        hits = look_up(rows, cut(order(vectors[rows] @ query), k)).tolist()
        return hits, count(len(rows), len(hits), probes, len(centres))

    return answer


def _filtered_after(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
    """Take the k best of all, then those of them that lie in the nearest cells."""
    inside, count = build()(query, vectors, centres, probes, len(vectors))
    best = np.argsort(-(vectors @ query))[:k].tolist()
    return [row for row in best if row in inside], count


def _cell_by_cell(query: Array, vectors: Array, centres: Array, probes: int, k: int) -> Found:
    """List the best of the nearest cell, then those of the next one."""
    nearest = _nearness(vectors, centres).argmax(axis=1)
    listed: list[int] = []
    for cell in np.argsort(-_nearness(query, centres))[:probes]:
        rows = np.flatnonzero(nearest == cell)
        listed += rows[np.argsort(-(vectors[rows] @ query))].tolist()
    return listed[:k], len(listed)


def _few_as_they_are(
    query: Array, vectors: Array, centres: Array, probes: int, k: int
) -> Found:
    """Sort what is found only where more is found than wanted."""
    best, read = build()(query, vectors, centres, probes, k)
    return (sorted(best) if read <= k else best), read


def _drawn(
    rng: np.random.Generator, count: int, dim: int, cells: int, probes: int, k: int
) -> tuple[Any, ...]:
    """Return vectors of length 1, and centres of uneven length, which must be allowed for.

    Some of the best vectors lie in other cells, unless all cells are looked into; those that
    are found are not in the order of their rows.
    """
    while True:
        vectors = rng.standard_normal((count + 1, dim))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        centres = vectors[rng.permutation(count)[:cells]] * rng.uniform(0.3, 1.2, (cells, 1))
        near = [way(vectors[0], centres) for way in (_nearness, _by_product)]
        first, other = (set(np.argsort(-one)[:probes].tolist()) for one in near)
        given = vectors[0], vectors[1:], centres, probes, k
        best = np.argsort(-(given[1] @ given[0]))[:k].tolist()
        found = build()(*given)[0]
        if found != sorted(found) and (probes == cells or (first != other and found != best)):
            return given


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
    reference=build(),
    build=build,
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
            changes={"probed": lambda probes: 1000 * probes},
        ),
        Mistake(
            name="filtered-after",
            message="You took the k best of all vectors, then dropped those of other cells. "
            "Look into the cells first: the k best of what is read come back.",
            answer=_filtered_after,
        ),
        Mistake(
            name="positions-not-rows",
            message="You returned places within the vectors that you read. Look their row "
            "numbers up: rows[order].",
            changes={"look_up": lambda _, best: best},
        ),
        Mistake(
            name="one-cell-only",
            message="You looked into the nearest cell alone. Look into `probes` of them.",
            changes={"probed": lambda _: 1},
        ),
        Mistake(
            name="farthest-cells",
            message="You looked into the cells that are farthest away: argsort sorts upwards.",
            changes={"close": lambda *given: -_nearness(*given)},
        ),
        Mistake(
            name="long-centres-win",
            message="Centres have uneven lengths, so the largest dot product is not the least "
            "distance. Subtract half of each centre's squared length.",
            changes={"cell": _by_product, "close": _by_product},
            variants=({"close": _by_product}, {"cell": _by_product}),
        ),
        Mistake(
            name="nearest-by-cosine",
            message="You took the centre in the nearest *direction*. The nearest one is at the "
            "least distance, and centres have uneven lengths.",
            changes={"cell": _by_cosine, "close": _by_cosine},
            variants=({"close": _by_cosine}, {"cell": _by_cosine}),
        ),
        Mistake(
            name="worst-first",
            message="The best vector does not come first: argsort sorts upwards.",
            changes={"order": np.argsort},
            variants=({"cut": lambda best, k: best[:k][::-1]},),
        ),
        Mistake(
            name="not-sorted",
            message="You returned vectors of the right cells, and not by their dot product "
            "with the query. Sort by that, then cut.",
            changes={"order": lambda scores: np.arange(len(scores))},
            variants=({"cut": lambda best, k: np.sort(best[:k])},),
        ),
        Mistake(
            name="cell-by-cell",
            message="You list one cell after the other. Put the vectors of all cells that you "
            "read together, sort them once, then cut.",
            answer=_cell_by_cell,
        ),
        Mistake(
            name="few-not-sorted",
            message="Where there are no more vectors than are wanted, yours come in the order "
            "of their rows. The best comes first, however few there are.",
            answer=_few_as_they_are,
        ),
        Mistake(
            name="k-ignored",
            message="You returned all vectors of the cells. Cut the sorted list after k.",
            changes={"cut": lambda best, _: best},
        ),
        Mistake(
            name="counted-otherwise",
            message="The second number is how many vectors were read: all in the cells that "
            "you looked into, neither the hits alone, nor centres, nor cells.",
            changes={"count": lambda _, hits, *__: hits},
            variants=(
                {"count": lambda _, __, probes, ___: probes},
                {"count": lambda read, _, __, centres: read + centres},
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
