"""12.2: how surprised a captioner is by each word that follows a picture.

Leaves out the model: its logits are given.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex12_vqa_and_captioning.surprise_answers import MISTAKES, build
from classroom.checks.invariances import TOLERANCE, finite, unchanged, within
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Captions = tuple[Tensor, Tensor, int]
"""Logits, tokens and which token is padding."""


def _drawn(
    rng: np.random.Generator, lengths: Sequence[int], places: int, words: int, padding: int
) -> Captions:
    """Return captions of these lengths, padded to the longest, and random logits for them."""
    longest = max(lengths)
    others = [word for word in range(words) if word != padding]
    tokens = np.full((len(lengths), longest), padding)
    for row, length in zip(tokens, lengths, strict=True):
        row[:length] = rng.choice(others, length)
    logits = 2 * rng.standard_normal((len(lengths), places + longest, words))
    return torch.from_numpy(logits).float(), torch.from_numpy(tokens), padding


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    three, five = float(np.log(3)), float(np.log(5))  # shares of 3, 1 and 1 in 5; of 5 in 7
    logits = torch.tensor([[[0.0, 9, 0], [0, three, 0], [0, 0, five], [8, 0, 0]]])
    padded = torch.tensor([[[0.0, 9, 0], [0, three, 0], [8, 0, 0], [0, 8, 0]]])
    both = torch.cat([logits, padded])
    return [
        shown("two places, two words", logits, torch.tensor([[1, 2]]), 0),
        shown("one word, then padding", padded, torch.tensor([[1, 0]]), 0),
        shown("both", both, torch.tensor([[1, 2], [1, 0]]), 0),
    ]


def _whole(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three captions of six", *_drawn(rng, (6, 6, 6), 4, 9, 0)),
        hidden("five of four", *_drawn(rng, (4,) * 5, 7, 6, 3)),
        hidden("four of everything", *_drawn(rng, (4,) * 4, 4, 4, 0)),
    ]


def _one_place(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one place", *_drawn(rng, (5, 5), 1, 7, 2)),
        hidden("one place, one word", *_drawn(rng, (1, 1, 1), 1, 5, 4)),
    ]


def _padded(rng: np.random.Generator) -> Sequence[Case]:
    other = int(rng.integers(1, 8))
    return [
        hidden("padding is 0", *_drawn(rng, (2, 7, 4), 3, 8, 0)),
        hidden(f"padding is {other}", *_drawn(rng, (6, 1, 3, 5, 3), 4, 9, other)),
        hidden("padding is the last of the words", *_drawn(rng, (3, 5), 6, 7, 6)),
    ]


def _large(rng: np.random.Generator) -> Sequence[Case]:
    logits, tokens, padding = _drawn(rng, (3, 5, 2), 2, 6, 1)
    return [hidden("logits of hundreds, in float32", 90 * logits, tokens, padding)]


def _places_unheard(run: Callable[..., Any], logits: Tensor, *given: Any) -> bool:
    before = logits.shape[1] - given[0].shape[1] - 1
    changed = logits.clone()
    changed[:, :before] = -changed[:, :before].flip(2) - 3
    one, two = run(logits, *given), run(changed, *given)
    return bool(np.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE))


def _padding_unheard(
    run: Callable[..., Any], logits: Tensor, tokens: Tensor, padding: int
) -> bool:
    guessing = logits.shape[1] - tokens.shape[1] - 1
    changed = logits.clone()
    part = changed[:, guessing:-1]
    part[tokens == padding] = -part[tokens == padding].flip(1) - 3
    one, two = run(logits, tokens, padding), run(changed, tokens, padding)
    return bool(np.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE))


CAPTION_LOSS = Question(
    number="12.2",
    function="caption_loss",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the words after the places", points=2, cases=_whole),
        Property(name="a picture of one place", points=1, cases=_one_place),
        Property(name="padding does not count", points=2, cases=_padded),
        Property(name="large logits do not overflow", points=1, cases=_large),
    ),
    mistakes=MISTAKES,
    invariances=(
        finite(
            "Yours is infinite, or NaN. The mean of no word at all is NaN; exp of a large "
            "logit is too large for float32, and log(0) is -inf: log_softmax and cross_entropy "
            "avoid these two."
        ),
        within("A surprise is never below 0; yours is.", 0, np.inf),
        Invariance(
            name="places-unheard",
            message="Logits at the places before the last one must change nothing: no word "
            "follows there.",
            holds=_places_unheard,
        ),
        Invariance(
            name="padding-unheard",
            message="Logits that would guess padding must change nothing; they change yours.",
            holds=_padding_unheard,
        ),
        unchanged(
            "order",
            "Turning round the order of the captions must change nothing.",
            lambda logits, tokens, padding: (logits.flip(0), tokens.flip(0), padding),
        ),
    ),
)
