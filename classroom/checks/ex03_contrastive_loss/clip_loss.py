"""03.2: the contrastive loss in both directions, and its gradients."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.clip_loss_mistakes import MISTAKES, build
from classroom.checks.ex03_contrastive_loss.inputs import (
    LENGTH,
    RTOL,
    alike,
    number,
    rows,
    unit,
)
from classroom.checks.ex03_contrastive_loss.remark import remark
from classroom.checks.invariances import finite, unchanged, within
from classroom.checks.question import (
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

LOSS, GRADIENTS = "the loss", "its gradients"
"""What a case may want of an answer."""


def clip_loss(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Return the mean surprise at row i's right answer being column i, and back, in nats."""
    table = scale * unit(images) @ unit(texts).T
    right = torch.arange(len(table))
    return (F.cross_entropy(table, right) + F.cross_entropy(table.T, right)) / 2


def harness(
    answer: Callable[..., Any], images: Any, texts: Any, scale: float, wanted: str
) -> Any:
    """Return the loss, or its gradients for pictures and texts, as `wanted` says."""
    import torch

    if wanted == "the loss":
        return answer(images, texts, scale)
    sides = [images.requires_grad_(), texts.requires_grad_()]
    loss = answer(*sides, scale)
    if not getattr(loss, "requires_grad", False):
        return "no gradient"
    found = torch.autograd.grad(loss, sides, allow_unused=True)
    return ["no gradient" if one is None else one for one in found]


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    apart = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    same = torch.tensor([[1.0, 0.0], [5.0, 0.0]])
    points = float(np.log(3))  # a cosine of 1 is worth 3 points, one of 0 is worth 1
    return [
        shown("each is right with 3 of 4 points", apart, 2 * apart, points, LOSS),
        shown("two texts alike", apart, same, points, LOSS),
        shown("the gradients for pictures and texts", apart, 2 * apart, points, GRADIENTS),
    ]


def _batch(rng: np.random.Generator, count: int, dim: int) -> tuple[Tensor, Tensor, float]:
    return rows(rng, count, dim), rows(rng, count, dim), number(rng, 3, 9)


def _batches(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs", *_batch(rng, 3, 7), LOSS),
        hidden("seven pairs", *_batch(rng, 7, 5), LOSS),
        hidden("as many pairs as dims", *_batch(rng, 4, 4), LOSS),
    ]


def _cold(rng: np.random.Generator) -> Sequence[Case]:
    images, texts = alike(rng, 4, 7)
    images[1] *= -1
    return [
        hidden("CLIP's scale, all vectors nearly alike", *alike(rng, 5, 7), 100.0, LOSS),
        hidden("CLIP's scale, a picture unlike every text", images, texts, 100.0, LOSS),
        hidden("two pairs", *_batch(rng, 2, 3), LOSS),
    ]


def _learning(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("the gradients for pictures and texts", *_batch(rng, 3, 5), GRADIENTS)]


def _of_loss(law: Invariance) -> Invariance:
    """Return a law of the loss itself, whatever the case asks for."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        return law.holds(lambda *given: run(*given, LOSS), *arguments[:-1])

    return replace(law, holds=holds)


LAWS = (
    finite(
        "Yours is infinite, or NaN: exp of a large logit is too large for float32, that of one "
        "far below 0 is 0. cross_entropy avoids both."
    ),
    within("A surprise is never below 0; yours is.", 0, np.inf),
    unchanged(
        "order",
        "Turning round the order of the pairs must change nothing; it changes yours.",
        lambda images, texts, scale: (images.flip(0), texts.flip(0), scale),
    ),
    unchanged(
        "symmetry",
        "Pictures and texts play the same part: exchanging them must change nothing.",
        lambda images, texts, scale: (texts, images, scale),
    ),
    LENGTH,
)

CLIP_LOSS = Question(
    number="03.2",
    function="clip_loss",
    reference=clip_loss,
    harness=harness,
    told="It computes the loss, or has torch take its gradients for images and texts, as "
    "`wanted` says.",
    rtol=RTOL,
    atol=1e-3,  # at scale 100, float32 knows a logit to about 1e-4
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="both directions, averaged", points=2, cases=_batches),
        Property(name="a large scale does not overflow", points=1, cases=_cold),
        Property(name="gradients flow back", points=1, cases=_learning),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=tuple(_of_loss(law) for law in LAWS),
    remark=remark,
    left_out="Labels left on the CPU (label-device) show on a GPU alone: a remark, no points.",
)
