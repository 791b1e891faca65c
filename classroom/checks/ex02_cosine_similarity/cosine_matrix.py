"""02.3: the cosine of every row with every row."""

from collections.abc import Sequence

import numpy as np

from classroom.checks.ex02_cosine_similarity.inputs import (
    ATOL,
    BY_HAND_A,
    BY_HAND_B,
    PAIR_LAWS,
    RTOL,
    Array,
    pair,
    rows,
)
from classroom.checks.ex02_cosine_similarity.l2_normalize import l2_normalize
from classroom.checks.invariances import follows_order
from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown


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
    ]


def _uneven_matrices(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("one side a hundred times as long", 100 * rows(rng, 2, 3), rows(rng, 5, 3))]


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
    mistakes=(
        Mistake(
            name="normalised-after-product",
            message="You multiplied first and then gave the rows of the product length 1. Give "
            "the vectors length 1 before you multiply.",
            answer=lambda a, b: l2_normalize(a @ b.T),
            variants=(lambda a, b: l2_normalize((a @ b.T).T).T,),
        ),
        Mistake(
            name="transposed",
            message="Rows and columns are exchanged: row i must hold the cosines of a's row i.",
            answer=lambda a, b: cosine_matrix(b, a),
        ),
        Mistake(
            name="paired-only",
            message="You compared row i with row i alone, which is 02.2. Every row of a meets "
            "every row of b: multiply a by b turned on its side.",
            answer=lambda a, b: (l2_normalize(a) * l2_normalize(b)).sum(axis=1),
        ),
        Mistake(
            name="dot-products",
            message="These are dot products. Give every vector length 1 first.",
            answer=lambda a, b: a @ b.T,
        ),
        Mistake(
            name="normalised-one-side",
            message="Only one of the two sides was divided by its length.",
            answer=lambda a, b: l2_normalize(a) @ b.T,
            variants=(lambda a, b: a @ l2_normalize(b).T,),
        ),
    ),
    invariances=(
        PAIR_LAWS[0],
        follows_order("Turning a's rows round must turn the rows of the outcome round."),
        PAIR_LAWS[2],
    ),
    left_out="A loop over the rows is slow but right: no output shows it, so it costs nothing.",
)
