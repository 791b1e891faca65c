"""How features lie on the unit sphere: matched ones close, all spread, modalities apart.

Every function normalises rows first, by the rules of `similarity`, and computes in float64.
Leaves out the losses that shape these numbers (`losses`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Num
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.metrics.numbers import float64
from mmcourse.similarity import l2_normalize


class Gap(NamedTuple):
    """The gap between two modalities.

    Args:
        distance: between the two means, from 0 to 2.
        separability: balanced accuracy of the best cut between them, from 0.5 to 1.
    """

    distance: float
    separability: float


@checked
def alignment(
    u: Num[np.ndarray | Tensor, "n dim"] | Sequence[Any],
    v: Num[np.ndarray | Tensor, "n dim"] | Sequence[Any],
) -> float:
    """Return the mean squared distance of matched unit vectors, from 0 (best) to 4.

        mean |uᵢ - vᵢ|² = 2 - 2 mean cos(uᵢ, vᵢ)

    Source: arXiv 2005.10242, section 4.1, with α = 2.

    Args:
        u: features of one modality.
        v: features of the other; row i belongs to row i of `u`.

    Raises:
        ValueError: shapes differ, there is no row, or a number is not finite.

    The first pair points the same way, the second is at right angles:

    >>> alignment(np.array([[1, 0], [0, 2]]), np.array([[3, 0], [1, 0]]))
    1.0
    """
    u, v = _pair("alignment", u, v)
    if len(u) != len(v):
        raise ValueError(
            f"alignment: row i of each must be one pair; got {len(u)} rows and {len(v)}."
        )
    return float(((u - v) ** 2).sum(axis=1).mean())


@checked
def uniformity(x: Num[np.ndarray | Tensor, "n dim"] | Sequence[Any], t: float = 2.0) -> float:
    """Return how evenly unit vectors cover the sphere: the lower, the better; 0 if all agree.

        log mean exp(-t |xᵢ - xⱼ|²)   over all pairs i < j

    Source: arXiv 2005.10242, section 4.1.

    Args:
        x: features, at least two rows.
        t: how fast a pair stops to count with its distance, above 0.

    Raises:
        ValueError: fewer than two rows, a number that is not finite, or `t` is not positive.

    Two opposite vectors are 2 apart: log exp(-2 · 4).

    >>> uniformity(np.array([[1, 0], [-3, 0]]))
    -8.0
    """
    t = real("uniformity", "t", t, above=0)
    x = _unit("uniformity", "x", x)
    if len(x) < 2:
        raise ValueError(f"uniformity: needs at least two rows to make a pair; got {len(x)}.")
    lengths = (x**2).sum(axis=1)
    squared = (lengths[:, None] + lengths - 2 * x @ x.T)[np.triu_indices(len(x), k=1)]
    exponents = -t * squared.clip(min=0)
    highest = exponents.max()
    return float(highest + np.log(np.exp(exponents - highest).mean()))


@checked
def modality_gap(
    u: Num[np.ndarray | Tensor, "n dim"] | Sequence[Any],
    v: Num[np.ndarray | Tensor, "m dim"] | Sequence[Any],
) -> Gap:
    """Return how far apart two modalities lie, and how well one cut separates them.

    The distance is |mean(u) - mean(v)| of unit vectors (arXiv 2203.02053, section 4.1). For the
    separability all vectors are laid on the line through both means, and the best point on it
    says "u" on the side of mean(u): the mean of the share of `u` and the share of `v` that it
    gets right. It is 0.5 where the means coincide, and a little higher by luck where the rows
    are few for their dims, since means and cut are those of the same rows.

    Args:
        u: features of one modality.
        v: features of the other; rows need not be pairs.

    Raises:
        ValueError: the dims differ, one has no row, or a number is not finite.

    >>> modality_gap(np.array([[1, 0], [0, 1]]), np.array([[-1, 0], [0, 1]]))
    Gap(distance=1.0, separability=0.75)
    """
    u, v = _pair("modality_gap", u, v)
    along = u.mean(axis=0) - v.mean(axis=0)
    distance = float(np.linalg.norm(along))
    if distance < 1e-12:  # its direction would be rounding
        return Gap(distance, 0.5)
    ours, theirs = np.sort(u @ along), np.sort(v @ along)
    cuts = np.concatenate([ours, theirs])  # "u" at or above a cut
    found = 1 - np.searchsorted(ours, cuts) / len(ours)
    refused = np.searchsorted(theirs, cuts) / len(theirs)
    return Gap(distance, max(0.5, float((found + refused).max() / 2)))


def _pair(operation: str, u: object, v: object) -> tuple[np.ndarray, np.ndarray]:
    first, second = _unit(operation, "u", u), _unit(operation, "v", v)
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"{operation}: vectors of both must have as many numbers; got shapes "
            f"{first.shape} and {second.shape}; only vectors of one space compare."
        )
    return first, second


def _unit(operation: str, name: str, features: object) -> np.ndarray:
    rows = float64(operation, name, features, axes=2)
    if len(rows) == 0:
        raise ValueError(f"{operation}: {name} must have at least one row; got none.")
    return l2_normalize(rows)
