"""17.3: each token gets a mix of itself and those just before it, and none of a later one.

Leaves out what it is for: attention finds what came after a word only if each token knows what
came before it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex17_learning_from_examples.convolution_answers import (
    MISTAKES,
    Steps,
    short_convolution,
)
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Asked = tuple[Tensor, Tensor]


def _drawn(rng: np.random.Generator, batch: int, tokens: int, width: int, taps: int) -> Asked:
    x, weights = rng.standard_normal((batch, tokens, width)), rng.standard_normal((taps, width))
    return torch.from_numpy(x).float(), torch.from_numpy(weights).float()


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    row = torch.tensor([[[1.0], [2.0], [3.0]]])
    return [
        shown("ten times the token before", row, torch.tensor([[0.0], [10.0]])),
        shown("ten times itself", row, torch.tensor([[10.0]])),
        shown("a hundred times the second before", row, torch.tensor([[0.0], [0.0], [100.0]])),
    ]


def _mixes(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("seven tokens, four taps", *_drawn(rng, 2, 7, 5, 4)),
        hidden("nine tokens, three taps", *_drawn(rng, 3, 9, 4, 3)),
        hidden("one number a token", *_drawn(rng, 2, 6, 1, 2)),
    ]


def _sides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five of everything", *_drawn(rng, 5, 5, 5, 5)),
        hidden("as many tokens as numbers", *_drawn(rng, 2, 6, 6, 4)),
    ]


def _short(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("fewer tokens than taps", *_drawn(rng, 3, 2, 4, 5)),
        hidden("one token", *_drawn(rng, 2, 1, 3, 4)),
        hidden("one tap", *_drawn(rng, 2, 4, 3, 1)),
    ]


def _no_later_one(run: Callable[..., Any], x: Tensor, taps: Tensor) -> bool:
    """Return whether tokens stay as they are when later ones change."""
    for token in range(1, x.shape[1]):
        other = x.clone()
        other[:, token:] += 5
        mine, again = np.asarray(run(x, taps)), np.asarray(run(other, taps))
        if not np.allclose(mine[:, :token], again[:, :token], rtol=1e-3, atol=1e-3):
            return False
    return True


def _each_number(run: Callable[..., Any], x: Tensor, taps: Tensor) -> bool:
    """Return whether a number of a token depends on the same number of others alone."""
    alone = [run(x[:, :, n : n + 1], taps[:, n : n + 1]) for n in range(x.shape[2])]
    return bool(np.allclose(run(x, taps), np.concatenate(alone, 2), rtol=1e-3, atol=1e-3))


SHORT_CONVOLUTION = Question(
    number="17.3",
    function="short_convolution",
    reference=short_convolution,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="itself and those before", points=2, cases=_mixes),
        Property(name="as many tokens as numbers", points=1, cases=_sides),
        Property(name="short documents, one tap", points=1, cases=_short),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="later",
            message="What comes later must not change a token; with yours it does.",
            holds=_no_later_one,
        ),
        Invariance(
            name="numbers",
            message="Each number of a token must depend on the same number of others alone; "
            "with yours it does not.",
            holds=_each_number,
        ),
    ),
)
