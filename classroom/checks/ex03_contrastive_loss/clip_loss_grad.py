"""03.3: the gradient of the loss for each cosine; one by autograd passes as well."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import (
    RTOL,
    alike,
    as_is,
    number,
    shares,
    unit,
)
from classroom.checks.invariances import unchanged
from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


def clip_loss_grad(similarities: Tensor, scale: float) -> Tensor:
    """Return scale (P + Q - 2 I) / 2n: P softmax of rows, Q of columns, of scale · cosines."""
    p, q = (scale * similarities).softmax(dim=1), (scale * similarities).softmax(dim=0)
    return scale * (p + q - 2 * _identity(similarities)) / (2 * len(similarities))


def _identity(like: Tensor) -> Tensor:
    return torch.eye(len(like), dtype=like.dtype)


Step = Callable[[Tensor], Tensor]
Factor = Callable[[float], float]


def _rows(table: Tensor) -> Tensor:
    return table.softmax(dim=1)


def _columns(table: Tensor) -> Tensor:
    return table.softmax(dim=0)


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """`clip_loss_grad`, with steps that may be replaced."""

    inner: Factor = lambda scale: scale
    rows: Step = _rows
    columns: Step = _columns
    pull: Step = lambda table: 2 * _identity(table)
    outer: Factor = lambda scale: scale
    pairs: Factor = lambda n: n
    halves: int = 2
    last: Step = as_is

    def __call__(self, similarities: Tensor, scale: float) -> Tensor:
        table = self.inner(scale) * similarities
        pushes = self.rows(table) + self.columns(table) - self.pull(table)
        return self.last(self.outer(scale) * pushes / (self.halves * self.pairs(len(table))))


def _typed(dim: int) -> Step:
    """Return a softmax as its formula is written, which overflows."""
    return lambda table: shares(table, dim)


def _one_maximum(dim: int) -> Step:
    """Return a softmax that takes the table's maximum off, so that low rows underflow."""
    return lambda table: shares(table - table.max(), dim)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    apart = torch.eye(2, dtype=torch.float64)
    lazy = torch.tensor(
        [[3, 2, 2, 4], [2, 3, 2, 4], [2, 2, 3, 4], [2, 3, 2, 4]], dtype=torch.float64
    )
    return [
        shown("each right with 3 of 4 points", apart, log(3)),
        shown("the table of the lesson", lazy / 5, 5 * log(2)),
    ]


def _cosines(rng: np.random.Generator, count: int) -> Tensor:
    return torch.from_numpy(rng.uniform(-0.7, 0.9, (count, count)))


def _tables(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs", _cosines(rng, 3), number(rng, 2, 5)),
        hidden("five pairs", _cosines(rng, 5), number(rng, 0.2, 0.8)),
        hidden("seven pairs", _cosines(rng, 7), number(rng, 2, 5)),
    ]


def _cold(rng: np.random.Generator) -> Sequence[Case]:
    images, texts = alike(rng, 5, 7)
    cosines = unit(images) @ unit(texts).T
    low = cosines * torch.tensor([1, -1, 1, 1, 1])[:, None]
    return [
        hidden("CLIP's scale, high cosines", cosines, 100.0),
        hidden("a larger scale, a picture unlike every text", low, number(rng, 120, 150)),
    ]


def _adds_up_to_0(run: Callable[..., Any], similarities: Tensor, scale: float) -> bool:
    return bool(abs(np.asarray(run(similarities, scale)).sum()) < 1e-3 * scale)


