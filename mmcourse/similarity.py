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

Shapes and kinds are refused by the signature (`boundary`). Leaves out anything faster than
comparing all with all (`retrieval`).
"""

from functools import reduce
from typing import Any, TypeVar

import numpy as np
import torch
from jaxtyping import Float, Int, Num
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked_alike
from mmcourse.boundary.values import require_finite

Array = TypeVar("Array", np.ndarray, Tensor)

silent = np.errstate(over="ignore", invalid="ignore")
"""numpy warns of overflow and NaN; torch does not, and the rules above decide both."""


@checked_alike
@silent
def l2_normalize(
    x: Num[Array, "*batch width"], dim: int = -1, eps: float = 1e-12
) -> Float[Array, "*batch width"]:
    """Return `x` with each vector along axis `dim` divided by its length, which becomes 1.

    Equal to `torch.nn.functional.normalize`, which is CLIP's "L2 normalisation" (arXiv
    2103.00020, Figure 3).

    Args:
        x: numbers with at least one axis.
        dim: the axis that the vectors lie along.
        eps: vectors shorter than this are divided by it instead, so that zero stays zero.

    Raises:
        ValueError: `x` has no axis `dim`, or `eps` is not positive or beyond the dtype.

    >>> l2_normalize(np.array([[3, 4], [0, 0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    dim = whole("l2_normalize", "dim", dim, least=-x.ndim, most=x.ndim - 1)
    (wide,), dtype = _floats(x)
    limits: Any = (torch if isinstance(x, Tensor) else np).finfo(wide.dtype)
    real("l2_normalize", "eps", eps, least=float(limits.tiny), most=float(limits.max))
    return _cast(unit(wide, dim, eps), dtype)


@checked_alike
@silent
def paired_cosine(a: Num[Array, "n dim"], b: Num[Array, "n dim"]) -> Float[Array, " n"]:
    """Return the cosine of each row of `a` with the same row of `b`, in [-1, 1].

    For every row of one against every row of the other see `cosine_matrix`.

    Rounding can carry a cosine past 1 by a few units in the last place; it is clamped, so that
    `acos` is safe. The clamp also sets the gradient of such a cosine to 0. Nothing is lost:
    the exact gradient at cosine 1 or -1 is 0, because no small turn can raise the highest or
    lower the lowest cosine further.

    >>> paired_cosine(np.array([[1, 2], [1, 0]]), np.array([[2, 4], [0, 5]])).round(6)
    array([1., 0.])
    """
    (a, b), dtype = _floats(a, b)
    return _cast(_clamped((unit(a) * unit(b)).sum(-1)), dtype)


@checked_alike
@silent
def cosine_matrix(a: Num[Array, "n dim"], b: Num[Array, "m dim"]) -> Float[Array, "n m"]:
    """Return the cosine of every row of `a` (down) with every row of `b` (across), in [-1, 1].

    Clamped as in `paired_cosine`. This is the matrix of CLIP (arXiv 2103.00020, Figure 3)
    before its scale.

    >>> cosine_matrix(np.array([[3, 4], [0, 1]]), np.array([[1, 0], [0, -2]])).round(6)
    array([[ 0.6, -0.8],
           [ 0. , -1. ]])
    """
    (a, b), dtype = _floats(a, b)
    return _cast(_clamped(unit(a) @ unit(b).T), dtype)


@checked_alike
@silent
def nearest(
    q: Num[Array, "queries dim"], x: Num[Array, "n dim"], k: int
) -> tuple[Float[Array, "queries k"], Int[Array, "queries k"]]:
    """Return each query's `k` highest cosines with the rows of `x`, and those rows' indices.

    Highest first. Among equal cosines the lowest index comes first. Half precision is ranked
    before it is rounded.

    Raises:
        ValueError: `k` is not from 1 to n, or a number is NaN or infinite.

    >>> scores, rows = nearest(np.array([[1, 0]]), np.array([[0, 1], [2, 0], [3, 4]]), k=2)
    >>> scores, rows
    (array([[1. , 0.6]]), array([[1, 2]]))
    """
    k = whole("nearest", "k", k, least=1, most=len(x))
    require_finite("nearest", q=q, x=x)  # NaN has no rank
    (q, x), dtype = _floats(q, x)
    cosines = _clamped(unit(q) @ unit(x).T)
    rows: Any = (-cosines).argsort(stable=True)[:, :k]
    along: Any = torch.take_along_dim if isinstance(cosines, Tensor) else np.take_along_axis
    return _cast(along(cosines, rows, 1), dtype), rows


def unit(x: Array, dim: int = -1, eps: float = 1e-12) -> Array:
    """Return floats of at least 32 bits as `l2_normalize` does, but without asking first."""
    if isinstance(x, Tensor):
        # Unlike (x * x).sum() ** 0.5, this has gradient 0, not NaN, at a zero vector.
        return x / torch.linalg.vector_norm(x, dim=dim, keepdim=True).clip(min=eps)
    return x / np.linalg.norm(x, axis=dim, keepdims=True).clip(min=eps)


def _floats(*arrays: Array) -> tuple[list[Array], Any]:
    """Return arrays in the dtype to compute in, and the dtype of the result."""
    if isinstance(arrays[0], Tensor):
        kinds = [
            x.dtype if x.is_floating_point() else torch.get_default_dtype() for x in arrays
        ]
        dtype, single = reduce(torch.promote_types, kinds), torch.float32
    else:
        kinds = [x.dtype if x.dtype.kind == "f" else np.dtype(np.float64) for x in arrays]
        dtype, single = np.result_type(*kinds), np.dtype(np.float32)
    wide = dtype if dtype.itemsize >= single.itemsize else single
    return [_cast(x, wide) for x in arrays], dtype


def _clamped(cosines: Array) -> Array:
    """Return cosines that nobody else holds, in place, where rounding carried none past 1."""
    if isinstance(cosines, Tensor):
        return cosines.clamp_(-1, 1)
    return np.clip(cosines, -1, 1, out=cosines)


def _cast(x: Array, dtype: Any) -> Array:
    return x.to(dtype) if isinstance(x, Tensor) else x.astype(dtype, copy=False)
