"""11.3: CLIP's loss with texts that are nearly true as further rivals of each picture.

Leaves out gradients, for which 03.2 asks, and extra pictures.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import RTOL, alike, number, rows
from classroom.checks.ex11_what_clip_misses.negatives_answers import MISTAKES, Steps
from classroom.checks.invariances import finite, unchanged, within
from classroom.checks.question import Case, Property, Question, hidden, shown

Batch = tuple[Tensor, Tensor, Tensor, float]


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    pairs = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    points = float(np.log(3))  # a cosine of 1 is worth 3 points, one of 0 is worth 1
    return [
        shown("no extra text: CLIP's loss", pairs, 2 * pairs, torch.zeros(0, 2), points),
        shown("one that suits picture 0", pairs, 2 * pairs, torch.tensor([[5.0, 0.0]]), points),
    ]


def _batch(rng: np.random.Generator, count: int, extra: int, dim: int) -> Batch:
    """Return pairs that fit a little, and extra texts of any length that fit as well."""
    images = rows(rng, count, dim)
    texts, others = rows(rng, count, dim) + 0.5 * images, rows(rng, extra, dim)
    return images, texts, others, number(rng, 3, 9)


def _rivals(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs, five extra texts", *_batch(rng, 3, 5, 7)),
        hidden("seven pairs, two extra texts", *_batch(rng, 7, 2, 5)),
        hidden("four of everything", *_batch(rng, 4, 4, 4)),
        hidden("one extra text a pair", *_batch(rng, 5, 5, 3)),
    ]


def _lengths(rng: np.random.Generator) -> Sequence[Case]:
    images, texts, extra, scale = _batch(rng, 5, 3, 7)
    return [
        hidden("long extra texts", images, texts, 30 * extra, scale),
        hidden("short ones", images, texts, extra / 30, scale),
        hidden("none", *_batch(rng, 3, 0, 5)),
    ]


def _cold(rng: np.random.Generator) -> Sequence[Case]:
    images, texts = alike(rng, 4, 7)
    extra, _ = alike(rng, 6, 7)
    return [hidden("CLIP's scale, all vectors nearly alike", images, texts, extra, 100.0)]


CLIP_LOSS_WITH_NEGATIVES = Question(
    number="11.3",
    function="clip_loss_with_negatives",
    reference=Steps(),
    build=Steps,
    rtol=RTOL,
    atol=1e-3,  # at scale 100, float32 knows a logit to about 1e-4
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="rivals of each picture", points=3, cases=_rivals),
        Property(name="of any length, or none", points=1, cases=_lengths),
        Property(name="a large scale does not overflow", points=1, cases=_cold),
    ),
    mistakes=MISTAKES,
    invariances=(
        finite(
            "Yours is infinite, or NaN: exp of a large logit is too large for float32. "
            "cross_entropy avoids that."
        ),
        within("A surprise is never below 0; yours is.", 0, np.inf),
        unchanged(
            "extra-order",
            "Turning round the order of the extra texts must change nothing.",
            lambda images, texts, extra, scale: (images, texts, extra.flip(0), scale),
        ),
        unchanged(
            "order",
            "Turning round the order of the pairs must change nothing; it changes yours.",
            lambda images, texts, extra, scale: (images.flip(0), texts.flip(0), extra, scale),
        ),
        unchanged(
            "length",
            "Making the extra texts' vectors twice as long must change nothing: only "
            "directions count.",
            lambda images, texts, extra, scale: (images, texts, 2 * extra, scale),
        ),
    ),
    left_out="Gradients: 03.2 asks for them.",
)
