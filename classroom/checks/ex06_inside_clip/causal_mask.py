"""06.4: the mask with which no token sees a later one."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown

INF = float("inf")


def causal_mask(n: int) -> Tensor:
    """Return 0 where row i may look at column j, j <= i, and -inf where it may not: (n, n)."""
    return _filled(-INF)(n)


def _filled(value: float, first: int = 1) -> Callable[[int], Tensor]:
    """Return an answer with a value in place of -inf, from a diagonal on."""
    return lambda n: torch.full((n, n), value).triu(first)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [shown("two tokens", 2), shown("three tokens", 3), shown("one token", 1)]


def _some(rng: np.random.Generator, low: int, high: int) -> Sequence[Case]:
    numbers = sorted(rng.permutation(np.arange(low, high))[:2].tolist())
    return [hidden(f"{n} tokens", n) for n in numbers]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    return _some(rng, 4, 12)


def _many(rng: np.random.Generator) -> Sequence[Case]:
    return [*_some(rng, 2, 6), *_some(rng, 12, 30)]


CAUSAL_MASK = Question(
    number="06.4",
    function="causal_mask",
    reference=causal_mask,
    rtol=0,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="a handful of tokens", points=1, cases=_few),
        Property(name="few tokens, and many", points=1, cases=_many),
    ),
    mistakes=(
        Mistake(
            name="upper-lower-swapped",
            message="Your mask hides what came before and shows what comes later. Row i is "
            "token i looking: hide the columns right of the diagonal.",
            answer=lambda n: torch.full((n, n), -INF).tril(-1),
        ),
        Mistake(
            name="masks-self",
            message="Your tokens may not see themselves, and the first sees nothing at all: a "
            "softmax of −inf alone is NaN. Leave the diagonal at 0.",
            answer=_filled(-INF, 0),
            variants=(lambda n: torch.full((n, n), -INF).tril(0),),
        ),
        Mistake(
            name="sees-the-next",
            message="Each token sees one too many, the next one. Hiding starts right beside "
            "the diagonal: triu(1).",
            answer=_filled(-INF, 2),
        ),
        Mistake(
            name="ones-and-zeros",
            message="Your mask says yes and no. It is *added* to the scores: 0 changes "
            "nothing, −inf makes a share of 0.",
            answer=lambda n: torch.ones(n, n).tril(),
            variants=(
                _filled(1.0),
                lambda n: torch.ones(n, n).tril().bool(),
                lambda n: torch.ones(n, n).triu(1).bool(),
            ),
        ),
        Mistake(
            name="zero-times-infinity",
            message="0 · inf is NaN. Put −inf where it belongs instead of multiplying: fill a "
            "matrix with it, then triu, or masked_fill.",
            answer=lambda n: torch.ones(n, n).triu(1) * -INF,
            variants=(lambda n: (1 - torch.ones(n, n).tril()) * -INF,),
        ),
        Mistake(
            name="plus-infinity",
            message="Your infinity is positive, so later tokens would get everything. Minus "
            "infinity leaves them nothing.",
            answer=_filled(INF),
        ),
        Mistake(
            name="finite",
            message="A large negative number mostly does, until scores are as large, or a "
            'format ends before it. float("-inf") makes the share exactly 0.',
            answer=_filled(-1e9),
            variants=(
                _filled(-1e4),
                _filled(-1e10),
                _filled(-100.0),
                _filled(torch.finfo(torch.float32).min),
            ),
        ),
    ),
)
