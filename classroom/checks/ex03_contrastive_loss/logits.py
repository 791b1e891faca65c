"""03.1: the cosine of every picture with every text, times the scale."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import (
    LENGTH,
    RTOL,
    as_is,
    both,
    by_columns,
    by_whole,
    number,
    rows,
    unit,
)
from classroom.checks.invariances import follows_order
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


def logits(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Return scale · cosine of every picture (n, dim) with every text (m, dim), as (n, m)."""
    return scale * unit(images) @ unit(texts).T


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    pictures = torch.tensor([[3.0, 4.0], [5.0, 0.0]])
    texts = torch.tensor([[5.0, 0.0], [0.0, 2.0], [-6.0, -8.0]])
    return [
        shown("one picture and one text", pictures[:1], torch.tensor([[4.0, 3.0]]), 10.0),
        shown("two pictures and three texts", pictures, texts, 10.0),
    ]


def _tables(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three and five", rows(rng, 3, 7), rows(rng, 5, 7), number(rng, 2, 9)),
        hidden("five and two", rows(rng, 5, 3), rows(rng, 2, 3), number(rng, 11, 40)),
        hidden("as many texts", rows(rng, 4, 4), rows(rng, 4, 4), number(rng, 2, 9)),
        hidden("a scale above 100", rows(rng, 2, 5), rows(rng, 3, 5), number(rng, 150, 250)),
    ]


def _lengths(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("long pictures", 100 * rows(rng, 2, 3), rows(rng, 5, 3), number(rng, 2, 9)),
        hidden("short texts", rows(rng, 3, 5), rows(rng, 2, 5) / 100, number(rng, 40, 80)),
    ]


Step = Callable[[Tensor], Tensor]


def _build(
    images_step: Step = unit,
    texts_step: Step = unit,
    product: Callable[[Tensor, Tensor], Tensor] = lambda images, texts: images @ texts.T,
    factor: Callable[[float], float] = lambda scale: scale,
    last: Step = as_is,
) -> Answer:
    """Return `logits` with some of its steps replaced."""

    def answer(images: Tensor, texts: Tensor, scale: float) -> Tensor:
        return last(factor(scale) * product(images_step(images), texts_step(texts)))

    return answer


def _l1(x: Tensor) -> Tensor:
    return x / x.abs().sum(dim=1, keepdim=True)


def _times(factor: Tensor, images: Tensor, texts: Tensor) -> Tensor:
    """Return the table of pictures that were multiplied first: an infinite factor makes NaN."""
    return factor * unit(images) @ unit(texts).T


def _in_proportion(
    run: Callable[..., Any], images: Tensor, texts: Tensor, scale: float
) -> bool:
    once, twice = run(images, texts, scale), run(images, texts, 2 * scale)
    return np.allclose(2 * np.asarray(once), twice, rtol=1e-3, atol=1e-3)


LOGITS = Question(
    number="03.1",
    function="logits",
    reference=logits,
    rtol=RTOL,
    atol=1e-3,  # at scale 80, float32 knows a logit near 0 to about 1e-4
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="every picture with every text", points=2, cases=_tables),
        Property(name="length does not matter", points=1, cases=_lengths),
    ),
    build=_build,
    mistakes=(
        Mistake(
            name="no-normalise",
            message="These are made of raw dot products. Give every vector length 1 first, or "
            "long ones win every exam.",
            changes=both(as_is),
        ),
        Mistake(
            name="normalised-one-side",
            message="Only one of the two sides was divided by its length.",
            changes={"texts_step": as_is},
            variants=({"images_step": as_is},),
        ),
        Mistake(
            name="wrong-axis",
            message="You gave columns length 1; the vectors are the rows, so the squares add "
            "up along dim=1, of pictures and of texts.",
            changes=both(by_columns),
            variants=(_build(images_step=by_columns), _build(texts_step=by_columns)),
        ),
        Mistake(
            name="whole-batch",
            message="You divided by one length for the whole batch. Each row has its own.",
            changes=both(by_whole),
            variants=({"images_step": by_whole}, {"texts_step": by_whole}),
        ),
        Mistake(
            name="l1-norm",
            message="You divided by the sum of the absolute values. A length is the root of "
            "the sum of the squares.",
            changes=both(_l1),
        ),
        Mistake(
            name="normalised-after-product",
            message="You multiplied first and then gave the rows or columns of the product "
            "length 1. Give the vectors length 1 before you multiply.",
            answer=lambda images, texts, scale: scale * unit(images @ texts.T),
            variants=(lambda images, texts, scale: scale * unit(images @ texts.T, 0),),
        ),
        Mistake(
            name="transposed",
            message="Rows and columns are exchanged: row i belongs to picture i, column j to "
            "text j.",
            changes={"product": lambda images, texts: texts @ images.T},
        ),
        Mistake(
            name="not-turned",
            message="A matrix product takes rows times columns, and the texts are rows. Turn "
            "them on their side first: texts.T.",
            changes={"product": torch.matmul},
        ),
        Mistake(
            name="reshaped",
            message="reshape cuts the texts' numbers into new rows, which mixes the vectors. "
            "Turn them on their side instead, each vector a column: texts.T.",
            changes={"product": lambda images, texts: images @ texts.reshape(texts.T.shape)},
        ),
        Mistake(
            name="paired-only",
            message="You compared picture i with text i alone. Every picture meets every text: "
            "multiply by the texts turned on their side.",
            changes={"product": lambda images, texts: (images * texts).sum(dim=1)},
            variants=(
                {"product": F.cosine_similarity},
                {"product": lambda images, texts: F.cosine_similarity(images, texts)[None]},
                {"product": lambda images, texts: F.cosine_similarity(images, texts)[:, None]},
            ),
        ),
        Mistake(
            name="tau-multiplied",
            message="You divided by the scale. A temperature divides; a scale is 1 / "
            "temperature and multiplies.",
            changes={"factor": lambda scale: 1 / scale},
        ),
        Mistake(
            name="no-scale",
            message="These are made without the scale, or it went into the vectors before "
            "they got length 1, which undoes it. Multiply the cosines by it.",
            changes={"factor": lambda _: 1},
        ),
        Mistake(
            name="scale-twice",
            message="The scale was multiplied in twice, on either side, say. Once is enough.",
            changes={"factor": lambda scale: scale**2},
        ),
        Mistake(
            name="scale-held",
            message="You held the scale at 100. A training step does that to the parameter, "
            "once; here the scale is used as it is passed in.",
            changes={"factor": lambda scale: min(scale, 100)},
        ),
        Mistake(
            name="exp-of-scale",
            message="You took exp of the scale. A model stores its logarithm, but here the "
            "scale itself is passed in.",
            changes={"factor": np.exp},
            variants=(
                _build(factor=lambda scale: float(torch.tensor(scale).exp())),
                lambda images, texts, scale: _times(torch.tensor(scale).exp(), images, texts),
            ),
        ),
        Mistake(
            name="softmax-taken",
            message="These are probabilities, or their logarithms. Logits are what goes into "
            "the softmax.",
            changes={"last": lambda table: table.softmax(dim=1)},
            variants=(
                _build(last=lambda table: table.softmax(dim=0)),
                _build(last=lambda table: table.log_softmax(dim=1)),
            ),
        ),
    ),
    invariances=(
        LENGTH,
        Invariance(
            name="scale",
            message="Twice the scale must give twice the logits; it does not.",
            holds=_in_proportion,
        ),
        follows_order("Turning the pictures round must turn the rows round; yours stay."),
    ),
)
