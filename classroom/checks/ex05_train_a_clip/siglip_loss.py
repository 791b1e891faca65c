"""05.3: SigLIP's loss, a yes-or-no question in every cell of the table."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex05_train_a_clip.inputs import RTOL, cosines, number, rows
from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

INF = float("inf")
Arguments = tuple[Tensor, Tensor, float, float]


def siglip_loss(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
    """Return -1/N Σᵢⱼ log σ(zᵢⱼ (scale · cosᵢⱼ + bias)), z = 1 for pairs and -1 for others."""
    logits = scale * cosines(images, texts) + bias
    return -F.logsigmoid(_signs(logits) * logits).sum() / len(logits)


def _signs(like: Tensor) -> Tensor:
    return 2 * torch.eye(len(like), dtype=like.dtype) - 1


def _cells(
    signs: Callable[[Tensor], Tensor] = _signs,
    surprise: Callable[[Tensor], Tensor] = lambda x: -F.logsigmoid(x),
) -> Callable[[Tensor, Tensor, float, float], Tensor]:
    """Return a function that gives every cell's loss, with other signs or another surprise."""

    def cells(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
        logits = scale * cosines(images, texts) + bias
        return surprise(signs(logits) * logits)

    return cells


def _per_pair(cells: Callable[..., Tensor]) -> Answer:
    """Return an answer that adds up its cells and divides by the number of pairs."""
    return lambda images, *rest: cells(images, *rest).sum() / len(images)


def _of(logits: Callable[..., Tensor]) -> Answer:
    """Return an answer that makes its logits in another way."""

    def answer(*arguments: Any) -> Tensor:
        table = logits(*arguments)
        return -F.logsigmoid(_signs(table) * table).sum() / len(table)

    return answer


def _bias_unsigned(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
    table = scale * cosines(images, texts)
    return -F.logsigmoid(_signs(table) * table + bias).sum() / len(table)


def _softmax(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
    logits, right = scale * cosines(images, texts) + bias, torch.arange(len(images))
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2


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
    mistakes=(
        Mistake(
            name="bias-sign",
            message='You subtracted the bias. It is added: at −10 it says "no" to every cell '
            "by itself.",
            answer=lambda images, texts, scale, bias: siglip_loss(images, texts, scale, -bias),
        ),
        Mistake(
            name="mean-over-N²",
            message="You took the mean over all N² cells. SigLIP adds the cells up and divides "
            "by N, the number of pairs.",
            answer=lambda *arguments: _cells()(*arguments).mean(),
        ),
        Mistake(
            name="labels-0/1-instead-of-±1",
            message="With z = 0 a wrong pair's logit disappears, and it costs ln 2 whatever it "
            "is. Wrong pairs have z = −1.",
            answer=_per_pair(_cells(lambda x: torch.eye(len(x), dtype=x.dtype))),
        ),
        Mistake(
            name="sum-only",
            message="You added up the cells. Divide by N, the number of pairs, so that a "
            "larger batch does not count for more.",
            answer=lambda *arguments: _cells()(*arguments).sum(),
        ),
        Mistake(
            name="only-pairs",
            message="You asked the right pairs alone. The N² − N wrong ones must say no, or "
            "every vector could point the same way.",
            answer=lambda *arguments: _cells()(*arguments).diag().mean(),
        ),
        Mistake(
            name="signs-exchanged",
            message="Yes and no are exchanged: right pairs, on the diagonal, have z = 1.",
            answer=_per_pair(_cells(lambda x: -_signs(x))),
        ),
        Mistake(
            name="bias-without-z",
            message="z must turn the bias too: z · (scale · cosine + bias). Mind the brackets.",
            answer=_bias_unsigned,
        ),
        Mistake(
            name="bias-scaled",
            message="The scale multiplies your bias as well. It belongs to the cosine alone: "
            "scale · cosine + bias.",
            answer=lambda images, texts, scale, bias: siglip_loss(
                images, texts, scale, scale * bias
            ),
        ),
        Mistake(
            name="no-bias",
            message="The bias is missing.",
            answer=lambda images, texts, scale, _: siglip_loss(images, texts, scale, 0),
        ),
        Mistake(
            name="no-normalise",
            message="These are dot products. Give every vector length 1 first.",
            answer=_of(lambda images, texts, scale, bias: scale * images @ texts.T + bias),
            variants=(
                _of(
                    lambda images, texts, scale, bias: (
                        scale * F.normalize(images, dim=1) @ texts.T + bias
                    )
                ),
                _of(
                    lambda images, texts, scale, bias: (
                        scale * images @ F.normalize(texts, dim=1).T + bias
                    )
                ),
            ),
        ),
        Mistake(
            name="softmax",
            message="This is CLIP's loss, where the cells of a row compete. Here each cell is "
            "asked by itself, with a sigmoid.",
            answer=_softmax,
        ),
        Mistake(
            name="no-minus",
            message="The logarithm of a chance is negative; the loss is minus that.",
            answer=lambda *arguments: -siglip_loss(*arguments),
        ),
        Mistake(
            name="no-logarithm",
            message="You averaged the chances themselves. Take their logarithm: logsigmoid.",
            answer=_per_pair(_cells(surprise=lambda x: -x.sigmoid())),
            variants=(_per_pair(_cells(surprise=lambda x: 1 - x.sigmoid())),),
        ),
        Mistake(
            name="overflow",
            message="With large logits your loss is infinite: in float32 a sigmoid below "
            "10⁻⁴⁵ is 0. F.logsigmoid takes both steps at once.",
            answer=_per_pair(_cells(surprise=lambda x: -x.sigmoid().log())),
            variants=(
                _per_pair(_cells(surprise=lambda x: -(1 / (1 + (-x).exp())).log())),
                _per_pair(_cells(surprise=lambda x: (1 + (-x).exp()).log())),
            ),
        ),
    ),
    invariances=(
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
