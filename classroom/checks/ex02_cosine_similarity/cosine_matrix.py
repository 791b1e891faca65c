"""02.3: the cosine of every row with every row."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from classroom.checks.ex02_cosine_similarity.inputs import (
    ATOL,
    BY_HAND_A,
    BY_HAND_B,
    GUARDS,
    PAIR_LAWS,
    RTOL,
    WRONG_LENGTHS,
    Array,
    as_is,
    both,
    by_lengths_across,
    guarded,
    pair,
    rows,
    short,
)
from classroom.checks.ex02_cosine_similarity.l2_normalize import l2_normalize
from classroom.checks.invariances import follows_order
from classroom.checks.question import (
    Answer,
    Case,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


def cosine_matrix(a: Array, b: Array) -> Array:
    """Return the cosine of every row of `a` (n, dim) with every row of `b` (m, dim)."""
    return l2_normalize(a) @ l2_normalize(b).T


def _matrix_by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("one row and two", BY_HAND_A[:1], BY_HAND_B[:2]),
        shown("three rows and two", BY_HAND_A, BY_HAND_B[:2]),
    ]


def _matrices(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three rows and five", rows(rng, 3, 7), rows(rng, 5, 7)),
        hidden("five rows and two", rows(rng, 5, 4), rows(rng, 2, 4)),
        hidden("as many rows on both sides", *pair(rng, 4, 3)),
        hidden("and as many numbers in each", *pair(rng, 4, 4)),
    ]


def _uneven_matrices(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one side a hundred times as long", 100 * rows(rng, 2, 3), rows(rng, 5, 3)),
        hidden("both of length 10⁻⁵", short(rng, 2, 3), short(rng, 5, 3)),
    ]


def _every_row(a: Array, b: Array) -> Array:
    return a @ b.T


def _build(
    a_step: Callable[[Array], Array] = l2_normalize,
    b_step: Callable[[Array], Array] = l2_normalize,
    product: Callable[[Array, Array], Array] = _every_row,
    last: Callable[[Array], Array] = as_is,
) -> Answer:
    """Return `cosine_matrix` with some of its steps replaced."""
    return lambda a, b: last(product(a_step(a), b_step(b)))


def _divided_crosswise(a: Array, b: Array) -> Array:
    down, across = np.linalg.norm(b, axis=1), np.linalg.norm(a, axis=1)
    return a @ b.T / down[:, None] / across


def _divided_across(a: Array, b: Array) -> Array:
    return a @ b.T / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))


def _guarded_product(little: float, by: Callable[..., Array] = np.add) -> Answer:
    def answer(a: Array, b: Array) -> Array:
        lengths = np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))
        return a @ b.T / by(lengths, little)

    return answer


def _looped(side: int, a: Array, b: Array) -> Array:
    """Return the table as two loops fill it that both run over the rows of one side."""
    a, b = l2_normalize(a), l2_normalize(b)
    table = np.zeros((len(a), len(b)))
    for i in range(table.shape[side]):
        for j in range(table.shape[side]):
            table[i, j] = a[i] @ b[j]
    return table


COSINE_MATRIX = Question(
    number="02.3",
    function="cosine_matrix",
    reference=cosine_matrix,
    rtol=RTOL,
    atol=ATOL,
    properties=(
        Property(name="by hand", points=0, cases=_matrix_by_hand),
        Property(name="every row with every row", points=2, cases=_matrices),
        Property(name="length does not matter", points=1, cases=_uneven_matrices),
    ),
    build=_build,
    mistakes=(
        Mistake(
            name="dot-products",
            message="These are dot products of raw vectors. Give each length 1 first.",
            changes=both(as_is),
        ),
        *WRONG_LENGTHS,
        Mistake(
            name="guarded",
            message="A small number is added to your lengths, or stands in for them, so that "
            "cosines of short vectors come out too small. Divide by the lengths alone.",
            answer=_guarded_product(1e-8),
            variants=(
                *map(_guarded_product, GUARDS),
                *(_guarded_product(one, np.maximum) for one in GUARDS[:4]),
                *(_build(guarded(one), guarded(one)) for one in GUARDS[:3]),
            ),
        ),
        Mistake(
            name="lengths-crossed",
            message="The lengths were laid along the wrong axis, or did not fit. Keep their "
            "axis, shape (n, 1), or let your l2_normalize divide each side.",
            answer=_build(by_lengths_across, by_lengths_across),
            variants=(_divided_crosswise, _divided_across),
        ),
        Mistake(
            name="normalised-after-product",
            message="You multiplied first and then gave the rows or columns of the product "
            "length 1. Give the vectors length 1 before you multiply.",
            changes={**both(as_is), "last": l2_normalize},
            variants=({**both(as_is), "last": lambda table: l2_normalize(table.T).T},),
        ),
        Mistake(
            name="transposed",
            message="Rows and columns are exchanged: row i must hold the cosines of a's row i.",
            changes={"product": lambda a, b: b @ a.T},
        ),
        Mistake(
            name="not-turned",
            message="A matrix product takes rows times columns, and the vectors of b are its "
            "rows. Turn b on its side first: b.T has them as columns.",
            changes={"product": np.matmul},
            variants=({"product": np.dot},),
        ),
        Mistake(
            name="reshaped",
            message="reshape cuts b's numbers into new rows, which mixes the vectors. Turn b "
            "on its side instead, so that each vector is a column: b.T.",
            changes={"product": lambda a, b: a @ b.reshape(b.shape[::-1])},
        ),
        Mistake(
            name="paired-only",
            message="You compared row i with row i alone, which is 02.2. Every row of a meets "
            "every row of b: multiply a by b turned on its side.",
            changes={"product": lambda a, b: (a * b).sum(axis=1)},
        ),
        Mistake(
            name="one-side-looped",
            message="Both of your loops run over the rows of one side. i counts a's rows, j "
            "counts b's, and the two may be different in number.",
            answer=partial(_looped, 0),
            variants=(partial(_looped, 1),),
        ),
        Mistake(
            name="absolute",
            message="The sign was lost. Vectors that point apart have a cosine below 0.",
            changes={"last": np.abs},
        ),
        Mistake(
            name="cut-at-0",
            message="Cosines below 0 became 0. Leave them as they are: a cosine lies in −1 to "
            "1, and below 0 vectors point apart.",
            changes={"last": lambda cosines: np.maximum(cosines, 0)},
        ),
        Mistake(
            name="cosine-distance",
            message="These are 1 minus the cosine, a distance. The cosine itself is asked for.",
            changes={"last": lambda cosines: 1 - cosines},
        ),
    ),
    invariances=(
        PAIR_LAWS[0],
        follows_order("Turning a's rows round must turn the rows of the outcome round."),
        PAIR_LAWS[2],
    ),
    left_out="A loop over the rows is slow but right: no output shows it, so it costs nothing.",
)
