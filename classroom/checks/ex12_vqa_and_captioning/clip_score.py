"""12.5: CLIPScore, how well captions suit their pictures in the eyes of a CLIP.

Leaves out the variant with references.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex12_vqa_and_captioning.score_answers import MISTAKES, build
from classroom.checks.invariances import finite, unchanged, within
from classroom.checks.question import Case, Property, Question, hidden, shown


def _features(
    rng: np.random.Generator, count: int, dim: int, signs: Sequence[int]
) -> tuple[Tensor, Tensor]:
    """Return pairs of any length whose cosines have these signs in turn, none near 0.

    Some cosine above 0.45 is among them wherever one is above 0.
    """
    images = rng.standard_normal((count, dim))
    noise = rng.standard_normal((count, dim))
    units = images / np.linalg.norm(images, axis=1, keepdims=True)
    noise -= (noise * units).sum(1, keepdims=True) * units
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    cosines = rng.uniform(0.15, 0.95, count)
    cosines[: len(signs)] = rng.uniform(0.5, 0.9, len(cosines[: len(signs)]))
    cosines *= np.resize(signs, count)
    texts = cosines[:, None] * units + np.sqrt(1 - cosines**2)[:, None] * noise
    lengths = rng.uniform(0.4, 3, (2, count, 1))
    lengths[:, :1] = 2.0  # rows that all are short would hide a cut from above
    return torch.from_numpy(units * lengths[0]), torch.from_numpy(texts * lengths[1])


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    pictures = torch.tensor([[3.0, 4.0], [1.0, 0.0], [0.0, 2.0]])
    texts = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [5.0, 0.0]])
    return [
        shown("cosines 0.6, -1 and 0", pictures, texts),
        shown("the same direction", torch.tensor([[2.0, 2.0]]), torch.tensor([[1.0, 1.0]])),
    ]


def _suits(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five pairs", *_features(rng, 5, 7, (1,))),
        hidden("seven pairs", *_features(rng, 7, 3, (1,))),
        hidden("four of everything", *_features(rng, 4, 4, (1,))),
    ]


def _below_0(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("some point away", *_features(rng, 7, 5, (1, -1, -1))),
        hidden("every other one", *_features(rng, 6, 4, (-1, 1))),
        hidden("one pair suits", *_features(rng, 1, 3, (1,))),
    ]


CLIP_SCORE = Question(
    number="12.5",
    function="clip_score",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="features of any length", points=1, cases=_suits),
        Property(name="never below 0", points=1, cases=_below_0),
    ),
    mistakes=MISTAKES,
    invariances=(
        finite("A score is a number; one of yours is infinite, or NaN."),
        within("A score lies between 0 and 2.5; one of yours does not.", 0, 2.5),
        unchanged(
            "length",
            "Longer picture features and shorter text features must change nothing: only "
            "directions count.",
            lambda images, texts: (3 * images, texts / 2),
        ),
    ),
)
