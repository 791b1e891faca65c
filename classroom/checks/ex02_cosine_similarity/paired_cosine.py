"""02.2: one cosine for each pair of rows.

Leaves out the zero vector: 02.1 decides what becomes of it.
"""

from collections.abc import Sequence

import numpy as np

from classroom.checks.ex02_cosine_similarity.cosine_matrix import cosine_matrix
from classroom.checks.ex02_cosine_similarity.inputs import (
    ATOL,
    BY_HAND_A,
    BY_HAND_B,
    PAIR_LAWS,
    RTOL,
    Array,
    pair,
)
from classroom.checks.ex02_cosine_similarity.l2_normalize import l2_normalize
from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown


def paired_cosine(a: Array, b: Array) -> Array:
    """Return the cosine of each row of `a` with the same row of `b`, as (n,)."""
    return (l2_normalize(a) * l2_normalize(b)).sum(axis=1)


def _pairs_by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("(3, 4) and (4, 3)", BY_HAND_A[:1], BY_HAND_B[:1]),
        shown("three pairs", BY_HAND_A, BY_HAND_B),
    ]


def _pairs(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs of five numbers", *pair(rng, 3, 5)),
        hidden("seven pairs of two numbers", *pair(rng, 7, 2)),
        hidden("one pair", *pair(rng, 1, 4)),
    ]


def _uneven_pairs(rng: np.random.Generator) -> Sequence[Case]:
    a, b = pair(rng, 5, 3)
    return [hidden("one side a hundred times as long", a, 100 * b)]


PAIRED_COSINE = Question(
    number="02.2",
    function="paired_cosine",
    reference=paired_cosine,
    rtol=RTOL,
    atol=ATOL,
    properties=(
        Property(name="by hand", points=0, cases=_pairs_by_hand),
        Property(name="one cosine for each pair", points=2, cases=_pairs),
        Property(name="length does not matter", points=1, cases=_uneven_pairs),
    ),
    mistakes=(
        Mistake(
            name="returned-matrix",
            message="You compared every row with every row, which is 02.3. Here row i belongs "
            "to row i: one number a pair, the matrix's diagonal.",
            answer=cosine_matrix,
        ),
        Mistake(
            name="normalised-one-side",
            message="Only one of the two sides was divided by its length.",
            answer=lambda a, b: (l2_normalize(a) * b).sum(axis=1),
            variants=(lambda a, b: (a * l2_normalize(b)).sum(axis=1),),
        ),
        Mistake(
            name="squared-norm",
            message="You divided by the sums of the squares: their roots are missing.",
            answer=lambda a, b: (a * b).sum(1) / ((a * a).sum(1) * (b * b).sum(1)),
        ),
        Mistake(
            name="dot-product",
            message="This is the dot product. Divide it by both lengths.",
            answer=lambda a, b: (a * b).sum(axis=1),
        ),
        Mistake(
            name="summed-down",
            message="You summed down the columns. A dot product sums along a row.",
            answer=lambda a, b: (l2_normalize(a) * l2_normalize(b)).sum(axis=0),
        ),
    ),
    invariances=PAIR_LAWS,
)
