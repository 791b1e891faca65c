"""Answers to 13.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from classroom.checks.question import Mistake


def _one_each(condition: Tensor, generator: Generator | None) -> Tensor:
    return torch.rand(len(condition), 1, 1, generator=generator)


def _below(drawn: Tensor, share: float) -> Tensor:
    return drawn < share


def _first(drawn: Tensor, share: float) -> Tensor:
    """Return the first rows, as many as the share says."""
    return torch.arange(len(drawn)).view(-1, 1, 1) < round(share * len(drawn))


def _so_many(drawn: Tensor, share: float) -> Tensor:
    """Return rows drawn by chance, but always as many."""
    ranks = drawn.flatten().argsort().argsort()
    return (ranks < round(share * len(drawn))).view(-1, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`drop_condition`, with steps that may be replaced."""

    source: Callable[[Generator], Generator | None] = lambda generator: generator
    coins: Callable[[Tensor, Generator | None], Tensor] = _one_each
    gone: Callable[[Tensor, float], Tensor] = _below
    instead: Callable[[Tensor], Tensor] = lambda nothing: nothing
    kept: Callable[[Tensor, float], Tensor] = lambda condition, _: condition
    into: Callable[[Tensor, Tensor], Tensor] = lambda _, out: out

    def __call__(
        self, condition: Tensor, nothing: Tensor, share: float, generator: Generator
    ) -> Tensor:
        """Return the prompts, some of them replaced."""
        gone = self.gone(self.coins(condition, self.source(generator)), share)
        kept = self.kept(condition, share)
        return self.into(condition, torch.where(gone, self.instead(nothing), kept))


drop_condition = Steps()
"""Prompts, each replaced by `nothing` with a chance of its own."""

MISTAKES = (
    Mistake(
        name="per-batch-not-per-sample",
        message="You tossed one coin for the whole batch: all of its prompts are dropped, or "
        "none. Toss one for each prompt: torch.rand(len(condition), generator=generator).",
        changes={"coins": lambda _, generator: torch.rand(1, generator=generator)},
    ),
    Mistake(
        name="zeros-instead-of-null",
        message="You put zeros where a prompt is dropped. A prompt's vectors may be near zero, "
        "too, so the network could not tell; put `nothing` there, which it learns.",
        changes={"instead": torch.zeros_like},
    ),
    Mistake(
        name="words-dropped-singly",
        message="You dropped parts of prompts: single words, or single numbers. A prompt goes "
        "as a whole or stays: one coin for each, (batch, 1, 1), and every word follows it.",
        changes={
            "coins": lambda x, generator: torch.rand(*x.shape[:2], 1, generator=generator)
        },
        variants=({"coins": lambda x, generator: torch.rand(x.shape, generator=generator)},),
    ),
    Mistake(
        name="kept-with-share",
        message="You kept a prompt with that chance; it is the chance to drop it.",
        changes={"gone": torch.ge},
    ),
    Mistake(
        name="nothing-dropped",
        message="No prompt was ever dropped, whatever the share is.",
        changes={"gone": lambda drawn, _: drawn < 0},
    ),
    Mistake(
        name="first-rows",
        message="You always drop the first prompts. Which are dropped is to be left to chance.",
        changes={"gone": _first},
    ),
    Mistake(
        name="always-so-many",
        message="You drop the same number in every batch. Each prompt has a chance of its own, "
        "so that the number differs: a batch of one would never be dropped with yours.",
        changes={"gone": _so_many},
    ),
    Mistake(
        name="rescaled",
        message="You made what stays larger, as ordinary dropout does. A prompt that stays "
        "is left as it is.",
        changes={"kept": lambda x, share: x / (1 - share) if share < 1 else x},
    ),
    Mistake(
        name="ignored-generator",
        message="The same seed gave another result: draw from the generator that is passed "
        "in, with torch.rand(..., generator=generator).",
        changes={"source": lambda _: None},
    ),
    Mistake(
        name="seeded-itself",
        message="Every seed gave the same result. Draw from the generator that is passed in, "
        "as it is, without seeding anything yourself.",
        changes={"source": lambda _: Generator().manual_seed(0)},
    ),
    Mistake(
        name="seeded-anew",
        message="Two calls with one generator dropped the same prompts: yours begins it anew, "
        "so that training would drop the same places of every batch. Draw from it as it is.",
        changes={"source": lambda given: Generator().manual_seed(given.initial_seed())},
    ),
    Mistake(
        name="no-gradient",
        message="No gradient reaches `nothing`, so it would never be learnt. Leave it as it "
        "is: no .detach(), no .data, no torch.no_grad().",
        changes={"instead": lambda nothing: nothing.detach()},
    ),
    Mistake(
        name="overwritten",
        message="You wrote into `condition` itself, and whoever passed it in has lost those "
        "prompts. torch.where makes a new tensor; so does condition.clone().",
        changes={"into": lambda condition, out: condition.copy_(out)},
    ),
)
