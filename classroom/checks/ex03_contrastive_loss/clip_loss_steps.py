"""03.2: the contrastive loss, made of steps of which each may go wrong.

It does without `cross_entropy`, so that every step has a place of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import as_is, unit

Step = Callable[[Tensor], Tensor]


def _surprise(rivals: Tensor, right: Tensor) -> Tensor:
    return rivals.logsumexp(dim=1) - right


def typed(rivals: Tensor, right: Tensor) -> Tensor:
    """Return the surprise as the formula is written, which overflows in float32."""
    return -(right.exp() / rivals.exp().sum(dim=1)).log()


@dataclass(frozen=True, kw_only=True)
class Steps:
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
        """Return the loss."""
        cosines = self.images_step(images) @ self.texts_step(texts).T
        table = self.whole(self.factor(scale) * cosines)
        halves = [self._half(self.side(one)) for one in (table, table.T)]
        return self.last(self.over_sides(*halves))

    def _half(self, table: Tensor) -> Tensor:
        each = torch.arange(len(table))
        right = table[each, self.labels(each)]
        return self.over_pairs(self.surprise(self.rivals(table), right))


def without_right(half: Tensor) -> Tensor:
    """Return a table whose right answers are no choice."""
    return half.masked_fill(torch.eye(len(half), dtype=torch.bool), -torch.inf)


def in_numpy(images: Tensor, texts: Tensor, scale: float) -> Any:
    """Return a loss of arrays, which numpy refuses to make where a gradient is asked for."""
    return Steps()(torch.from_numpy(images.numpy()), torch.from_numpy(texts.numpy()), scale)


def one_maximum(rivals: Tensor, right: Tensor) -> Tensor:
    """Return the surprise with one maximum off the whole table: low rows underflow."""
    return typed(rivals - rivals.max(), right - rivals.max())


def one_maximum_of_sums(rivals: Tensor, right: Tensor) -> Tensor:
    """Return the same, with the maximum added again after the logarithm."""
    most = rivals.max()
    return (rivals - most).exp().sum(dim=1).log() + most - right


def taught(images: Tensor, texts: Tensor, scale: float, *, asking: bool) -> Tensor:
    """Return a loss in which each direction teaches one side: the asking, or the searched."""
    to_texts, to_images = (images, texts.detach()), (images.detach(), texts)
    if not asking:
        to_texts, to_images = to_images, to_texts
    first = Steps(over_sides=lambda one, _: one)(*to_texts, scale)
    return (first + Steps(over_sides=lambda _, other: other)(*to_images, scale)) / 2


def each_by_itself(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Return a loss that asks of each entry by itself whether it is right."""
    table = scale * unit(images) @ unit(texts).T
    return F.binary_cross_entropy_with_logits(table, torch.eye(len(table), dtype=table.dtype))


def with_a_little(much: float) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the surprise at a probability to which a little was added."""
    return lambda rivals, right: -(_share(rivals, right) + much).log()


def at_least(little: float) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the surprise at a probability that was raised to a little."""
    return lambda rivals, right: -_share(rivals, right).clamp(min=little).log()


def _share(rivals: Tensor, right: Tensor) -> Tensor:
    return (right - rivals.logsumexp(dim=1)).exp()


def shares_averaged(one: Tensor, other: Tensor) -> Tensor:
    """Return the surprise at the mean of two probabilities, from the surprise at each."""
    return -((-one).exp() / 2 + (-other).exp() / 2).log()
