"""A batch in chunks: what 05.4 hands to an answer, and two ways through it."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Encode = Callable[[Any], tuple[Tensor, Tensor]]
Loss = Callable[[Tensor, Tensor], Tensor]
Chunks = list[tuple[Tensor, Tensor]]


def features(encode: Encode, chunks: Sequence[Any]) -> tuple[Tensor, ...]:
    """Return both sides of the whole batch, without activations, to take a gradient for."""
    with torch.no_grad():
        sides = zip(*(encode(chunk) for chunk in chunks), strict=True)
        return tuple(torch.cat(side).requires_grad_() for side in sides)


def push(encode: Encode, chunks: Sequence[Any], *gradients: Any, share: float = 1) -> None:
    """Encode each chunk again, and send its rows of the gradients to the parameters."""
    start = 0
    for chunk in chunks:
        again = encode(chunk)
        end = start + len(again[0])
        torch.autograd.backward(again, [share * gradient[start:end] for gradient in gradients])
        start = end
