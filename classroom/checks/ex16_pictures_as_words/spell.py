"""16.4: a picture spelled cell by cell, two codes each, the second of which knows the first.

Leaves out chance: each code is the likeliest.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex16_pictures_as_words.spell_answers import MISTAKES, Steps, spell
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

CODES = 9
Asked = tuple[list[Tensor], Tensor, Tensor, int]


def harness(
    answer: "Answer", weights: "list[Tensor]", words: "Tensor", begun: "Tensor", cells: int
) -> "Tensor":
    """Return the codes that are spelled with a small model of these weights."""
    import torch

    of_words, of_state, of_first, of_second, head, other_head, told = weights

    class Model:
        def read(self, words: "Any") -> "Any":
            places = torch.arange(1, words.shape[1] + 1, dtype=of_words.dtype)[:, None]
            return torch.tanh((of_words[words] * places.sqrt()).sum(dim=1))

        def say_first(self, known: "Any") -> "Any":
            return known @ head

        def say_second(self, known: "Any", first: "Any") -> "Any":
            return known @ other_head + told[first]

        def step(self, known: "Any", codes: "Any") -> "Any":
            first, second = codes.unbind(1)
            return torch.tanh(known @ of_state + of_first[first] + of_second[second])

    return answer(Model(), words.clone(), begun.clone(), cells)


def _weights(rng: np.random.Generator, dim: int) -> list[Tensor]:
    """Return the weights of a model whose choices depend on all that it was told."""
    shapes = {
        (12, dim): 0.8,
        (dim, dim): 1.2,
        (CODES, dim): 1.0,
        (CODES, dim, 0): 1.0,
        (dim, CODES): 1.0,
        (dim, CODES, 0): 0.7,
        (CODES, CODES): 1.5,
    }
    return [
        torch.from_numpy(spread * rng.standard_normal(shape[:2]))
        for shape, spread in shapes.items()
    ]


def _drawn(rng: np.random.Generator, batch: int, begun: int, cells: int) -> Asked:
    """Return a model, words, cells that are there already, and how many there are to be.

    Drawn anew until known slips spell other pictures, each in a way of its own.
    """
    while True:
        asked = (
            _weights(rng, 7),
            torch.from_numpy(rng.integers(1, 12, (batch, 4))),
            torch.from_numpy(rng.integers(0, CODES, (batch, begun, 2))),
            cells,
        )
        if _told_apart(asked):
            return asked


def _told_apart(asked: Asked) -> bool:
    """Return whether the right picture and those of all slips that matter here are others."""
    begun, cells = asked[2].shape[1], asked[3]
    slips = [
        change for one in MISTAKES for change in one.made if _matters(change, begun, cells)
    ]
    right, *made = (harness(Steps(**change), *asked) for change in ({}, *slips))  # type: ignore[arg-type]
    return all(not torch.equal(right, one) for one in made)


def _matters(change: Any, begun: int, cells: int) -> bool:
    """Return whether a slip can show, where so many cells of so many are to be spelled."""
    if cells - begun < 3:
        return False
    return begun > 2 or not {"read", "begin", "last", "count"} & change.keys()


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(3)
    weights, words = _weights(fixed, 3), torch.tensor([[1, 2]])
    none, one = torch.zeros(1, 0, 2).long(), torch.tensor([[[4, 7]]])
    return [
        shown("one cell", weights, words, none, 1),
        shown("two cells", weights, words, none, 2),
        shown("one cell is there already", weights, words, one, 2),
    ]


def _whole(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("a picture of six cells", *_drawn(rng, 3, 0, 6)),
        hidden("five pictures", *_drawn(rng, 5, 0, 4)),
        hidden("a single cell", *_drawn(rng, 4, 0, 1)),
    ]


def _begun(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three cells are there already", *_drawn(rng, 4, 3, 7)),
        hidden("as many as are to come", *_drawn(rng, 3, 4, 8)),
        hidden("all are there already", *_drawn(rng, 2, 3, 3)),
    ]


def _beside(run: Any, weights: list[Tensor], words: Tensor, begun: Tensor, cells: int) -> bool:
    """Return whether each picture is spelled alike, alone and beside others."""
    alone = [
        run(weights, words[row : row + 1], begun[row : row + 1], cells)[0]
        for row in range(len(words))
    ]
    return bool(np.array_equal(run(weights, words, begun, cells), alone))


def _goes_on(run: Any, weights: list[Tensor], words: Tensor, begun: Tensor, cells: int) -> bool:
    """Return whether a picture that is stopped and taken up again is the same."""
    whole = np.asarray(run(weights, words, begun, cells))
    some = torch.from_numpy(whole[:, : max(begun.shape[1], cells - 1)])
    return bool(np.array_equal(run(weights, words, some, cells), whole))


SPELL = Question(
    number="16.4",
    function="spell",
    reference=spell,
    harness=harness,
    told="It makes a small model of these weights, and calls spell(model, words, begun, "
    "cells).",
    build=Steps,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="from nothing", points=2, cases=_whole),
        Property(name="a picture that was begun", points=2, cases=_begun),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="beside",
            message="A picture must be spelled alike, alone and beside others; yours is not.",
            holds=_beside,
        ),
        Invariance(
            name="goes-on",
            message="A picture that is stopped before its last cell, and taken up again, must "
            "end the same; yours does not.",
            holds=_goes_on,
        ),
    ),
)
