"""06.3: a text's vector is its hidden state at the end token."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import unchanged
from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

START, END = 49_406, 49_407
"""The two largest ids of CLIP's vocabulary."""


def text_feature(hidden: Tensor, tokens: Tensor) -> Tensor:
    """Return each text's hidden state at its end token, whose id is the largest: (n, dim)."""
    return _at(hidden, tokens.argmax(dim=1))


def _at(hidden: Tensor, places: Tensor) -> Tensor:
    return hidden[torch.arange(len(hidden)), places]


def _up_to_end(hidden: Tensor, tokens: Tensor) -> Tensor:
    """Return the mean of the places up to the end token."""
    seen = _seen(tokens)
    return (hidden * seen.unsqueeze(-1)).sum(dim=1) / seen.sum(dim=1, keepdim=True)


def _seen(tokens: Tensor) -> Tensor:
    """Return True up to the end token: (n, length)."""
    return torch.arange(tokens.shape[1]) <= tokens.argmax(dim=1, keepdim=True)


def _where_not_0(hidden: Tensor, tokens: Tensor) -> Tensor:
    mask = (tokens != 0).unsqueeze(-1)
    return (hidden * mask).sum(dim=1) / mask.sum(dim=1)


def _last_not_0(hidden: Tensor, tokens: Tensor) -> Tensor:
    places = torch.arange(tokens.shape[1]) * (tokens != 0)
    return _at(hidden, places.argmax(dim=1))


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
    ]


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
    mistakes=(
        Mistake(
            name="took-last-position",
            message="You read the last place, which is padding for all but the longest texts. "
            "Read where the end token stands.",
            answer=lambda hidden, _: hidden[:, -1],
        ),
        Mistake(
            name="mean-pooled",
            message="You averaged over the places. CLIP reads one place, the end token's, "
            "which has seen the whole text.",
            answer=lambda hidden, _: hidden.mean(dim=1),
            variants=(_up_to_end, _where_not_0),
        ),
        Mistake(
            name="argmax-of-embeddings",
            message="You looked for the largest hidden state. The end is where the largest "
            "*id* stands: take argmax of the tokens.",
            answer=lambda hidden, _: _at(hidden, hidden.sum(dim=2).argmax(dim=1)),
            variants=(
                lambda hidden, _: _at(hidden, hidden.norm(dim=2).argmax(dim=1)),
                lambda hidden, _: _at(hidden, hidden.amax(dim=2).argmax(dim=1)),
                lambda hidden, _: hidden.amax(dim=1),
            ),
        ),
        Mistake(
            name="took-first-position",
            message="You read the first place, as for a picture's class token. In a text the "
            "first place has seen nothing but itself; the end has seen all.",
            answer=lambda hidden, _: hidden[:, 0],
        ),
        Mistake(
            name="every-end-of-every-text",
            message="hidden[:, ends] takes every text's end from every text. Pair them: "
            "text 0 with its end, text 1 with its own, hidden[torch.arange(n), ends].",
            answer=lambda hidden, tokens: hidden[:, tokens.argmax(dim=1)],
        ),
        Mistake(
            name="one-place-off",
            message="You read the place next to the end token. argmax counts from 0, as places "
            "do: add and subtract nothing.",
            answer=lambda hidden, tokens: _at(hidden, tokens.argmax(dim=1) - 1),
            variants=(
                lambda hidden, tokens: _at(
                    hidden, (tokens.argmax(dim=1) + 1).clamp(max=tokens.shape[1] - 1)
                ),
            ),
        ),
        Mistake(
            name="same-end-for-all",
            message="You read all texts where one of them ends. Each has an end of its own: "
            "argmax along dim=1.",
            answer=lambda hidden, tokens: hidden[:, tokens[0].argmax()],
            variants=(lambda hidden, tokens: hidden[:, tokens.argmax(dim=1).max()],),
        ),
        Mistake(
            name="counted-non-zeros",
            message='You took 0 for padding. It is also the id of "!", and words may follow '
            "the end. Only the end token itself, the largest id, tells.",
            answer=lambda hidden, tokens: _at(hidden, (tokens != 0).sum(dim=1) - 1),
            variants=(_last_not_0,),
        ),
    ),
    invariances=(
        unchanged(
            "causal",
            "What stands behind the end token must change nothing; it changes yours.",
            lambda hidden, tokens: (hidden * _seen(tokens).unsqueeze(-1), tokens),
        ),
        Invariance(
            name="alone",
            message="A text alone must get the vector that it gets among others; one of "
            "yours does not.",
            holds=_alike_alone,
        ),
    ),
)
