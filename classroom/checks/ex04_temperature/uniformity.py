"""04.3: how evenly vectors cover the sphere."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown


def uniformity(x: Tensor, t: float = 2.0) -> Tensor:
    """Return log mean exp(-t · squared distance) over pairs of rows, made unit vectors."""
    return (-t * _squared(_unit(x))).exp().mean().log()


def _unit(x: Tensor) -> Tensor:
    return x / x.norm(dim=1, keepdim=True)


def _squared(x: Tensor) -> Tensor:
    """Return the squared distance of each pair of different rows."""
    first, second = np.triu_indices(len(x), k=1)
    return (x[first] - x[second]).square().sum(dim=1)


def _with_itself(x: Tensor, t: float = 2.0) -> Tensor:
    x = _unit(x)
    return (-t * (x[:, None] - x[None]).square().sum(dim=2)).exp().mean().log()


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
    mistakes=(
        Mistake(
            name="self-pairs-included",
            message="You counted each vector with itself, at distance 0. Only pairs of two "
            "different rows count.",
            answer=_with_itself,
        ),
        Mistake(
            name="missing-log",
            message="The mean is right; its logarithm is asked for.",
            answer=lambda x, t=2.0: uniformity(x, t).exp(),
        ),
        Mistake(
            name="unnormalised",
            message="You took the vectors as they are. Give each length 1 first: only then do "
            "they lie on the sphere.",
            answer=lambda x, t=2.0: (-t * _squared(x)).exp().mean().log(),
        ),
        Mistake(
            name="distance-not-squared",
            message="You took the distances; the formula has their squares.",
            answer=lambda x, t=2.0: (-t * _squared(_unit(x)).sqrt()).exp().mean().log(),
        ),
        Mistake(
            name="log-inside-mean",
            message="You took the mean of the exponents. Take exp first, then the mean, then "
            "the logarithm: close pairs then count most.",
            answer=lambda x, t=2.0: -t * _squared(_unit(x)).mean(),
        ),
        Mistake(
            name="summed",
            message="You added the pairs up. Take their mean, so that more vectors do not look "
            "less spread.",
            answer=lambda x, t=2.0: (-t * _squared(_unit(x))).exp().sum().log(),
            variants=(lambda x, t=2.0: (2 * (-t * _squared(_unit(x))).exp().sum()).log(),),
        ),
        Mistake(
            name="t-ignored",
            message="You always used t = 2; take the t that is passed in.",
            answer=lambda x, t=2.0: uniformity(x, 2.0),  # noqa: ARG005
        ),
        Mistake(
            name="sign",
            message="The minus is missing: close pairs must count more than distant ones, so "
            "the exponent is −t times the squared distance.",
            answer=lambda x, t=2.0: uniformity(x, -t),
            variants=(lambda x, t=2.0: -uniformity(x, t),),
        ),
    ),
    invariances=(
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
