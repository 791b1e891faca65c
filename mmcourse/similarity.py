"""Cosine similarity: which way vectors point, whatever their length.

    cos(a, b) = a·b / (|a| |b|)

Every function takes numpy arrays or torch tensors and gives the same kind back, on the
same device. The rules are the same everywhere in this file:

- A zero vector has no direction; its cosines are 0. (`F.normalize` and scikit-learn agree;
  `x / x.norm()` gives NaN.) A vector shorter than 1e-12 fades towards that.
- Integers become floats: float64 in numpy, torch's default dtype in torch.
- float32 and float64 stay what they are; two different dtypes meet in the wider one. Half
  precision is computed in float32, then rounded back to half.
- NaN or infinity in a vector makes its cosines NaN, silently. `nearest` refuses them.
- A float32 vector longer than about 1e19 has a squared length beyond the dtype and comes out
  as a zero vector, silently, as in torch. float64 goes up to about 1e154.

Leaves out anything faster than comparing all with all (`retrieval`).
"""

from typing import Any, TypeVar

import numpy as np
import torch
from jaxtyping import Float, Int, Num
from torch import Tensor

from mmcourse.boundary.scalars import real, whole

Array = TypeVar("Array", np.ndarray, Tensor)

silent = np.errstate(over="ignore", invalid="ignore")
"""numpy warns of overflow and NaN; torch does not, and the rules above decide both."""


