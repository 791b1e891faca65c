"""03.1: the cosine of every picture with every text, times the scale."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex03_contrastive_loss.inputs import LENGTH, RTOL, number, rows, unit
from classroom.checks.invariances import follows_order
from classroom.checks.question import (
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
    picture, right = torch.tensor([[3.0, 4.0]]), torch.tensor([[5.0, 0.0]])
    texts = torch.tensor([[5.0, 0.0], [0.0, 2.0], [-6.0, -8.0]])
    return [
        shown("one picture and one text", picture, right, 10.0),
        shown("two pictures and three texts", torch.cat([picture, right]), texts, 10.0),
    ]


def _tables(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three and five", rows(rng, 3, 7), rows(rng, 5, 7), number(rng, 2, 9)),
        hidden("five and two", rows(rng, 5, 3), rows(rng, 2, 3), number(rng, 11, 40)),
        hidden("as many texts", rows(rng, 4, 4), rows(rng, 4, 4), number(rng, 2, 9)),
    ]


def _lengths(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("long pictures", 100 * rows(rng, 2, 3), rows(rng, 5, 3), number(rng, 2, 9)),
        hidden("short texts", rows(rng, 3, 5), rows(rng, 2, 5) / 100, number(rng, 40, 99)),
    ]


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
    atol=1e-3,  # at scale 99, float32 knows a logit near 0 to about 1e-4
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="every picture with every text", points=2, cases=_tables),
        Property(name="length does not matter", points=1, cases=_lengths),
    ),
    mistakes=(
        Mistake(
            name="no-normalise",
            message="These are dot products times the scale. Give every vector length 1 first, "
            "or long ones win every exam.",
            answer=lambda images, texts, scale: scale * images @ texts.T,
        ),
        Mistake(
            name="normalised-one-side",
            message="Only one of the two sides was divided by its length.",
            answer=lambda images, texts, scale: scale * unit(images) @ texts.T,
            variants=(lambda images, texts, scale: scale * images @ unit(texts).T,),
        ),
        Mistake(
            name="wrong-axis",
            message="You gave each column length 1; the vectors are the rows, so the squares "
            "add up along dim=1.",
            answer=lambda images, texts, scale: scale * unit(images, 0) @ unit(texts, 0).T,
        ),
        Mistake(
            name="tau-multiplied",
            message="You divided by the scale. A temperature divides; a scale is 1 / "
            "temperature and multiplies.",
            answer=lambda images, texts, scale: logits(images, texts, 1 / scale),
        ),
        Mistake(
            name="transposed",
            message="Rows and columns are exchanged: row i belongs to picture i, column j to "
            "text j.",
            answer=lambda images, texts, scale: logits(images, texts, scale).T,
        ),
        Mistake(
            name="no-scale",
            message="These are the cosines. Multiply them by the scale.",
            answer=lambda images, texts, _: logits(images, texts, 1),
        ),
        Mistake(
            name="exp-of-scale",
            message="You took exp of the scale. A model stores its logarithm, but here the "
            "scale itself is passed in.",
            answer=lambda images, texts, scale: logits(images, texts, np.exp(scale)),
        ),
        Mistake(
            name="softmax-taken",
            message="These are probabilities. Logits are what goes into the softmax.",
            answer=lambda images, texts, scale: logits(images, texts, scale).softmax(dim=1),
            variants=(
                lambda images, texts, scale: logits(images, texts, scale).softmax(dim=0),
                lambda images, texts, scale: logits(images, texts, scale).log_softmax(dim=1),
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
