"""03.2: the contrastive loss as it goes wrong, one step at a time.

Each mistake replaces a step of `build`, which makes the loss without `cross_entropy`, so that
every step has a place of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import log
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import as_is, both, by_columns, unit
from classroom.checks.question import Mistake

Step = Callable[[Tensor], Tensor]


def _surprise(rivals: Tensor, right: Tensor) -> Tensor:
    return rivals.logsumexp(dim=1) - right


def _typed(rivals: Tensor, right: Tensor) -> Tensor:
    """Return the surprise as the formula is written, which overflows in float32."""
    return -(right.exp() / rivals.exp().sum(dim=1)).log()


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """`clip_loss`, with steps that may be replaced."""

    images_step: Step = unit
    texts_step: Step = unit
    factor: Callable[[float], float] = lambda scale: scale
    whole: Step = as_is
    side: Step = as_is
    labels: Step = lambda counted: counted
    rivals: Step = as_is
    surprise: Callable[[Tensor, Tensor], Tensor] = _surprise
    over_pairs: Step = torch.mean
    over_sides: Callable[[Tensor, Tensor], Tensor] = lambda one, other: (one + other) / 2
    last: Step = as_is

    def __call__(self, images: Tensor, texts: Tensor, scale: float) -> Tensor:
        cosines = self.images_step(images) @ self.texts_step(texts).T
        table = self.whole(self.factor(scale) * cosines)
        halves = [self._half(self.side(one)) for one in (table, table.T)]
        return self.last(self.over_sides(*halves))

    def _half(self, table: Tensor) -> Tensor:
        each = torch.arange(len(table))
        right = table[each, self.labels(each)]
        return self.over_pairs(self.surprise(self.rivals(table), right))


def _without_right(half: Tensor) -> Tensor:
    return half.masked_fill(torch.eye(len(half), dtype=torch.bool), -torch.inf)


def _in_numpy(images: Tensor, texts: Tensor, scale: float) -> Any:
    """Return a loss of arrays, which numpy refuses to make where a gradient is asked for."""
    return _Steps()(torch.from_numpy(images.numpy()), torch.from_numpy(texts.numpy()), scale)


def _one_maximum(rivals: Tensor, right: Tensor) -> Tensor:
    """Return the surprise with one maximum off the whole table: low rows underflow."""
    return _typed(rivals - rivals.max(), right - rivals.max())


def _one_maximum_of_sums(rivals: Tensor, right: Tensor) -> Tensor:
    most = rivals.max()
    return (rivals - most).exp().sum(dim=1).log() + most - right


def _taught(images: Tensor, texts: Tensor, scale: float, *, asking: bool) -> Tensor:
    """Return a loss in which each direction teaches one side: the asking, or the searched."""
    to_texts, to_images = (images, texts.detach()), (images.detach(), texts)
    if not asking:
        to_texts, to_images = to_images, to_texts
    first = _Steps(over_sides=lambda one, _: one)(*to_texts, scale)
    return (first + _Steps(over_sides=lambda _, other: other)(*to_images, scale)) / 2


def _each_by_itself(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    table = scale * unit(images) @ unit(texts).T
    return F.binary_cross_entropy_with_logits(table, torch.eye(len(table), dtype=table.dtype))


build = _Steps

MISTAKES = (
    Mistake(
        name="one-direction",
        message="This is one half of the exam. Each text looks for its picture too: do the "
        "same with the logits turned on their side, and average the two.",
        changes={"over_sides": lambda one, _: one},
        variants=(
            {"over_sides": lambda _, other: other},
            _Steps(over_sides=lambda one, _: one / 2),
        ),
    ),
    Mistake(
        name="directions-added",
        message="You added the two directions; their mean is asked for.",
        changes={"over_sides": torch.add},
    ),
    Mistake(
        name="sum-not-mean",
        message="You added up the pairs' surprises. Take their mean, so that a larger "
        "batch does not count for more.",
        changes={"over_pairs": torch.sum},
    ),
    Mistake(
        name="not-averaged",
        message="These are the surprises of single pairs. Take their mean: one number.",
        changes={"over_pairs": as_is},
    ),
    Mistake(
        name="probabilities-averaged",
        message="You averaged the probabilities and took the logarithm of that. Take the "
        "logarithm of each, then the mean.",
        changes={"over_pairs": lambda each: -each.neg().exp().mean().log()},
    ),
    Mistake(
        name="every-entry",
        message="You averaged over every entry of the table. Only the right answers count, "
        "those on its diagonal.",
        changes={"surprise": lambda rivals, _: (rivals.logsumexp(1)[:, None] - rivals).mean(1)},
    ),
    Mistake(
        name="each-by-itself",
        message="You asked of each entry by itself whether it is right. Here the texts compete "
        "for a picture: one softmax over the whole row.",
        answer=_each_by_itself,
    ),
    Mistake(
        name="labels-shifted",
        message="Your right answers are off by one. Text 0 belongs to picture 0: they count "
        "from 0 to n − 1.",
        changes={"labels": lambda counted: counted.roll(-1)},
        variants=(_Steps(labels=lambda counted: counted.roll(1)),),
    ),
    Mistake(
        name="labels-all-0",
        message="You took entry 0 for everybody's right answer. In row i it is column i.",
        changes={"labels": torch.zeros_like},
    ),
    Mistake(
        name="right-one-left-out",
        message="The right answer is missing from the sum that you divide by. It is one of the "
        "choices: sum over the whole row.",
        changes={"rivals": _without_right},
    ),
    Mistake(
        name="softmax-before-cross-entropy",
        message="You gave cross_entropy probabilities. It takes the softmax itself, so "
        "give it the logits.",
        changes={"side": lambda half: half.softmax(dim=1)},
        variants=(_Steps(whole=lambda table: table.softmax(dim=1)),),
    ),
    Mistake(
        name="tau-twice",
        message="The scale was multiplied in twice. Your logits have it already.",
        changes={"factor": lambda scale: scale**2},
    ),
    Mistake(
        name="tau-multiplied",
        message="You divided by the scale. A temperature divides; a scale multiplies.",
        changes={"factor": lambda scale: 1 / scale},
    ),
    Mistake(
        name="no-scale",
        message="The scale is missing: cosines alone lead by too little.",
        changes={"factor": lambda _: 1},
    ),
    Mistake(
        name="no-normalise",
        message="You compared vectors of uneven length. Give each length 1 first, as your "
        "logits of 03.1 do.",
        changes=both(as_is),
        variants=(_Steps(texts_step=as_is), _Steps(images_step=as_is)),
    ),
    Mistake(
        name="wrong-axis",
        message="You gave columns length 1; the vectors are the rows, so the squares add up "
        "along dim=1.",
        changes=both(by_columns),
    ),
    Mistake(
        name="sign",
        message="The sign is turned round. The logarithm of a probability is negative; the "
        "loss is minus that.",
        changes={"last": torch.neg},
    ),
    Mistake(
        name="bits",
        message="You took logarithms to base 2, so these are bits. Nats need the natural one.",
        changes={"last": lambda loss: loss / log(2)},
    ),
    Mistake(
        name="no-gradient",
        message="Your loss has no gradient, so no model can learn from it: .item(), float(), "
        "detach, no_grad or numpy cut it off. Stay in torch to the end.",
        changes={"last": torch.detach},
        variants=(_in_numpy,),
    ),
    Mistake(
        name="texts-detached",
        message="Only one of the two sides gets a gradient. Pictures and texts both learn: "
        "detach neither.",
        changes={"texts_step": lambda texts: unit(texts.detach())},
        variants=(_Steps(images_step=lambda images: unit(images.detach())),),
    ),
    Mistake(
        name="half-gradient",
        message="Half of each gradient is missing: one side of each direction is detached. "
        "Both sides learn from both directions: detach neither.",
        answer=partial(_taught, asking=True),
        variants=(partial(_taught, asking=False),),
    ),
    Mistake(
        name="one-maximum",
        message="Your loss is infinite or NaN where all logits of a row are far below the "
        "table's largest. Take each row's own maximum off, or use logsumexp.",
        changes={"surprise": _one_maximum},
        variants=({"surprise": _one_maximum_of_sums},),
    ),
    Mistake(
        name="overflow",
        message="With large logits your loss is NaN or infinite: exp(100) is too large for "
        "float32. cross_entropy and log_softmax avoid it.",
        changes={"surprise": _typed},
        variants=(_Steps(surprise=lambda rivals, right: rivals.exp().sum(1).log() - right),),
    ),
)
