"""06.3: a text's vector is its hidden state at the end token."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex06_inside_clip.wrong_places import (
    END,
    MISTAKES,
    START,
    at,
    build,
    seen,
)
from classroom.checks.invariances import unchanged
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown


def text_feature(hidden: Tensor, tokens: Tensor) -> Tensor:
    """Return each text's hidden state at its end token, whose id is the largest: (n, dim)."""
    return at(hidden, tokens.argmax(dim=1))


def _states(rng: np.random.Generator, texts: int, length: int, dim: int) -> Tensor:
    return torch.from_numpy(rng.standard_normal((texts, length, dim)) + 0.2)


def _tokens(rng: np.random.Generator, texts: int, length: int) -> Tensor:
    """Return start, words, end and zeros: the texts are of uneven length."""
    tokens = np.zeros((texts, length), dtype=np.int64)
    ends = rng.permutation(np.arange(2, length - 1))[:texts]
    for row, end in zip(tokens, ends, strict=True):
        row[:end] = rng.integers(1, START, end)
        row[0], row[end] = START, END
    return torch.from_numpy(tokens)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    one = torch.tensor([[[10.0, 1.0], [30.0, 3.0], [20.0, 2.0], [0.0, 0.0]]])
    tens = 10 * torch.arange(12.0).reshape(2, 6, 1)
    return [
        shown("one word, one zero", one, torch.tensor([[START, 320, END, 0]])),
        shown(
            "two texts",
            tens + torch.arange(1.0, 4.0),
            torch.tensor([[START, 320, 2368, END, 0, 0], [START, 1929, END, 0, 0, 0]]),
        ),
        shown("filled up with end tokens", one, torch.tensor([[START, 320, END, END]])),
    ]


def _padded(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three texts", _states(rng, 3, 7, 5), _tokens(rng, 3, 7)),
        hidden("one text", _states(rng, 1, 5, 3), _tokens(rng, 1, 5)),
        hidden("as many texts as dims", _states(rng, 4, 9, 4), _tokens(rng, 4, 9)),
    ]


def _noisy(rng: np.random.Generator) -> Sequence[Case]:
    """Return texts with a "!", whose id is 0, and texts with words behind the end."""
    exclaimed, followed = _tokens(rng, 3, 9), _tokens(rng, 3, 7)
    exclaimed[:, 1] = 0
    behind = torch.arange(7) > followed.argmax(dim=1, keepdim=True)
    words = torch.from_numpy(rng.integers(1, START, (3, 7)))
    return [
        hidden('texts with "!", whose id is 0', _states(rng, 3, 9, 5), exclaimed),
        hidden("words behind the end", _states(rng, 3, 7, 2), followed + behind * words),
        hidden("filled up with end tokens", _states(rng, 3, 8, 5), _filled(rng, 3, 8)),
    ]


def _filled(rng: np.random.Generator, texts: int, length: int) -> Tensor:
    """Return texts of which all places behind the end hold the end again."""
    tokens = _tokens(rng, texts, length)
    return tokens.where(torch.arange(length) <= tokens.argmax(dim=1, keepdim=True), END)


def _alike_alone(run: Callable[..., Any], hidden: Tensor, tokens: Tensor) -> bool:
    together = run(hidden, tokens)[:1]
    return bool(np.allclose(run(hidden[:1], tokens[:1]), together, atol=1e-3))


TEXT_FEATURE = Question(
    number="06.3",
    function="text_feature",
    reference=text_feature,
    rtol=1e-5,
    atol=1e-6,  # numbers are only picked; float32 rounds them
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="each text at its own end", points=2, cases=_padded),
        Property(name="whatever stands around it", points=1, cases=_noisy),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=(
        unchanged(
            "causal",
            "What stands behind the end token must change nothing; it changes yours.",
            lambda hidden, tokens: (hidden * seen(tokens).unsqueeze(-1), tokens),
        ),
        Invariance(
            name="alone",
            message="A text alone must get the vector that it gets among others; one of "
            "yours does not.",
            holds=_alike_alone,
        ),
    ),
)
