"""Answers to 11.3, a right one and the mistakes that are known.

It does without `cross_entropy`, so that every step has a place of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import as_is, both, by_columns, unit
from classroom.checks.question import Mistake

Step = Callable[[Tensor], Tensor]
Sides = tuple[Tensor, Tensor, Tensor]
"""Pictures, texts and extra texts as they are compared."""


def _by_columns(x: Tensor) -> Tensor:
    """Return columns of length 1, or of zeros, where `by_columns` has NaN."""
    return F.normalize(x, dim=0)


def _pairs_first(table: Tensor, extra: Tensor) -> Tensor:
    return torch.cat([table, extra], dim=1)


def _extra_first(table: Tensor, extra: Tensor) -> Tensor:
    return torch.cat([extra, table], dim=1)


def _surprise(rivals: Tensor, labels: Tensor) -> Tensor:
    return F.nll_loss(rivals.log_softmax(dim=1), labels, reduction="none")


def _turned(sides: Sides) -> Tensor:
    images, texts, _ = sides
    return texts @ images.T


def _extra_as_rivals(sides: Sides) -> Tensor:
    images, texts, extra = sides
    return texts @ torch.cat([images, extra]).T


def _all_ask(sides: Sides) -> Tensor:
    images, texts, extra = sides
    return torch.cat([texts, extra]) @ images.T


def _beside(sides: Sides) -> Tensor:
    images, texts, extra = sides
    return torch.cat([texts @ images.T, extra @ images.T], dim=1)


def _not_turned(sides: Sides) -> Tensor:
    images, texts, _ = sides
    return images @ texts.T


def _with_each(sides: Sides) -> Tensor:
    images, _, extra = sides
    return images @ extra.T


def _with_own(sides: Sides) -> Tensor:
    images, _, extra = sides
    return (images * extra).sum(dim=1, keepdim=True)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`clip_loss_with_negatives`, with steps that may be replaced."""

    images_step: Step = unit
    texts_step: Step = unit
    extra_step: Step = unit
    factor: Callable[[float], float] = lambda scale: scale
    extra_factor: Callable[[float], float] = lambda scale: scale
    negatives: Callable[[Sides], Tensor] = _with_each
    order: Callable[[Tensor, Tensor], Tensor] = _pairs_first
    labels: Callable[[Tensor, Tensor], Tensor] = lambda counted, _: counted
    turned: Callable[[Sides], Tensor] = _turned
    asked: Callable[[Tensor, int], Tensor] = lambda table, _: torch.arange(len(table))
    over_pairs: Step = torch.mean
    over_sides: Callable[[Tensor, Tensor], Tensor] = lambda there, back: (there + back) / 2

    def __call__(
        self, images: Tensor, texts: Tensor, extra_texts: Tensor, scale: float
    ) -> Tensor:
        """Return the loss."""
        steps = self.images_step(images), self.texts_step(texts), self.extra_step(extra_texts)
        extra = self.extra_factor(scale) * self.negatives(steps)
        rivals = self.order(self.factor(scale) * steps[0] @ steps[1].T, extra)
        labels = self.labels(torch.arange(len(images)), extra)
        back = self.factor(scale) * self.turned(steps)
        there = self.over_pairs(_surprise(rivals, labels))
        wanted = self.asked(back, len(images))
        return self.over_sides(there, self.over_pairs(_surprise(back, wanted)))


def _all_have_a_picture(*given: Any) -> Tensor:
    """Return what fails: labels up to n + m, where there are n pictures."""
    full = torch.zeros(len(given[0]), len(given[1]) + len(given[2]))
    if not len(given[2]):
        return Steps()(*given)
    return F.cross_entropy(full.T, torch.arange(len(full.T)))


def _too_few_labels(*given: Any) -> Tensor:
    """Return what fails: n labels for n + m texts."""
    full = torch.zeros(len(given[0]), len(given[1]) + len(given[2]))
    if not len(given[2]):
        return Steps()(*given)
    return F.cross_entropy(full.T, torch.arange(len(full)))


MISTAKES = (
    Mistake(
        name="negatives-in-text-to-image",
        message="The extra texts came into the second half, from text to picture. They "
        "belong to no picture, so there is nothing that they could find, and a text is no "
        "rival of a picture: that half is CLIP's own.",
        changes={"turned": _extra_as_rivals},
        variants=(
            {"turned": _all_ask, "asked": lambda table, n: torch.arange(len(table)) % n},
            {"turned": _beside},
            _all_have_a_picture,
            _too_few_labels,
        ),
    ),
    Mistake(
        name="labels-shifted",
        message="The right answers are not where your labels say. Row i's own text is column "
        "i if the texts stand first and the extra ones behind them.",
        changes={"order": _extra_first},
        variants=(
            {"labels": lambda counted, extra: counted + extra.shape[1]},
            {"labels": lambda counted, _: (counted + 1) % len(counted)},
        ),
    ),
    Mistake(
        name="negatives-not-normalised",
        message="The extra texts have kept their lengths, so a long one beats every caption. "
        "Divide them by their lengths, like pictures and texts.",
        changes={"extra_step": as_is},
    ),
    Mistake(
        name="no-normalise",
        message="These are raw dot products. Give every vector length 1 first: pictures, "
        "texts and extra texts.",
        changes={**both(as_is), "extra_step": as_is},
        variants=({"images_step": as_is}, {"texts_step": as_is}, both(as_is)),
    ),
    Mistake(
        name="columns-normalised",
        message="You gave columns length 1. The vectors are the rows: dim=-1.",
        changes={**both(by_columns), "extra_step": by_columns},
        variants=(
            {**both(_by_columns), "extra_step": _by_columns},
            {"extra_step": by_columns},
            {"extra_step": _by_columns},
        ),
    ),
    Mistake(
        name="wrong-axis",
        message="Both halves of yours run along the same axis of the table, so pictures look "
        "for texts twice. From text to picture, turn the table: its columns become rows.",
        changes={"turned": _not_turned},
    ),
    Mistake(
        name="negatives-ignored",
        message="This is CLIP's loss without the extra texts. Each picture has them as further "
        "columns, behind the texts.",
        changes={"order": lambda table, _: table},
    ),
    Mistake(
        name="own-negative-only",
        message="Each picture met one extra text, that of its own row. Every picture meets "
        "all of them, and there may be more or fewer than pictures.",
        changes={"negatives": _with_own},
    ),
    Mistake(
        name="one-direction",
        message="This is one half of the loss. Average it with the other: pictures look for "
        "texts, and texts look for pictures.",
        changes={"over_sides": lambda there, _: there},
        variants=({"over_sides": lambda _, back: back},),
    ),
    Mistake(
        name="halves-added",
        message="You added the two halves. Take their mean.",
        changes={"over_sides": lambda there, back: there + back},
    ),
    Mistake(
        name="summed",
        message="You added over the pairs. Take the mean, or the loss grows with the batch.",
        changes={"over_pairs": torch.sum},
    ),
    Mistake(
        name="negatives-unscaled",
        message="The cosines with the extra texts are not multiplied by the scale, so that "
        "they are rivals no more. One scale for all columns.",
        changes={"extra_factor": lambda _: 1.0},
    ),
    Mistake(
        name="no-scale",
        message="The scale is missing. Multiply all cosines by it.",
        changes={"factor": lambda _: 1.0, "extra_factor": lambda _: 1.0},
    ),
    Mistake(
        name="scale-divides",
        message="You divided by the scale. A temperature divides; a scale multiplies.",
        changes={"factor": lambda scale: 1 / scale, "extra_factor": lambda scale: 1 / scale},
    ),
)