@silent
def l2_normalize(
    x: Num[Array, "*shape"], dim: int = -1, eps: float = 1e-12
) -> Float[Array, "*shape"]:
    """Return `x` with each vector along axis `dim` divided by its length, which becomes 1.

    Equal to `torch.nn.functional.normalize`, which is CLIP's "L2 normalisation" (arXiv
    2103.00020, Figure 3).

    Args:
        x: numbers with at least one axis.
        dim: the axis that the vectors lie along.
        eps: vectors shorter than this are divided by it instead, so that zero stays zero.

    Raises:
        TypeError: `x` is no array or dense tensor of real numbers, `dim` is no whole number or
            `eps` no number.
        ValueError: `x` has no axis `dim`, or `eps` is not positive or beyond the dtype.

    >>> l2_normalize(np.array([[3, 4], [0, 0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    dtype = _float_dtype("l2_normalize", x)
    dim = whole("l2_normalize", "dim", dim)
    if not -x.ndim <= dim < x.ndim:
        raise ValueError(
            f"l2_normalize: x must have an axis {dim}; got shape {tuple(x.shape)}; "
            "pass the axis that the vectors lie along."
        )
    working = _working_dtype(dtype)
    eps = _check_eps(eps, working)
    wide = _cast(x, working)
    return _cast(wide / _length(wide, dim).clip(min=eps), dtype)


@silent
def paired_cosine(a: Num[Array, "n dim"], b: Num[Array, "n dim"]) -> Float[Array, " n"]:
    """Return the cosine of each row of `a` with the same row of `b`, in [-1, 1].

    For every row of one against every row of the other see `cosine_matrix`.

    Rounding can carry a cosine past 1 by a few units in the last place; it is clamped, so that
    `acos` is safe. The clamp also sets the gradient of such a cosine to 0. Nothing is lost:
    the exact gradient at cosine 1 or -1 is 0, because no small turn can raise the highest or
    lower the lowest cosine further.

    Raises:
        TypeError: not two arrays or two tensors of real numbers.
        ValueError: the shapes differ or are not (n, dim), or the devices differ.

    >>> paired_cosine(np.array([[1, 2], [1, 0]]), np.array([[2, 4], [0, 5]])).round(6)
    array([1., 0.])
    """
    a, b, dtype = _common("paired_cosine", a, b)
    if a.shape != b.shape:
        raise ValueError(
            "paired_cosine: row i of each makes one pair, so the shapes must be equal; got "
            f"{tuple(a.shape)} and {tuple(b.shape)}; for all against all use cosine_matrix."
        )
    return _cast(_clamp((l2_normalize(a) * l2_normalize(b)).sum(-1)), dtype)


@silent
def cosine_matrix(a: Num[Array, "n dim"], b: Num[Array, "m dim"]) -> Float[Array, "n m"]:
    """Return the cosine of every row of `a` (down) with every row of `b` (across), in [-1, 1].

    Clamped as in `paired_cosine`. This is the matrix of CLIP (arXiv 2103.00020, Figure 3)
    before its scale.

    Raises:
        TypeError: not two arrays or two tensors of real numbers.
        ValueError: a shape is not (items, dim), the dims differ, or the devices differ.

    >>> cosine_matrix(np.array([[3, 4], [0, 1]]), np.array([[1, 0], [0, -2]])).round(6)
    array([[ 0.6, -0.8],
           [ 0. , -1. ]])
    """
    a, b, dtype = _common("cosine_matrix", a, b)
    return _cast(_clamp(l2_normalize(a) @ l2_normalize(b).T), dtype)


def nearest(
    q: Num[Array, "queries dim"], x: Num[Array, "n dim"], k: int
) -> tuple[Float[Array, "queries k"], Int[Array, "queries k"]]:
    """Return each query's `k` highest cosines with the rows of `x`, and those rows' indices.

    Highest first. Among equal cosines the lowest index comes first. Half precision is ranked
    before it is rounded.

    Raises:
        TypeError: not two arrays or two tensors of real numbers, or `k` is no whole number.
        ValueError: shapes or devices do not match, `k` is not in 1…n, or a cosine is NaN.

    >>> scores, rows = nearest(np.array([[1, 0]]), np.array([[0, 1], [2, 0], [3, 4]]), k=2)
    >>> scores, rows
    (array([[1. , 0.6]]), array([[1, 2]]))
    """
    q, x, dtype = _common("nearest", q, x)
    k = whole("nearest", "k", k)
    if not 1 <= k <= len(x):
        raise ValueError(f"nearest: k must be from 1 to the {len(x)} rows of x; got {k}.")
    scores = cosine_matrix(q, x)
    if bool((scores != scores).any()):  # NaN alone differs from itself
        raise ValueError(
            "nearest: a vector holds NaN or infinity, which has no rank; remove such rows."
        )
    if isinstance(scores, Tensor):
        top, rows = (part[:, :k] for part in scores.sort(dim=1, descending=True, stable=True))
    else:
        rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        top = np.take_along_axis(scores, rows, axis=1)
    return _cast(top, dtype), rows


def _common(operation: str, a: Array, b: Array) -> tuple[Array, Array, Any]:
    """Return both inputs in the dtype to compute in, and the dtype of the result."""
    dtypes = _float_dtype(operation, a), _float_dtype(operation, b)
    if isinstance(a, Tensor) != isinstance(b, Tensor):
        raise TypeError(
            f"{operation}: both inputs must be numpy arrays or both torch tensors; got "
            f"{type(a).__name__} and {type(b).__name__}; torch.as_tensor converts one."
        )
    _check_shapes(operation, a, b)
    if isinstance(a, Tensor):
        if a.device != b.device:
            raise ValueError(
                f"{operation}: both tensors must be on one device; got {a.device} and "
                f"{b.device}; move one with .to(other.device)."
            )
        dtype: Any = torch.promote_types(*dtypes)
    else:
        dtype = np.result_type(*dtypes)
    return _cast(a, _working_dtype(dtype)), _cast(b, _working_dtype(dtype)), dtype


def _check_shapes(operation: str, a: Array, b: Array) -> None:
    for x in (a, b):
        if x.ndim != 2:
            raise ValueError(
                f"{operation}: each input must have shape (items, dim); got {tuple(x.shape)}; "
                "for a single vector pass x[None]."
            )
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"{operation}: vectors of both inputs must have as many numbers; got shapes "
            f"{tuple(a.shape)} and {tuple(b.shape)}; only vectors of one space compare."
        )


def _check_eps(eps: float, dtype: Any) -> float:
    eps = real("l2_normalize", "eps", eps)
    limits = torch.finfo(dtype) if isinstance(dtype, torch.dtype) else np.finfo(dtype)
    if eps <= 0 or not limits.tiny <= eps <= limits.max:
        raise ValueError(
            f"l2_normalize: eps must be above 0 and within {dtype}, for instance 1e-12; "
            f"got {eps}."
        )
    return eps


def _float_dtype(operation: str, x: Array) -> Any:
    if isinstance(x, Tensor):
        if x.layout != torch.strided or x.is_quantized:
            raise TypeError(
                f"{operation}: expected a dense tensor of real numbers; got {x.layout} of "
                f"{x.dtype}; x.to_dense() or x.dequantize() makes one."
            )
        if x.is_floating_point():
            return x.dtype
        if not x.is_complex() and x.dtype != torch.bool:
            return torch.get_default_dtype()
    elif isinstance(x, np.ndarray):
        if x.dtype.kind == "f":
            return x.dtype
        if x.dtype.kind in "iu":
            return np.dtype(np.float64)
    received = f"{type(x).__name__} of {x.dtype}" if hasattr(x, "dtype") else type(x).__name__
    raise TypeError(
        f"{operation}: expected a numpy array or torch tensor of real numbers; got {received}; "
        "np.array(x, dtype=float) makes one."
    )


def _working_dtype(dtype: Any) -> Any:
    if dtype.itemsize >= 4:
        return dtype
    return torch.float32 if isinstance(dtype, torch.dtype) else np.dtype(np.float32)


def _cast(x: Array, dtype: Any) -> Array:
    if isinstance(x, Tensor):
        return x.to(dtype)
    return np.asarray(x).astype(dtype, copy=False)


def _length(x: Array, dim: int) -> Array:
    if isinstance(x, Tensor):
        # Unlike (x * x).sum() ** 0.5, this has gradient 0, not NaN, at a zero vector.
        lengths: Tensor = torch.linalg.vector_norm(x, dim=dim, keepdim=True)
        return lengths
    return np.asarray(np.linalg.norm(x, axis=dim, keepdims=True))


def _clamp(cosines: Array) -> Array:
    if isinstance(cosines, Tensor):
        return cosines.clip(-1, 1)
    return np.clip(cosines, -1, 1, out=cosines)  # in place: the matrix may be large
