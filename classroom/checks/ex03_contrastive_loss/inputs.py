"""What the questions of exercise 03 share: inputs, and pieces of right and wrong answers."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import unchanged

RTOL = 1e-4
"""Answers may compute in float32, with about seven digits, of which sums lose some."""

LENGTH = unchanged(
    "length",
    "Making every picture's vector twice as long must change nothing: only directions count.",
    lambda images, texts, scale: (2 * images, texts, scale),
)


def rows(rng: np.random.Generator, *shape: int) -> Tensor:
    """Return random rows of uneven length in float64, none of them near zero."""
    lengths = rng.uniform(0.5, 4, (shape[0], 1))
    return torch.from_numpy(rng.standard_normal(shape) * lengths + 0.1)


def number(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a random number with few digits."""
    return round(float(rng.uniform(low, high)), 2)


def alike(rng: np.random.Generator, count: int, dim: int) -> tuple[Tensor, Tensor]:
    """Return pairs in float32 in a narrow cone: exp(100 cosine) is above any float32."""
    cone = 3 + rng.random(dim)
    sides = (cone + 0.5 * rng.uniform(-1, 1, (count, dim)) for _ in range(2))
    images, texts = (torch.from_numpy(side.astype(np.float32)) for side in sides)
    return images, texts


def unit(x: Tensor, dim: int = 1) -> Tensor:
    """Return vectors of length 1; rows, or columns with dim=0."""
    return x / x.norm(dim=dim, keepdim=True)


def shares(x: Tensor, dim: int = 1) -> Tensor:
    """Return a softmax as the formula is written, which overflows for large numbers."""
    return x.exp() / x.exp().sum(dim=dim, keepdim=True)


def as_is(x: Tensor) -> Tensor:
    """Return what is given."""
    return x


def both(step: Callable[[Tensor], Tensor]) -> Mapping[str, object]:
    """Return the changes by which pictures and texts go through another step than `unit`."""
    return {"images_step": step, "texts_step": step}


def by_columns(x: Tensor) -> Tensor:
    """Return columns of length 1."""
    return unit(x, 0)


def by_whole(x: Tensor) -> Tensor:
    """Return a batch whose length as a whole is 1."""
    return x / x.norm()
