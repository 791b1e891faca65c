"""02.2: one cosine for each pair of rows.

Leaves out the zero vector: 02.1 decides what becomes of it.
"""

from collections.abc import Callable, Sequence

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
    short,
)
from classroom.checks.ex02_cosine_similarity.l2_normalize import l2_normalize
from classroom.checks.question import (
    Answer,
    Case,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


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
        hidden("as many pairs as numbers", *pair(rng, 4, 4)),
    ]


def _uneven_pairs(rng: np.random.Generator) -> Sequence[Case]:
    a, b = pair(rng, 5, 3)
    return [
        hidden("one side a hundred times as long", a, 100 * b),
        hidden("both of length 10⁻⁵", short(rng, 5, 3), short(rng, 5, 3)),
    ]


def _build(
    a_step: Callable[[Array], Array] = l2_normalize,
    b_step: Callable[[Array], Array] = l2_normalize,
    product: Callable[[Array, Array], Array] = np.multiply,
    total: Callable[[Array], Array] = lambda products: np.asarray(products.sum(axis=1)),
    last: Callable[[Array], Array] = as_is,
) -> Answer:
    """Return `paired_cosine` with some of its steps replaced."""
    return lambda a, b: last(total(product(a_step(a), b_step(b))))


def _lengths_added(a: Array, b: Array) -> Array:
    lengths = np.linalg.norm(a, axis=1) + np.linalg.norm(b, axis=1)
    return (a * b).sum(axis=1) / lengths


def _guarded_product(little: float, by: Callable[..., Array] = np.add) -> Answer:
    def answer(a: Array, b: Array) -> Array:
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        return (a * b).sum(axis=1) / by(lengths, little)

    return answer


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
    build=_build,
    mistakes=(
        Mistake(
            name="dot-product",
            message="This is the dot product of raw vectors. Divide by both lengths.",
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
            message="The lengths were laid along the columns, or did not fit. Keep their axis, "
            "shape (n, 1): keepdims=True.",
            changes=both(by_lengths_across),
        ),
        Mistake(
            name="centred",
            message="You subtracted each row's mean first: these are correlations. A cosine "
            "takes the vectors as they are.",
            changes=both(lambda x: l2_normalize(x - x.mean(axis=1, keepdims=True))),
        ),
        Mistake(
            name="lengths-added",
            message="You divided by the sum of the two lengths. Divide by their product.",
            answer=_lengths_added,
        ),
        Mistake(
            name="returned-matrix",
            message="You compared every row with every row, which is 02.3. Here row i belongs "
            "to row i: one number a pair, the matrix's diagonal.",
            changes={"product": lambda a, b: a @ b.T, "total": as_is},
        ),
        Mistake(
            name="matrix-product",
            message="A matrix product, @ or np.dot, takes rows times columns. Multiply number "
            "by number with *, and add up along each row.",
            changes={"product": np.matmul, "total": as_is},
            variants=({"product": np.dot, "total": as_is},),
        ),
        Mistake(
            name="not-summed",
            message="These are the products of single numbers. Add them up along each row.",
            changes={"total": as_is},
        ),
        Mistake(
            name="mean-not-sum",
            message="You took the mean of the products. A dot product is their sum.",
            changes={"total": lambda products: products.mean(axis=1)},
        ),
        Mistake(
            name="summed-down",
            message="You summed down the columns. A dot product sums along a row.",
            changes={"total": lambda products: products.sum(axis=0)},
        ),
        Mistake(
            name="summed-all",
            message="You added everything up. Each pair has a number of its own: add up along "
            "axis=1 alone.",
            changes={"total": np.sum},
        ),
        Mistake(
            name="kept-axis",
            message="Your numbers stand in a column, of shape (n, 1). Drop that axis: a sum "
            "without keepdims has shape (n,).",
            changes={"total": lambda products: products.sum(axis=1, keepdims=True)},
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
    invariances=PAIR_LAWS,
)
