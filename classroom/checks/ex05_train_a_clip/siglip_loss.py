"""05.3: SigLIP's loss, a yes-or-no question in every cell of the table."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex05_train_a_clip.inputs import RTOL, cosines, number, rows
from classroom.checks.ex05_train_a_clip.wrong_siglips import MISTAKES, build, signs_of
from classroom.checks.invariances import finite, unchanged, within
from classroom.checks.question import Case, Property, Question, hidden, shown

INF = float("inf")
Arguments = tuple[Tensor, Tensor, float, float]


def siglip_loss(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
    """Return -1/N Σᵢⱼ log σ(zᵢⱼ (scale · cosᵢⱼ + bias)), z = 1 for pairs and -1 for others."""
    logits = scale * cosines(images, texts) + bias
    return -F.logsigmoid(signs_of(logits) * logits).sum() / len(logits)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    apart, three = torch.eye(2, dtype=torch.float64), float(np.log(3))
    crowd = torch.tensor([[3.0, 0.0], [0.0, 4.0], [2.0, 0.0]])
    return [
        shown("two pairs: chances 1/2, 3/4, 3/4, 1/2", apart, apart, three, -three),
        shown("pictures 1 and 3 alike", crowd, 2 * crowd, 2.0, -1.0),
    ]


def _batch(
    rng: np.random.Generator, count: int, dim: int, low: float, high: float
) -> Arguments:
    return (
        rows(rng, count, dim),
        rows(rng, count, dim),
        number(rng, 2, 9),
        number(rng, low, high),
    )


def _batches(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three pairs", *_batch(rng, 3, 7, -6, -2)),
        hidden("five pairs, a bias above 0", *_batch(rng, 5, 3, 1, 4)),
        hidden("as many pairs as dims", *_batch(rng, 4, 4, -4, -1)),
    ]


def _large(rng: np.random.Generator) -> Sequence[Case]:
    """Return pairs in float32 whose cosines are all above 0.9, with a scale of 200."""
    cone = 3 + rng.random(7)
    sides = (cone + 0.5 * rng.uniform(-1, 1, (5, 7)) for _ in range(2))
    images, texts = (torch.from_numpy(side.astype(np.float32)) for side in sides)
    return [hidden("scale 200, all vectors nearly alike", images, texts, 200.0, -10.0)]


def _in_any_order(images: Tensor, texts: Tensor, scale: float, bias: float) -> Arguments:
    return images.flip(0), texts.flip(0), scale, bias


SIGLIP_LOSS = Question(
    number="05.3",
    function="siglip_loss",
    reference=siglip_loss,
    rtol=RTOL,
    atol=1e-4,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="every cell asked, one batch averaged", points=3, cases=_batches),
        Property(name="large logits do not overflow", points=1, cases=_large),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=(
        finite(
            "Yours is infinite, or NaN: the logarithm of 0 is -infinity, and 0 · infinity is "
            "NaN. F.logsigmoid takes sigmoid and logarithm at once."
        ),
        within("A surprise is never below 0; yours is.", 0, INF),
        unchanged(
            "order",
            "Turning round the order of the pairs must change nothing; it changes yours.",
            _in_any_order,
        ),
        unchanged(
            "symmetry",
            "Pictures and texts play the same part: exchanging them must change nothing.",
            lambda images, texts, scale, bias: (texts, images, scale, bias),
        ),
        unchanged(
            "length",
            "Making every picture's vector twice as long must change nothing: only directions "
            "count.",
            lambda images, texts, scale, bias: (2 * images, texts, scale, bias),
        ),
    ),
)
