"""03.3: the gradient of the loss for each cosine, without autograd.

An answer by autograd passes as well: no output tells them apart.
"""

from collections.abc import Callable, Sequence
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import RTOL, alike, number, shares, unit
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


def _one_direction(similarities: Tensor, scale: float, dim: int) -> Tensor:
    p = (scale * similarities).softmax(dim=dim)
    return scale * (p - _identity(p)) / len(p)


def _without_identity(similarities: Tensor, scale: float, count: int) -> Tensor:
    """Return the gradient with `count` fewer identities than two."""
    lost = count * _identity(similarities) * scale / (2 * len(similarities))
    return clip_loss_grad(similarities, scale) + lost


def _columns_left_lying(similarities: Tensor, scale: float) -> Tensor:
    p, q = (scale * similarities).softmax(dim=1), (scale * similarities.T).softmax(dim=1)
    return scale * (p + q - 2 * _identity(p)) / (2 * len(p))


def _typed(similarities: Tensor, scale: float) -> Tensor:
    """Return the gradient with softmax as its formula is written, which overflows."""
    p, q = shares(scale * similarities, 1), shares(scale * similarities, 0)
    return scale * (p + q - 2 * _identity(p)) / (2 * len(p))


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
    return [hidden("CLIP's scale, high cosines", unit(images) @ unit(texts).T, 100.0)]


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
    mistakes=(
        Mistake(
            name="forgot-scale",
            message="This is the gradient for the logits. A cosine is multiplied by the scale "
            "on its way there, so its gradient is too.",
            answer=lambda similarities, scale: clip_loss_grad(similarities, scale) / scale,
        ),
        Mistake(
            name="divided-by-scale",
            message="You divided by the scale. With a temperature the formula divides; a "
            "scale, 1 / temperature, multiplies.",
            answer=lambda similarities, scale: clip_loss_grad(similarities, scale) / scale**2,
        ),
        Mistake(
            name="softmax-without-scale",
            message="Your softmax runs over the cosines. The probabilities are the softmax of "
            "scale times cosines.",
            answer=lambda similarities, scale: scale * clip_loss_grad(similarities, 1),
        ),
        Mistake(
            name="missing-identity",
            message="Nothing pulls the right pairs, or too little does: subtract the identity "
            "from P, and from Q as well.",
            answer=lambda similarities, scale: _without_identity(similarities, scale, 2),
            variants=(lambda similarities, scale: _without_identity(similarities, scale, 1),),
        ),
        Mistake(
            name="missing-1/N",
            message="The loss is a mean over the pairs, so its gradient is divided by their "
            "number.",
            answer=lambda similarities, scale: (
                clip_loss_grad(similarities, scale) * len(similarities)
            ),
            variants=(
                lambda similarities, scale: (
                    clip_loss_grad(similarities, scale) * 2 * len(similarities)
                ),
            ),
        ),
        Mistake(
            name="directions-added",
            message="You added the two directions. The loss is their mean, so its gradient is "
            "half the sum.",
            answer=lambda similarities, scale: 2 * clip_loss_grad(similarities, scale),
        ),
        Mistake(
            name="one-direction",
            message="This is the gradient of one direction. Average it with that of the other: "
            "one softmax along the rows, one along the columns.",
            answer=lambda similarities, scale: _one_direction(similarities, scale, 1),
            variants=(lambda similarities, scale: _one_direction(similarities, scale, 0),),
        ),
        Mistake(
            name="columns-left-lying",
            message="The softmax of the table turned on its side lies on its side too. Turn it "
            "back before you add, or take softmax along dim=0.",
            answer=_columns_left_lying,
        ),
        Mistake(
            name="sign",
            message="The sign is turned round. Right pairs have a negative gradient: training "
            "steps against it, and raises them.",
            answer=lambda similarities, scale: -clip_loss_grad(similarities, scale),
        ),
        Mistake(
            name="overflow",
            message="With large logits your gradient is NaN: exp(100) is too large for "
            "float32. softmax avoids it.",
            answer=_typed,
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