CLIP_LOSS_GRAD = Question(
    number="03.3",
    function="clip_loss_grad",
    reference=clip_loss_grad,
    rtol=RTOL,
    atol=1e-3,  # at scale 100, float32 knows a probability to about 1e-5, and it is multiplied
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the gradient", points=3, cases=_tables),
        Property(name="a large scale does not overflow", points=1, cases=_cold),
    ),
    build=_Steps,
    mistakes=(
        Mistake(
            name="softmax-without-scale",
            message="Your softmax runs over the cosines. The probabilities are the softmax of "
            "scale times cosines.",
            changes={"inner": lambda _: 1},
        ),
        Mistake(
            name="softmax-divided",
            message="You divided the cosines by the scale before the softmax. A temperature "
            "divides; a scale multiplies.",
            changes={"inner": lambda scale: 1 / scale},
        ),
        Mistake(
            name="forgot-scale",
            message="This is the gradient for the logits. A cosine is multiplied by the scale "
            "on its way there, so its gradient is too.",
            changes={"outer": lambda _: 1},
        ),
        Mistake(
            name="divided-by-scale",
            message="You divided by the scale. With a temperature the formula divides; a "
            "scale, 1 / temperature, multiplies.",
            changes={"outer": lambda scale: 1 / scale},
        ),
        Mistake(
            name="missing-identity",
            message="Nothing pulls the right pairs, or too little does: subtract the identity "
            "from P, and from Q as well.",
            changes={"pull": torch.zeros_like},
            variants=({"pull": _identity},),
        ),
        Mistake(
            name="ones-for-identity",
            message="You subtracted 1 everywhere. Only the right pairs are pulled: subtract "
            "the identity, which is 1 on the diagonal and 0 elsewhere.",
            changes={"pull": lambda table: 2 * torch.ones_like(table)},
        ),
        Mistake(
            name="missing-1/N",
            message="The loss is a mean over the pairs, so its gradient is divided by their "
            "number.",
            changes={"pairs": lambda _: 1},
        ),
        Mistake(
            name="number-of-an-example",
            message="You divided by the number of pairs of an example, however many there "
            "are. Ask the table for it: len(similarities).",
            changes={"pairs": lambda _: 2},
            variants=({"pairs": lambda _: 4},),
        ),
        Mistake(
            name="divided-twice",
            message="You divided by the number of pairs twice, by n · n. Each direction is a "
            "mean over n pairs, however many entries the table has.",
            changes={"pairs": lambda n: n * n},
        ),
        Mistake(
            name="directions-added",
            message="You added the two directions. The loss is their mean, so its gradient is "
            "half the sum.",
            changes={"halves": 1},
        ),
        Mistake(
            name="one-direction",
            message="This is the gradient of one direction. Average it with that of the other: "
            "one softmax along the rows, one along the columns.",
            changes={"columns": _rows},
            variants=(
                {"rows": _columns},
                _Steps(columns=torch.zeros_like, pull=_identity),
                _Steps(rows=torch.zeros_like, pull=_identity),
            ),
        ),
        Mistake(
            name="columns-left-lying",
            message="The softmax of the table turned on its side lies on its side too. Turn it "
            "back before you add, or take softmax along dim=0.",
            changes={"columns": lambda table: _columns(table).T},
        ),
        Mistake(
            name="rows-turned",
            message="One softmax, turned on its side, stands for the other direction. Each "
            "direction needs its own: along the rows, and along the columns.",
            changes={"columns": lambda table: _rows(table).T},
            variants=(_Steps(rows=lambda table: _columns(table).T),),
        ),
        Mistake(
            name="turned",
            message="Your gradient lies on its side: row i belongs to picture i, column j to "
            "text j.",
            changes={"last": torch.t},
        ),
        Mistake(
            name="sign",
            message="The sign is turned round. Right pairs have a negative gradient: training "
            "steps against it, and raises them.",
            changes={"last": torch.neg},
        ),
        Mistake(
            name="overflow",
            message="With large logits your gradient is NaN: exp(100) is too large for "
            "float32. softmax avoids it.",
            changes={"rows": _typed(1), "columns": _typed(0)},
            variants=(_Steps(rows=_typed(1)), _Steps(columns=_typed(0))),
        ),
        Mistake(
            name="one-maximum",
            message="Your gradient is NaN where all logits of a row are far below the table's "
            "largest. Take each row's own maximum off, as softmax does.",
            changes={"rows": _one_maximum(1), "columns": _one_maximum(0)},
        ),
    ),
    invariances=(
        Invariance(
            name="sum",
            message="Pulls and pushes must add up to 0 over the whole table; yours do not.",
            holds=_adds_up_to_0,
        ),
        unchanged(
            "level",
            "The loss does not see the level of the cosines: the same number added to all must "
            "change nothing.",
            lambda similarities, scale: (similarities + 0.2, scale),
        ),
    ),
)
