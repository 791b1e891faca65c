"""Answers to 08.2 that differ in what they make of the features of pictures and texts."""

from collections.abc import Callable
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import Answer
from mmcourse.clip import tokenize

Probabilities = Callable[[Tensor, Tensor, Tensor], Any]
"""From a picture's features (1, dim), texts' features (classes, dim) and the log scale."""


def answer(finish: Probabilities, template: str = "a photo of a {}.") -> Answer:
    """Return an answer that makes probabilities of the features in its own way."""

    def build(names: list[str], model: Any, preprocess: Any) -> Answer:
        with torch.no_grad():
            texts = model.encode_text(tokenize([template.format(name) for name in names]))

        @torch.no_grad()
        def classify(picture: Image.Image) -> Any:
            images = model.encode_image(preprocess(picture)[None])
            return finish(images, texts, model.logit_scale)

        return classify

    return build


def unit(features: Tensor) -> Tensor:
    """Return each row divided by its length."""
    return F.normalize(features, dim=-1)


def right(images: Tensor, texts: Tensor, log_scale: Tensor) -> Tensor:
    """Return the probabilities of the first picture, (classes,)."""
    return scaled(images, texts, log_scale.exp())[0]


def scaled(images: Tensor, texts: Tensor, scale: float | Tensor) -> Tensor:
    """Return the softmax of scaled cosines, (n, classes)."""
    return (scale * unit(images) @ unit(texts).T).softmax(dim=-1)


def raw(images: Tensor, texts: Tensor, scale: float | Tensor) -> Tensor:
    """Return the same for one picture, from vectors of whatever length."""
    return (scale * images @ texts.T).softmax(dim=-1)[0]
