"""SigLIP's loss, wrong in one part: the mistakes of 05.3."""

from collections.abc import Callable
from math import exp

import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex05_train_a_clip.inputs import cosines
from classroom.checks.question import Answer, Mistake


def signs_of(like: Tensor) -> Tensor:
    """Return z: 1 for pairs, on the diagonal, and -1 for others."""
    return 2 * torch.eye(len(like), dtype=like.dtype) - 1


def _zeros_and_ones(like: Tensor) -> Tensor:
    return torch.eye(len(like), dtype=like.dtype)


def _unit(x: Tensor) -> Tensor:
    return F.normalize(x, dim=1)


def _itself(x: Tensor) -> Tensor:
    return x


def build(  # noqa: PLR0913 - each is a place for one mistake
    *,
    pictures: Callable[[Tensor], Tensor] = _unit,
    words: Callable[[Tensor], Tensor] = _unit,
    scaled: Callable[[Tensor, float], Tensor] = lambda table, scale: scale * table,
    biased: Callable[..., Tensor] = lambda logits, bias, _: logits + bias,
    signs: Callable[[Tensor], Tensor] = signs_of,
    surprise: Callable[[Tensor], Tensor] = lambda x: -F.logsigmoid(x),
    weighed: Callable[[Tensor], Tensor] = _itself,
    total: Callable[[Tensor], Tensor] = lambda cells: cells.sum() / len(cells),
) -> Answer:
    """Return an answer that takes its steps in other ways."""

    def answer(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
        table = scaled(pictures(images) @ words(texts).T, scale)
        logits = biased(table, bias, scale)
        return total(weighed(surprise(signs(logits) * logits)))

    return answer


def _two_means(cells: Tensor) -> Tensor:
    right = torch.eye(len(cells), dtype=torch.bool)
    return cells[right].mean() + cells[~right].mean()


def _softmax(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
    logits, right = scale * cosines(images, texts) + bias, torch.arange(len(images))
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2


def _softmax_of_rows(images: Tensor, texts: Tensor, scale: float, bias: float) -> Tensor:
    logits = scale * cosines(images, texts) + bias
    return F.cross_entropy(logits, torch.arange(len(images)))


def _with_a_little(much: float) -> Callable[[Tensor], Tensor]:
    return lambda x: -(x.sigmoid() + much).log()


def _at_least(little: float) -> Callable[[Tensor], Tensor]:
    return lambda x: -x.sigmoid().clamp(min=little).log()


MISTAKES = (
    Mistake(
        name="bias-sign",
        message='You subtracted the bias. It is added: at −10 it says "no" to every cell '
        "by itself.",
        changes={"biased": lambda logits, bias, _: logits - bias},
    ),
    Mistake(
        name="mean-over-N²",
        message="You took the mean over all N² cells. SigLIP adds the cells up and divides "
        "by N, the number of pairs.",
        changes={"total": torch.mean},
    ),
    Mistake(
        name="sum-only",
        message="You added up the cells. Divide by N, the number of pairs, so that a "
        "larger batch does not count for more.",
        changes={"total": torch.sum},
    ),
    Mistake(
        name="halved",
        message="Yours is half as large. Each cell counts once: there are no two "
        "directions to average.",
        changes={"total": lambda cells: cells.sum() / len(cells) / 2},
    ),
    Mistake(
        name="two-means",
        message="You averaged right and wrong pairs by themselves. All cells are added up, and "
        "the sum is divided by N, the number of right pairs.",
        changes={"total": _two_means},
        variants=({"total": lambda cells: _two_means(cells) / 2},),
    ),
    Mistake(
        name="only-pairs",
        message="You asked the right pairs alone. The N² − N wrong ones must say no, or "
        "every vector could point the same way.",
        changes={"weighed": lambda cells: cells * _zeros_and_ones(cells)},
    ),
    Mistake(
        name="z-outside",
        message="You multiplied the logarithms by z. It turns the logit, inside the "
        "sigmoid: log σ(z · logit).",
        changes={"signs": torch.ones_like, "weighed": lambda cells: signs_of(cells) * cells},
    ),
    Mistake(
        name="labels-0/1-instead-of-±1",
        message="With z = 0 a wrong pair's logit disappears, and it costs ln 2 whatever it "
        "is. Wrong pairs have z = −1.",
        changes={"signs": _zeros_and_ones},
    ),
    Mistake(
        name="signs-exchanged",
        message="Yes and no are exchanged: right pairs, on the diagonal, have z = 1.",
        changes={"signs": lambda like: -signs_of(like)},
    ),
    Mistake(
        name="no-signs",
        message="You ask every cell to say yes. Wrong pairs, off the diagonal, have z = −1.",
        changes={"signs": torch.ones_like},
    ),
    Mistake(
        name="bias-without-z",
        message="z must turn the bias too: z · (scale · cosine + bias). Mind the brackets.",
        changes={"biased": lambda logits, bias, _: logits + signs_of(logits) * bias},
    ),
    Mistake(
        name="bias-scaled",
        message="The scale multiplies your bias as well. It belongs to the cosine alone: "
        "scale · cosine + bias.",
        changes={"biased": lambda logits, bias, scale: logits + scale * bias},
    ),
    Mistake(
        name="no-bias",
        message="The bias is missing.",
        changes={"biased": lambda logits, *_: logits},
    ),
    Mistake(
        name="no-scale",
        message="The scale is missing: it multiplies the cosines.",
        changes={"scaled": lambda table, _: table},
    ),
    Mistake(
        name="scale-divides",
        message="You divided by the scale. A temperature divides, a scale multiplies.",
        changes={"scaled": lambda table, scale: table / scale},
    ),
    Mistake(
        name="scale-exp",
        message="You took exp of the scale. Here it is the scale itself, not its logarithm.",
        changes={"scaled": lambda table, scale: table * exp(scale)},
    ),
    Mistake(
        name="no-normalise",
        message="These are dot products. Give every vector length 1 first.",
        changes={"pictures": _itself, "words": _itself},
        variants=({"words": _itself}, {"pictures": _itself}),
    ),
    Mistake(
        name="wrong-axis",
        message="You normalised the columns. Each row is a vector: dim=1.",
        changes={
            "pictures": lambda x: F.normalize(x, dim=0),
            "words": lambda x: F.normalize(x, dim=0),
        },
        variants=(
            {"pictures": lambda x: F.normalize(x, dim=0)},
            {"words": lambda x: F.normalize(x, dim=0)},
        ),
    ),
    Mistake(
        name="softmax",
        message="This is CLIP's loss, where the cells of a row compete. Here each cell is "
        "asked by itself, with a sigmoid.",
        answer=_softmax,
        variants=(_softmax_of_rows, lambda i, t, s, b: _softmax_of_rows(t, i, s, b)),
    ),
    Mistake(
        name="no-minus",
        message="The logarithm of a chance is negative; the loss is minus that.",
        changes={"surprise": F.logsigmoid},
    ),
    Mistake(
        name="no-logarithm",
        message="You averaged the chances themselves. Take their logarithm: logsigmoid.",
        changes={"surprise": lambda x: -x.sigmoid()},
        variants=({"surprise": lambda x: 1 - x.sigmoid()}, {"surprise": torch.sigmoid}),
    ),
    Mistake(
        name="overflow",
        message="With large logits your loss is infinite: in float32 a sigmoid below "
        "10⁻⁴⁵ is 0. F.logsigmoid takes both steps at once.",
        changes={"surprise": lambda x: -x.sigmoid().log()},
        variants=(
            {"surprise": lambda x: -(1 / (1 + (-x).exp())).log()},
            {"surprise": lambda x: (1 + (-x).exp()).log()},
        ),
    ),
    Mistake(
        name="capped",
        message="A small number inside the logarithm keeps a cell finite, and caps what it "
        "costs: 10⁻⁸ caps it at 18. Add nothing; F.logsigmoid takes both steps at once.",
        changes={"surprise": _with_a_little(1e-8)},
        variants=tuple(
            {"surprise": way(10.0**-digits)}
            for way in (_with_a_little, _at_least)
            for digits in (6, 7, 8, 9, 10, 12)
            if (way, digits) != (_with_a_little, 8)
        ),
    ),
)
