"""Answers to 08.2, a right one and the mistakes that are known."""

from collections.abc import Callable
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
from mmcourse.clip import tokenize

Rows = Callable[[Tensor], Tensor]


TEMPLATE = "a photo of a {}."


def _unit(features: Tensor) -> Tensor:
    return F.normalize(features, dim=-1)


def _raw(features: Tensor) -> Tensor:
    return features


def _softmax(logits: Tensor) -> Any:
    return logits.softmax(dim=-1)[0].tolist()  # to a list an array is alike


def build(
    *,
    template: str = TEMPLATE,
    texts: Rows = _unit,
    pictures: Rows = _unit,
    scale: Callable[[Tensor], Tensor | float] = torch.exp,
    finish: Callable[[Tensor], Any] = _softmax,
    inside: bool = False,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def outer(names: list[str], model: Any, preprocess: Any) -> Answer:
        def columns() -> Tensor:
            prompts = [template.format(name) for name in names]
            return texts(model.encode_text(tokenize(prompts))).T

        known = None if inside else columns()

        def classify(picture: Image.Image) -> Any:
            x = pictures(model.encode_image(preprocess(picture)[None]))
            return finish(
                scale(model.logit_scale) * x @ (columns() if known is None else known)
            )

        return classify

    return outer


MISTAKES = (
    Mistake(
        name="names-read-again",
        message="The names are encoded anew for every picture: the defect that this is "
        "about. Encode them before the inner `def`, which can use them all the same.",
        changes={"inside": True},
    ),
    Mistake(
        name="classify-called",
        message="You return an outcome where a function is asked for. Give the inner "
        "function back, uncalled: `return classify`.",
        answer=lambda *_: [],
        variants=(lambda *_: np.zeros(2), lambda *_: torch.zeros(2)),
    ),
    Mistake(
        name="no-grad",
        message="numpy() refuses what a backward pass may need. Work inside "
        "torch.no_grad(), and say so *in* the inner function: it runs later.",
        changes={"finish": lambda logits: logits.softmax(dim=-1)[0].numpy()},
        variants=({"finish": lambda logits: logits.numpy()},),
    ),
    Mistake(
        name="no-normalise",
        message="You multiplied vectors of any length, and such products are no cosines. "
        "Bring pictures *and* texts to length 1.",
        changes={"texts": _raw, "pictures": _raw},
        variants=(
            {"texts": _raw},
            {"pictures": _raw},
            {"texts": _raw, "pictures": _raw, "scale": lambda _: 100.0},
        ),
    ),
    Mistake(
        name="length-of-all",
        message="norm() without an axis is the length of the whole table of texts. Each "
        "row is a vector of its own: norm(dim=-1, keepdim=True).",
        changes={"texts": lambda rows: rows / rows.norm()},
    ),
    *SCALE_MISTAKES,
    Mistake(
        name="no-softmax",
        message="These are cosines or logits. Their softmax makes probabilities.",
        changes={"finish": lambda logits: logits[0]},
        variants=({"finish": lambda logits: logits[0], "scale": lambda _: 1.0},),
    ),
    Mistake(
        name="other-prompt",
        message='Your prompt is another one. It is "a photo of a {}." with the name in '
        "place of {}, and a full stop.",
        changes={"template": "{}"},
        variants=tuple(
            {"template": one}
            for one in ("a photo of a {}", "a photo of {}", "a photo of {}.", "a {}")
        ),
    ),
    Mistake(
        name="batch-axis-kept",
        message="Your outcome still has the axis of the batch, (1, classes). One picture "
        "went in: take row [0].",
        changes={"finish": lambda logits: logits.softmax(dim=-1)},
    ),
    Mistake(
        name="softmax-over-pictures",
        message="Your softmax runs over the batch, which holds one picture, so everything "
        "is 1. It must run over the names: dim=-1.",
        changes={"finish": lambda logits: logits.softmax(dim=0)[0]},
        variants=({"finish": lambda logits: logits.softmax(dim=0)},),
    ),
    Mistake(
        name="best-name-only",
        message="You returned the best name. A probability for each name is asked for, in "
        "the order of the names.",
        changes={"finish": lambda logits: logits.argmax()},
    ),
)
