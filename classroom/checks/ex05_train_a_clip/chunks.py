"""A batch in chunks: what 05.4 hands to an answer, and the first way through it."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Encode = Callable[[Any], tuple[Tensor, Tensor]]
Loss = Callable[[Tensor, Tensor], Tensor]
Chunks = list[tuple[Tensor, Tensor]]


def encoded(encode: Encode, chunks: Sequence[Any]) -> tuple[Tensor, Tensor, list[int]]:
    """Return both sides of the whole batch, without activations, and the chunks' sizes."""
    with torch.no_grad():
        images, texts = zip(*(encode(chunk) for chunk in chunks), strict=True)
    return torch.cat(images), torch.cat(texts), [len(part) for part in images]
