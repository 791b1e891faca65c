"""Vectors of length 1: made from others, summed, and held as an index holds them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.clip import CLIP
from mmcourse.retrieval.album.fingerprint import fingerprint
from mmcourse.retrieval.album.items import Item
from mmcourse.retrieval.album.stored import Stored

SHORTEST = 1e-6
"""Length of a sum of unit vectors below which it is rounding, and has no direction."""

PIECE = 1 << 13
"""Rows that are worked on at a time, so that a million take no more memory than they must."""


def unit(operation: str, what: str, vector: Any) -> Float[np.ndarray, " dim"]:
    """Return a vector divided by its length, in float32.

    Raises:
        ValueError: it holds NaN or infinity, or is zero.
    """
    wide = np.asarray(vector, np.float64)
    length = np.linalg.norm(wide)
    if not 0 < length < np.inf:
        raise ValueError(
            f"{operation}: {what} must be finite and not all zeros; got one of length {length}."
        )
    return (wide / length).astype(np.float32)


def unit_rows(operation: str, vectors: Any, *, dim: int | None = None) -> Any:
    """Return the rows of an array or tensor, each divided by its length, in float32.

    Raises:
        TypeError: no array or tensor of real numbers.
        ValueError: not of shape (n, dim), or a row is zero, NaN or infinite.
    """
    if isinstance(vectors, Tensor) and not vectors.is_meta and not vectors.is_sparse:
        wide_enough = vectors if vectors.dtype == torch.float64 else vectors.float()
        vectors = wide_enough.detach().cpu().numpy()
    if not isinstance(vectors, np.ndarray) or vectors.dtype.kind not in "fiu":
        raise TypeError(
            f"{operation}: vectors must be a numpy array or a tensor of real numbers; got "
            f"{getattr(vectors, 'dtype', type(vectors).__name__)}."
        )
    if vectors.ndim != 2 or vectors.shape[1] != (vectors.shape[1] if dim is None else dim):
        raise ValueError(
            f"{operation}: vectors must have shape (n, {'dim' if dim is None else dim}); got "
            f"{vectors.shape}."
        )
    rows = np.empty(vectors.shape, np.float32)
    for start in range(0, len(rows), PIECE):
        wide = vectors[start : start + PIECE].astype(np.float64)
        with np.errstate(over="ignore"):
            lengths = np.linalg.norm(wide, axis=1, keepdims=True)
        if np.isinf(lengths).any():  # a square beyond float64, or an infinity
            with np.errstate(invalid="ignore"):
                wide = wide / np.abs(wide).max(axis=1, keepdims=True, initial=1)
            lengths = np.linalg.norm(wide, axis=1, keepdims=True)
        right = (lengths > 0) & (lengths < np.inf)  # False for NaN
        if not bool(right.all()):
            raise ValueError(
                f"{operation}: every vector must be finite and not all zeros; row "
                f"{start + int(right.argmin())} is not; remove such rows."
            )
        np.divide(wide, lengths, out=rows[start : start + PIECE], casting="same_kind")
    return rows


def summed(added: Sequence[np.ndarray], taken: Sequence[np.ndarray]) -> Any:
    """Return the direction of a sum of unit vectors, less others.

    Raises:
        ValueError: nothing is added or taken away, or the sum has no direction.
    """
    if not added and not taken:
        raise ValueError(
            "Index.compose: there must be a picture or a text; got none; pass image=, like=, "
            "plus= or minus=."
        )
    parts = [*(each.astype(np.float64) for each in added), *(-1.0 * each for each in taken)]
    total = np.sum(parts, axis=0)
    if np.linalg.norm(total) < SHORTEST:
        raise ValueError(
            "Index.compose: the parts must not cancel each other; got a sum of zero, which has "
            "no direction; leave out what is both added and taken away."
        )
    return unit("Index.compose", "the sum", total)


def in_memory(features: Any, items: Iterable[Item] | None, model: CLIP | None) -> Stored:
    """Return vectors that were computed elsewhere as an index holds them.

    Raises:
        TypeError: no array or tensor of real numbers, or an item neither text nor number.
        ValueError: a row is zero, NaN or infinite, or there are not as many items as rows.
    """
    operation = "Index.from_features"
    dim = None if model is None else model.text_projection.shape[1]
    rows = unit_rows(operation, features, dim=dim)
    names = tuple(range(len(rows)) if items is None else items)
    if not all(type(name) in (str, int) for name in names):
        raise TypeError(f"{operation}: items must be texts or whole numbers; got others.")
    if len(names) != len(rows):
        raise ValueError(
            f"{operation}: there must be one item for each of {len(rows)} rows; got "
            f"{len(names)}."
        )
    return Stored(
        features=rows,
        items=names,
        stamps=(None,) * len(rows),
        skipped=(),
        fingerprint=None if model is None else fingerprint(model),
        model_name=None,
        folder=None,
    )
