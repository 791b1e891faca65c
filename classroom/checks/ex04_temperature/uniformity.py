"""04.3: how evenly vectors cover the sphere."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import finite, unchanged, within
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown


def uniformity(x: Tensor, t: float = 2.0) -> Tensor:
    """Return log mean exp(-t · squared distance) over pairs of rows, made unit vectors."""
    return (-t * _squared(_unit(x))).exp().mean().log()


def _unit(x: Tensor) -> Tensor:
    return x / x.norm(dim=1, keepdim=True)


def _squared(x: Tensor) -> Tensor:
    """Return the squared distance of each pair of different rows."""
    first, second = np.triu_indices(len(x), k=1)
    return (x[first] - x[second]).square().sum(dim=1)


def _of_all(x: Tensor) -> Tensor:
    """Return the squared distance of each row to each, itself included."""
    return (x[:, None] - x[None]).square().sum(dim=2).flatten()


def _cosines(x: Tensor) -> Tensor:
    first, second = np.triu_indices(len(x), k=1)
    return (x[first] * x[second]).sum(dim=1)


TINY = 1e-9
"""A squared distance that rounding makes of 0 is smaller."""


def _of_neighbours(x: Tensor) -> Tensor:
    return (x[1:] - x[:-1]).square().sum(dim=1)


def _round_in_a_circle(x: Tensor) -> Tensor:
    return (x - x.roll(1, dims=0)).square().sum(dim=1)


def build(
    *,
    unit: Callable[[Tensor], Tensor] = _unit,
    squared: Callable[[Tensor], Tensor] = _squared,
    power: Callable[[Tensor], Tensor] = lambda squared: squared,
    exponents: Callable[[Tensor, float], Tensor] = lambda squared, t: -t * squared,
    mean: Callable[[Tensor, int], Tensor] = lambda exponents, _: exponents.exp().mean(),
    finish: Callable[[Tensor], Tensor] = torch.log,
) -> Answer:
    """Return an answer that takes its steps in other ways."""

    def answer(x: Tensor, t: float = 2.0) -> Tensor:
        distances = power(squared(unit(x)))
        return finish(mean(exponents(distances, t), len(x)))

    return answer


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    corner = torch.tensor([[1.0, 0.0], [0.0, 5.0]], dtype=torch.float64)
    three = torch.tensor([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0]], dtype=torch.float64)
    return [
        shown("a right angle: the squared distance is 2", corner, 1.0),
        shown("two right angles and a half turn", three, 0.5),
    ]


def _rows(rng: np.random.Generator, *shape: int) -> Tensor:
    return torch.from_numpy(
        rng.standard_normal(shape) * rng.uniform(0.5, 3, (shape[0], 1)) + 0.2
    )


def _spreads(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three vectors, t left out", _rows(rng, 3, 5)),
        hidden("seven vectors, t left out", _rows(rng, 7, 2)),
        hidden("as many vectors as dims", _rows(rng, 4, 4), 2.0),
        hidden("two of five vectors alike", _rows(rng, 4, 3)[[0, 1, 2, 1, 3]], 2.0),
    ]


def _slopes(rng: np.random.Generator) -> Sequence[Case]:
    low, high = (round(float(rng.uniform(*one)), 2) for one in ((0.3, 0.8), (3, 5)))
    return [hidden("low", _rows(rng, 5, 3), low), hidden("high", _rows(rng, 3, 4), high)]


UNIFORMITY = Question(
    number="04.3",
    function="uniformity",
    reference=uniformity,
    rtol=1e-4,
    atol=1e-4,  # distances computed from cosines in float32 lose digits
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="all pairs", points=2, cases=_spreads),
        Property(name="any t", points=1, cases=_slopes),
    ),
    build=build,
    mistakes=(
        Mistake(
            name="alike-left-out",
            message="You left out pairs at distance 0. Two rows that are alike are a pair "
            "too; only a row with itself is none.",
            changes={"squared": lambda x: _of_all(x)[_of_all(x) > TINY]},
        ),
        Mistake(
            name="self-pairs-included",
            message="You counted each vector with itself, at distance 0. Only pairs of two "
            "different rows count.",
            changes={"squared": _of_all},
        ),
        Mistake(
            name="neighbours-only",
            message="You compared each vector with the next one alone. Every pair of rows "
            "counts: torch.pdist has them all.",
            changes={"squared": _of_neighbours},
            variants=({"squared": _round_in_a_circle},),
        ),
        Mistake(
            name="missing-log",
            message="The logarithm is missing: it is taken last, of the mean.",
            changes={"finish": lambda mean: mean},
        ),
        Mistake(
            name="unnormalised",
            message="You took the vectors as they are. Give each length 1 first: only then do "
            "they lie on the sphere.",
            changes={"unit": lambda x: x},
        ),
        Mistake(
            name="wrong-axis",
            message="You normalised the columns. Each row is a vector: divide it by its own "
            "length, dim=1.",
            changes={"unit": lambda x: x / x.norm(dim=0)},
        ),
        Mistake(
            name="whole-norm",
            message="You divided all by one number, the norm of the whole table. Each row has "
            "a length of its own.",
            changes={"unit": lambda x: x / x.norm()},
        ),
        Mistake(
            name="distance-not-squared",
            message="You took the distances; the formula has their squares.",
            changes={"power": torch.sqrt},
        ),
        Mistake(
            name="squared-twice",
            message="Your squares are squared once more. Square the distance once.",
            changes={"power": torch.square},
        ),
        Mistake(
            name="cosine-for-distance",
            message="You took cosines where the formula has distances. The squared distance of "
            "two unit vectors is 2 - 2 · cosine; torch.pdist gives the distance.",
            changes={"squared": _cosines},
            variants=(
                {"squared": lambda x: _cosines(x).square()},
                {"squared": lambda x: 1 - _cosines(x)},
                {"squared": lambda x: (1 - _cosines(x)).square()},
            ),
        ),
        Mistake(
            name="t-squared",
            message="You squared t as well. Only the distance is squared: -t · d².",
            changes={"exponents": lambda squared, t: -(t**2) * squared},
        ),
        Mistake(
            name="t-ignored",
            message="You always used the same t; take the t that is passed in.",
            changes={"exponents": lambda squared, _: -2 * squared},
            variants=({"exponents": lambda squared, _: -squared},),
        ),
        Mistake(
            name="divided-by-t",
            message="You divided by t. It multiplies the squared distance.",
            changes={"exponents": lambda squared, t: -squared / t},
        ),
        Mistake(
            name="sign",
            message="A minus is missing, or one too many: close pairs must count more than "
            "distant ones, so the exponent is -t times the squared distance.",
            changes={"exponents": lambda squared, t: t * squared},
            variants=({"finish": lambda mean: -mean.log()},),
        ),
        Mistake(
            name="log-inside-mean",
            message="You took the mean of the exponents. Take exp first, then the mean, then "
            "the logarithm: close pairs then count most.",
            changes={"mean": lambda exponents, _: exponents.mean().exp()},
        ),
        Mistake(
            name="no-exp",
            message="You took the logarithm of the exponents. Take exp first, then the mean, "
            "then the logarithm.",
            changes={"mean": lambda exponents, _: exponents.mean()},
        ),
        Mistake(
            name="summed",
            message="You added the pairs up. Take their mean, so that more vectors do not look "
            "less spread.",
            changes={"mean": lambda exponents, _: exponents.exp().sum()},
            variants=({"mean": lambda exponents, _: 2 * exponents.exp().sum()},),
        ),
        Mistake(
            name="wrong-count",
            message="You added the pairs up, then divided by another number than there are "
            "pairs. n vectors make n · (n - 1) / 2.",
            changes={"mean": lambda exponents, n: exponents.exp().sum() / n},
            variants=(
                {"mean": lambda exponents, n: exponents.exp().sum() / n**2},
                {"mean": lambda exponents, n: 2 * exponents.exp().sum() / n**2},
                {"mean": lambda exponents, n: exponents.exp().sum() / (n * (n - 1))},
            ),
        ),
        Mistake(
            name="another-base",
            message="Your logarithm is to another base than e. Take torch.log.",
            changes={"finish": torch.log10},
            variants=({"finish": torch.log2},),
        ),
    ),
    invariances=(
        finite(
            "Yours is infinite, or NaN: look for a logarithm of 0, 0 / 0, or a root of less "
            "than 0."
        ),
        unchanged(
            "length",
            "Making every vector twice as long must change nothing: only directions count.",
            lambda x, t=2.0: (2 * x, t),
        ),
        unchanged(
            "order",
            "The order of the vectors must not matter; it changes yours.",
            lambda x, t=2.0: (x.flip(0), t),
        ),
        within("Uniformity is never above 0; yours is.", -np.inf, 0),
    ),
)
