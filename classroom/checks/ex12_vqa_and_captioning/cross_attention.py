"""12.1: what each word of a question finds when it looks at the places of a picture.

Leaves out projections and heads.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex12_vqa_and_captioning.looking_answers import MISTAKES, build
from classroom.checks.invariances import TOLERANCE, finite, unchanged
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Looking = tuple[Tensor, tuple[Tensor, Tensor], Tensor]
"""Queries, keys with values, and the mask."""


def _normal(rng: np.random.Generator, *shape: int) -> Tensor:
    return torch.from_numpy(rng.standard_normal(shape)).float()


def _drawn(
    rng: np.random.Generator, batch: int, words: int, places: int, dim: int, width: int
) -> Looking:
    """Return queries and keys whose products are neither all near 0 nor far apart."""
    queries = 1.3 * _normal(rng, batch, words, dim)
    keys = 1.3 * _normal(rng, batch, places, dim)
    values = 2 * _normal(rng, batch, places, width) + 1
    return queries, (keys, values), torch.ones(batch, places, dtype=torch.bool)


def _masked(rng: np.random.Generator, *sizes: int) -> Looking:
    """Return the same with a mask: in each picture some places are hidden, and some are not.

    Hidden values are the largest, and no picture hides as many places as another, as long as
    there are enough.
    """
    queries, (keys, values), mask = _drawn(rng, *sizes)
    batch, places = mask.shape
    for row, picture in enumerate(rng.permutation(batch)):
        count = 1 + row % (places - 1)
        mask[picture, torch.from_numpy(rng.choice(places, count, replace=False))] = False
    values = values + 3 * ~mask[:, :, None]
    return queries, (keys, values), mask


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    word = torch.tensor([[[2 * float(np.log(3)), 0.0, 0.0, 0.0]]])  # dim 4, so halved: ln 3
    keys = torch.tensor([[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]])
    pair, both = (keys, torch.tensor([[[4.0], [8.0]]])), torch.tensor([[True, True]])
    return [
        shown("shares of 3/4 and 1/4", word, pair, both),
        shown("the first place is hidden", word, pair, torch.tensor([[False, True]])),
        shown("two words", torch.cat([word, 0 * word], 1), pair, both),
    ]


def _looks(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three words, five places", *_drawn(rng, 2, 3, 5, 4, 6)),
        hidden("five words, three places", *_drawn(rng, 3, 5, 3, 6, 2)),
        hidden("four of everything", *_drawn(rng, 4, 4, 4, 4, 4)),
        hidden("values as wide as keys", *_drawn(rng, 2, 3, 7, 5, 5)),
    ]


def _hides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("some places are hidden", *_masked(rng, 2, 4, 6, 3, 5)),
        hidden("as many words as places", *_masked(rng, 3, 5, 5, 2, 4)),
        hidden("as many words as pictures", *_masked(rng, 3, 3, 4, 5, 2)),
        hidden("one picture", *_masked(rng, 1, 2, 4, 6, 3)),
    ]


def _large(rng: np.random.Generator) -> Sequence[Case]:
    queries, (keys, values), mask = _masked(rng, 2, 3, 5, 4, 6)
    return [
        hidden("scores of hundreds, in float32", 20 * queries, (20 * keys, values), mask),
        hidden("the largest score is hidden", *_hidden_high(rng)),
    ]


def _hidden_high(rng: np.random.Generator) -> Looking:
    """Return what sees scores of -300 or less, and does not see one of 300 in each picture."""
    _, (keys, values), mask = _masked(rng, 3, 2, 4, 4, 5)
    queries = torch.ones(3, 2, 4)
    lowered = keys - keys.mean(2, keepdim=True) + keys[:, :, :1] - 165
    return queries, (lowered.where(mask[:, :, None], lowered + 330), values), mask


def _unseen(run: Callable[..., Any], queries: Tensor, pair: Any, mask: Tensor) -> bool:
    keys, values = pair
    other = keys.flip(0).where(~mask[:, :, None], keys), values - 7 * ~mask[:, :, None]
    one, two = run(queries, pair, mask), run(queries, other, mask)
    return bool(np.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE))


def _between(run: Callable[..., Any], queries: Tensor, pair: Any, mask: Tensor) -> bool:
    found, values = np.asarray(run(queries, pair, mask)), pair[1].numpy()
    return bool(
        (found >= values.min(1, keepdims=True) - TOLERANCE).all()
        and (found <= values.max(1, keepdims=True) + TOLERANCE).all()
    )


CROSS_ATTENTION = Question(
    number="12.1",
    function="cross_attention",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-4,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="each word looks at the places", points=2, cases=_looks),
        Property(name="not where the mask says no", points=2, cases=_hides),
        Property(name="large scores do not overflow", points=1, cases=_large),
    ),
    mistakes=MISTAKES,
    invariances=(
        finite(
            "Yours is infinite, or NaN: exp of a large score is too large for float32, or all "
            "places that a word may see have shares of 0. softmax over scores, hidden ones at "
            "-inf, avoids both; by hand, take off each word's largest score among these places."
        ),
        Invariance(
            name="unseen",
            message="What lies where the mask is False must change nothing; it changes yours.",
            holds=_unseen,
        ),
        Invariance(
            name="between",
            message="What a word finds is a mean of values: no number of it lies below the "
            "least, or above the largest, value of its picture. Some of yours do.",
            holds=_between,
        ),
        unchanged(
            "places",
            "Turning round the order of the places, keys, values and mask together, must "
            "change nothing.",
            lambda queries, pair, mask: (
                queries,
                tuple(part.flip(1) for part in pair),
                mask.flip(1),
            ),
        ),
    ),
)
