"""Answers to 16.2, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from classroom.checks.question import Mistake

Pair = Callable[[Tensor, Tensor], Tensor]


def _nearest(vectors: Tensor, codebook: Tensor) -> Tensor:
    return (vectors[:, None] - codebook).square().sum(dim=2).argmin(dim=1)


def _pulled(vectors: Tensor, entries: Tensor) -> Tensor:
    return (vectors.detach() - entries).square().mean()


def _held(vectors: Tensor, entries: Tensor) -> Tensor:
    return (vectors - entries.detach()).square().mean()


def _between(vectors: Tensor, entries: Tensor) -> Tensor:
    return (vectors - entries).square().mean()


def _both(pulled: Tensor, held: Tensor, commitment: float) -> Tensor:
    return pulled + commitment * held


def _straight_through(vectors: Tensor, entries: Tensor) -> Tensor:
    return vectors + (entries - vectors).detach()


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`nearest_code`, with steps that may be replaced."""

    choose: Pair = _nearest
    pulled: Pair = _pulled
    held: Pair = _held
    add: Callable[[Tensor, Tensor, float], Tensor] = _both
    through: Pair = _straight_through

    def __call__(
        self, vectors: Tensor, codebook: Tensor, commitment: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the nearest entries, their numbers, and the loss."""
        codes = self.choose(vectors, codebook)
        entries = codebook[codes]
        loss = self.add(self.pulled(vectors, entries), self.held(vectors, entries), commitment)
        return self.through(vectors, entries), codes, loss


nearest_code = Steps()
"""The nearest entries of a codebook, their numbers, and the loss."""


def _cosines(vectors: Tensor, codebook: Tensor) -> Tensor:
    unit = torch.nn.functional.normalize
    return (unit(vectors, dim=1) @ unit(codebook, dim=1).T).argmax(dim=1)


def _over_numbers(vectors: Tensor, entries: Tensor) -> Tensor:
    return (vectors - entries).square().sum(dim=1)


MISTAKES = (
    Mistake(
        name="detach-on-the-wrong-side",
        message="Your two terms have changed places: detach stands on the wrong side of each, "
        "or the commitment weighs the wrong one. The entries are pulled with weight 1 "
        "(vectors detached), the vectors held with the commitment (entries detached).",
        changes={"add": lambda pulled, held, commitment: commitment * pulled + held},
    ),
    Mistake(
        name="commitment-forgotten",
        message="Nothing holds the vectors near their entries: the second term, with the "
        "entries detached, is missing.",
        changes={"add": lambda pulled, *_: pulled},
    ),
    Mistake(
        name="codebook-left-alone",
        message="Nothing pulls the entries to their vectors: the first term, with the vectors "
        "detached, is missing.",
        changes={"add": lambda _, held, commitment: commitment * held},
    ),
    Mistake(
        name="commitment-ignored",
        message="Both terms count the same with you. The second one is multiplied by the "
        "commitment.",
        changes={"add": lambda pulled, held, _: pulled + held},
    ),
    Mistake(
        name="not-detached",
        message="Gradients go both ways in one term or in both. sg in the paper is detach: the "
        "first moves entries alone, the second vectors alone.",
        changes={"pulled": _between, "held": _between},
        variants=({"pulled": _between}, {"held": _between}),
    ),
    Mistake(
        name="detached-twice",
        message="One of your terms moves nothing: both of its sides are detached. The entries "
        "must keep their gradient in the first, the vectors theirs in the second.",
        changes={"pulled": lambda *pair: _pulled(*pair).detach()},
        variants=(
            {"held": lambda *pair: _held(*pair).detach()},
            {
                "pulled": lambda *pair: _pulled(*pair).detach(),
                "held": lambda *pair: _held(*pair).detach(),
            },
        ),
    ),
    Mistake(
        name="not-straight-through",
        message="What is made of the exchanged vectors sends no gradient to the vectors: the "
        "encoder would learn nothing from the picture. vectors + (entries - vectors).detach().",
        changes={"through": lambda _, entries: entries},
        variants=({"through": lambda _, entries: entries.detach()},),
    ),
    Mistake(
        name="through-to-both",
        message="What is made of the exchanged vectors moves the codebook as well. It goes "
        "straight through to the vectors alone: detach the whole difference.",
        changes={"through": lambda vectors, entries: vectors + entries - vectors.detach()},
    ),
    Mistake(
        name="not-exchanged",
        message="You return the vectors as they came. They are exchanged for entries; only "
        "their gradient passes as if they were not.",
        changes={"through": lambda vectors, _: vectors},
        variants=(
            {"through": lambda vectors, entries: entries + (vectors - entries).detach()},
        ),
    ),
    Mistake(
        name="without-the-square-of-the-code",
        message="You took the largest dot product, so that long entries win. The distance is "
        "|x|² - 2 x·e + |e|²: |x|² may be left out, |e|² may not.",
        changes={"choose": lambda vectors, codebook: (vectors @ codebook.T).argmax(dim=1)},
    ),
    Mistake(
        name="by-angle",
        message="You took the entry of the most similar direction. The nearest one is asked "
        "for.",
        changes={"choose": _cosines},
    ),
    Mistake(
        name="farthest",
        message="You took the farthest entry, or the smallest dot product.",
        changes={
            "choose": lambda vectors, codebook: torch.cdist(vectors, codebook).argmax(dim=1)
        },
        variants=({"choose": lambda vectors, codebook: (vectors @ codebook.T).argmin(dim=1)},),
    ),
    Mistake(
        name="summed",
        message="You added squares up. Take their mean over all numbers of all vectors.",
        changes={
            "pulled": lambda x, e: _over_numbers(x.detach(), e).sum(),
            "held": lambda x, e: _over_numbers(x, e.detach()).sum(),
        },
        variants=(
            {
                "pulled": lambda x, e: _over_numbers(x.detach(), e).mean(),
                "held": lambda x, e: _over_numbers(x, e.detach()).mean(),
            },
        ),
    ),
    Mistake(
        name="root",
        message="You took lengths. Squares are asked for, without a root.",
        changes={
            "pulled": lambda x, e: _over_numbers(x.detach(), e).sqrt().mean(),
            "held": lambda x, e: _over_numbers(x, e.detach()).sqrt().mean(),
        },
        variants=(
            {
                "pulled": lambda *pair: _pulled(*pair).sqrt(),
                "held": lambda *pair: _held(*pair).sqrt(),
            },
        ),
    ),
)
