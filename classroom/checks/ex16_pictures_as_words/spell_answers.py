"""Answers to 16.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from classroom.checks.question import Mistake

Cells = list[Tensor]


def _likeliest(logits: Tensor) -> Tensor:
    return logits.argmax(dim=1)


def _read_all(model: Any, known: Tensor, begun: Tensor) -> Tensor:
    for codes in begun.unbind(1):
        known = model.step(known, codes)
    return known


def _told_first(model: Any, known: Tensor, first: Tensor, _: Cells) -> Tensor:
    return _likeliest(model.say_second(known, first))


def _next(model: Any, known: Tensor, codes: Tensor, _: Tensor) -> Tensor:
    stepped: Tensor = model.step(known, codes)
    return stepped


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`spell`, with steps that may be replaced."""

    prompt: Callable[[Tensor], Tensor] = lambda words: words
    begin: Callable[[Tensor], Tensor] = lambda begun: begun
    read: Callable[[Any, Tensor, Tensor], Tensor] = _read_all
    count: Callable[[int, Tensor], int] = lambda cells, _: cells
    second: Callable[[Any, Tensor, Tensor, Cells], Tensor] = _told_first
    pair: Callable[[Tensor, Tensor], list[Tensor]] = lambda first, second: [first, second]
    step: Callable[[Any, Tensor, Tensor, Tensor], Tensor] = _next
    last: Callable[[Tensor, Tensor], Tensor] = lambda codes, _: codes

    def __call__(self, model: Any, words: Tensor, begun: Tensor, cells: int) -> Tensor:
        """Return the codes of as many cells, those that were begun first."""
        words = self.prompt(words)
        begun = self.begin(begun)
        known = self.read(model, model.read(words), begun)
        codes = list(begun.unbind(1))
        while len(codes) < self.count(cells, begun):
            first = _likeliest(model.say_first(known))
            second = self.second(model, known, first, codes)
            codes.append(torch.stack(self.pair(first, second), dim=1))
            known = self.step(model, known, torch.stack([first, second], dim=1), words)
        shape = len(words), 0, 2
        return self.last(torch.stack(codes, 1) if codes else torch.zeros(shape).long(), begun)


spell = Steps()
"""A picture, cell by cell, of the likeliest codes."""


def _told_nothing(model: Any, known: Tensor, first: Tensor, _: Cells) -> Tensor:
    return _likeliest(model.say_second(known, torch.zeros_like(first)))


def _told_the_last(model: Any, known: Tensor, first: Tensor, codes: Cells) -> Tensor:
    told = codes[-1][:, 0] if codes else torch.zeros_like(first)
    return _likeliest(model.say_second(known, told))


def _asked_for_the_first(model: Any, known: Tensor, *_: Any) -> Tensor:
    return _likeliest(model.say_first(known))


MISTAKES = (
    Mistake(
        name="second-not-told-the-first",
        message="Your second code is chosen without knowing the first of its cell, so that the "
        "two may belong to different things. say_second(known, first) wants the one just "
        "chosen.",
        changes={"second": _told_nothing},
    ),
    Mistake(
        name="second-told-the-last-cell",
        message="You tell the second code the first one of the cell before. It wants the one "
        "just chosen for its own cell.",
        changes={"second": _told_the_last},
    ),
    Mistake(
        name="second-from-the-first-head",
        message="Your second code comes from say_first, so that both are the same. Ask "
        "say_second.",
        changes={"second": _asked_for_the_first},
    ),
    Mistake(
        name="prompt-lost",
        message="Your pictures are the same whatever is asked for: the words are lost. Begin "
        "with model.read(words).",
        changes={"prompt": torch.zeros_like},
    ),
    Mistake(
        name="begun-not-read",
        message="The cells that were there already are in your picture, and the model never "
        "saw them. Step over each before the first new one.",
        changes={"read": lambda _, known, __: known},
    ),
    Mistake(
        name="last-begun-alone-is-read",
        message="The model sees the last of the cells that were there already, or the first "
        "alone. Step over each, in order.",
        changes={"read": lambda model, known, begun: _read_all(model, known, begun[:, -1:])},
        variants=(
            {"read": lambda model, known, begun: _read_all(model, known, begun[:, :1])},
            {"read": lambda model, known, begun: _read_all(model, known, begun.flip(1))},
        ),
    ),
    Mistake(
        name="begun-spelled-anew",
        message="You spelled all cells anew. Those that were there already stay as they are.",
        changes={"begin": lambda begun: begun[:, :0]},
    ),
    Mistake(
        name="begun-left-out",
        message="You return the new cells alone. Those that were there already come first.",
        changes={"last": lambda codes, begun: codes[:, begun.shape[1] :]},
    ),
    Mistake(
        name="begun-not-counted",
        message="`cells` is how many the picture has in the end, those included that were "
        "there already.",
        changes={"count": lambda cells, begun: cells + begun.shape[1]},
    ),
    Mistake(
        name="one-cell-off",
        message="Your picture has one cell too many, or one too few.",
        changes={"count": lambda cells, _: cells + 1},
        variants=({"count": lambda cells, _: cells - 1},),
    ),
    Mistake(
        name="never-steps",
        message="All of your new cells are the same: the model is not told what it has chosen. "
        "known = model.step(known, codes) after each.",
        changes={"step": lambda _, known, *__: known},
    ),
    Mistake(
        name="knows-the-last-cell-alone",
        message="You step from the prompt again for each cell, so that all but the last one "
        "is forgotten. Step from what was known before.",
        changes={"step": lambda model, _, codes, words: model.step(model.read(words), codes)},
    ),
    Mistake(
        name="codes-swapped",
        message="The two codes of a cell have changed places. The first comes first.",
        changes={"step": lambda model, known, codes, _: model.step(known, codes.flip(1))},
        variants=(
            {"pair": lambda first, second: [second, first]},
            {
                "step": lambda model, known, codes, _: model.step(known, codes.flip(1)),
                "pair": lambda first, second: [second, first],
            },
        ),
    ),
    Mistake(
        name="side-by-side",
        message="Your codes stand in one row. (batch, cells, 2) is asked for.",
        changes={"last": lambda codes, _: codes.flatten(1)},
        variants=({"last": lambda codes, _: codes.mT},),
    ),
)
