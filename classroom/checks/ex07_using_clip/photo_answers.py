"""Answers to 07.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import (
    Answer,
    Mistake,
)
from classroom.checks.scale_mistakes import SCALE_MISTAKES
from classroom.checks.tiny import tiny
from mmcourse.clip import normalize, tokenize

Pixels = Callable[[Image.Image], Tensor]


Rows = Callable[[Tensor], Tensor]


def _prepared(image: Image.Image) -> Tensor:
    return tiny()[1](image)


def _fractions(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).permute(2, 0, 1) / 255


def _squeezed(image: Image.Image) -> Tensor:
    return _fractions(image.resize((64, 64)))


def _squeezed_and_normalised(image: Image.Image) -> Tensor:
    return normalize(np.array(image.resize((64, 64))))


def _cut_only(image: Image.Image) -> Tensor:
    """Return the centre square as `preprocess` cuts it, in fractions."""
    short = min(image.size)
    sides = [64 * side // short for side in image.size]
    left, top = ((side - 64) // 2 for side in sides)
    resized = image.resize(sides, Image.Resampling.BICUBIC)
    return _fractions(resized.crop((left, top, left + 64, top + 64)))


def _unit(rows: Tensor) -> Tensor:
    return F.normalize(rows, dim=-1)


def _of_all(rows: Tensor) -> Tensor:
    return rows / rows.norm()


def _by_columns(rows: Tensor) -> Tensor:
    return F.normalize(rows, dim=0)


def _softmax(logits: Tensor) -> Any:
    return logits.softmax(dim=-1)[0].tolist()  # to a list an array is alike


def build(
    *,
    pixels: Pixels = _prepared,
    pictures: Rows = _unit,
    texts: Rows = _unit,
    scale: Callable[[Tensor], Tensor | float] = torch.exp,
    finish: Callable[[Tensor], Any] = _softmax,
    prompt: str = "a photo of a {}",
) -> Answer:
    """Return a script that does each step in its own way."""

    @torch.no_grad()
    def answer(path: Path, labels: list[str]) -> Any:
        model, _ = tiny()
        x = model.encode_image(pixels(Image.open(path).convert("RGB"))[None])
        y = model.encode_text(tokenize([prompt.format(label) for label in labels]))
        return finish(scale(model.logit_scale) * pictures(x) @ texts(y).T)

    return answer


MISTAKES = (
    Mistake(
        name="as-found",
        message="All three defects are still there: whose pixels does the model get, by "
        "what is each text's vector divided, and where does 100 come from?",
        changes={"pixels": _squeezed, "texts": _of_all, "scale": lambda _: 100.0},
    ),
    Mistake(
        name="own-pixels",
        message="The pixels are not what this model was trained on: it reads colours "
        "normalised, and a centre square, not a squeezed picture. Use preprocess(image).",
        changes={"pixels": _squeezed},
        variants=({"pixels": _squeezed_and_normalised}, {"pixels": _cut_only}),
    ),
    Mistake(
        name="length-of-all",
        message="norm() alone is the length of the whole table of texts. Each row is a "
        "vector of its own: norm(dim=-1, keepdim=True), or F.normalize(rows, dim=-1).",
        changes={"texts": _of_all},
    ),
    Mistake(
        name="wrong-axis",
        message="You gave columns length 1. Each row of a table is a vector of its own: "
        "norm(dim=-1, keepdim=True), or F.normalize(rows, dim=-1).",
        changes={"texts": _by_columns},
        variants=({"pictures": _by_columns}, {"pictures": _by_columns, "texts": _by_columns}),
    ),
    *SCALE_MISTAKES,
    Mistake(
        name="no-normalise",
        message="You multiplied vectors of any length, which makes everything sound "
        "certain. Divide the picture's *and* each text's by its length.",
        changes={"pictures": lambda rows: rows, "texts": lambda rows: rows},
        variants=(
            {"pictures": lambda rows: rows},
            {"texts": lambda rows: rows},
        ),
    ),
    Mistake(
        name="no-softmax",
        message="These are cosines or logits. Their softmax makes probabilities.",
        changes={"finish": lambda logits: logits[0]},
        variants=({"finish": lambda logits: logits[0], "scale": lambda _: 1.0},),
    ),
    Mistake(
        name="batch-axis-kept",
        message="Your outcome still has the axis of the batch, (1, labels). One picture "
        "went in: take row [0].",
        changes={"finish": lambda logits: logits.softmax(dim=-1)},
    ),
    Mistake(
        name="softmax-over-pictures",
        message="Your softmax runs over the batch, which holds one picture, so everything "
        "is 1. It must run over the labels: dim=-1.",
        changes={"finish": lambda logits: logits.softmax(dim=0)[0]},
    ),
    Mistake(
        name="other-prompt",
        message='Your texts are others. Leave the prompt as it was: "a photo of a " and '
        "the label, nothing else. The prompt was no defect.",
        changes={"prompt": "{}"},
        variants=({"prompt": "a photo of a {}."}, {"prompt": "a picture of a {}"}),
    ),
    Mistake(
        name="best-label-only",
        message="You returned the best label. A probability for each is asked for, in "
        "their order.",
        changes={"finish": lambda logits: logits.argmax().item()},
    ),
)
