"""03.2: the contrastive loss in both directions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import (
    LENGTH,
    RTOL,
    alike,
    number,
    rows,
    shares,
    unit,
)
from classroom.checks.ex03_contrastive_loss.logits import logits
from classroom.checks.ex03_contrastive_loss.remark import remark
from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown


def clip_loss(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Return the mean surprise at row i's right answer being column i, and back, in nats."""
    return _halves(logits(images, texts, scale))


def _halves(table: Tensor, reduction: str = "mean") -> Tensor:
    """Return the loss of a table of logits, with both directions averaged."""
    right = torch.arange(len(table))
    to_texts = F.cross_entropy(table, right, reduction=reduction)
    return (to_texts + F.cross_entropy(table.T, right, reduction=reduction)) / 2


def _rows_only(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    table = logits(images, texts, scale)
    return F.cross_entropy(table, torch.arange(len(table)))


def _softmax_first(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    table, right = logits(images, texts, scale), torch.arange(len(images))
    to_texts = F.cross_entropy(table.softmax(dim=1), right)
    return (to_texts + F.cross_entropy(table.T.softmax(dim=1), right)) / 2


def _softmax_once(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    return _halves(logits(images, texts, scale).softmax(dim=1))


def _typed(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Return the loss as the formula is written, which overflows in float32."""
    table = logits(images, texts, scale)
    return -(shares(table, 1).diag().log() + shares(table, 0).diag().log()).mean() / 2


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    apart = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    same = torch.tensor([[1.0, 0.0], [5.0, 0.0]])
    points = float(np.log(3))  # a cosine of 1 is worth 3 points, one of 0 is worth 1
    return [
        shown("each is right with 3 of 4 points", apart, 2 * apart, points),
        shown("two texts alike", apart, same, points),
    ]


def _batches(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs", rows(rng, 3, 7), rows(rng, 3, 7), number(rng, 3, 9)),
        hidden("seven pairs", rows(rng, 7, 5), rows(rng, 7, 5), number(rng, 3, 9)),
        hidden("as many pairs as dims", rows(rng, 4, 4), rows(rng, 4, 4), number(rng, 3, 9)),
    ]


def _cold(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("CLIP's scale, all vectors nearly alike", *alike(rng, 5, 7), 100.0),
        hidden("two pairs", rows(rng, 2, 3), rows(rng, 2, 3), number(rng, 3, 9)),
    ]


def _in_any_order(images: Tensor, texts: Tensor, scale: float) -> tuple[Any, ...]:
    return images.flip(0), texts.flip(0), scale


CLIP_LOSS = Question(
    number="03.2",
    function="clip_loss",
    reference=clip_loss,
    rtol=RTOL,
    atol=1e-3,  # at scale 100, float32 knows a logit to about 1e-4
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="both directions, averaged", points=3, cases=_batches),
        Property(name="a large scale does not overflow", points=1, cases=_cold),
    ),
    mistakes=(
        Mistake(
            name="one-direction",
            message="This is one half of the exam. Each text looks for its picture too: do the "
            "same with the logits turned on their side, and average the two.",
            answer=_rows_only,
            variants=(lambda images, texts, scale: _rows_only(texts, images, scale),),
        ),
        Mistake(
            name="sum-not-mean",
            message="You added up the pairs' surprises. Take their mean, so that a larger "
            "batch does not count for more.",
            answer=lambda images, texts, scale: _halves(logits(images, texts, scale), "sum"),
            variants=(
                lambda images, texts, scale: 2 * _halves(logits(images, texts, scale), "sum"),
            ),
        ),
        Mistake(
            name="directions-added",
            message="You added the two directions; their mean is asked for.",
            answer=lambda images, texts, scale: 2 * clip_loss(images, texts, scale),
        ),
        Mistake(
            name="softmax-before-cross-entropy",
            message="You gave cross_entropy probabilities. It takes the softmax itself, so "
            "give it the logits.",
            answer=_softmax_first,
            variants=(_softmax_once,),
        ),
        Mistake(
            name="tau-twice",
            message="The scale was multiplied in twice. Your logits have it already.",
            answer=lambda images, texts, scale: clip_loss(images, texts, scale**2),
        ),
        Mistake(
            name="no-scale",
            message="The scale is missing: cosines alone lead by too little.",
            answer=lambda images, texts, _: clip_loss(images, texts, 1),
        ),
        Mistake(
            name="no-normalise",
            message="You compared vectors of uneven length. Give each length 1 first, as your "
            "logits of 03.1 do.",
            answer=lambda images, texts, scale: _halves(scale * images @ texts.T),
            variants=(
                lambda images, texts, scale: _halves(scale * unit(images) @ texts.T),
                lambda images, texts, scale: _halves(scale * images @ unit(texts).T),
            ),
        ),
        Mistake(
            name="sign",
            message="The sign is turned round. The logarithm of a probability is negative; the "
            "loss is minus that.",
            answer=lambda images, texts, scale: -clip_loss(images, texts, scale),
        ),
        Mistake(
            name="overflow",
            message="With large logits your loss is NaN or infinite: exp(100) is too large for "
            "float32. cross_entropy and log_softmax avoid it.",
            answer=_typed,
        ),
    ),
    invariances=(
        within("A surprise is never below 0; yours is.", 0, np.inf),
        unchanged(
            "order",
            "Turning round the order of the pairs must change nothing; it changes yours.",
            _in_any_order,
        ),
        unchanged(
            "symmetry",
            "Pictures and texts play the same part: exchanging them must change nothing.",
            lambda images, texts, scale: (texts, images, scale),
        ),
        LENGTH,
    ),
    remark=remark,
    left_out="Labels left on the CPU (label-device) show on a GPU alone: a remark, no points.",
)
