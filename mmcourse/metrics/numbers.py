"""Numbers as callers hold them, numpy's or torch's, made plain numpy for a metric.

Leaves out what a metric demands besides its axes, which it checks itself.
"""

from typing import Any

import numpy as np
from jaxtyping import Float, Float64, Int
from torch import Tensor


def real(
    operation: str, name: str, values: Any, *, axes: int, infinite: bool = False
) -> Float[np.ndarray, "*shape"]:
    """Return the values on the CPU, without their gradient, in float32 or float64.

    Which of the two holds them exactly; what is one of them already is not copied.

    Args:
        operation: the metric, for the message.
        name: the argument's name, for the message.
        values: a numpy array, a torch tensor or a sequence of numbers.
        axes: how many axes it must have.
        infinite: whether infinity is allowed; NaN never is.

    Raises:
        TypeError: it holds no real numbers.
        ValueError: it has other axes or a number that is not allowed.

    >>> real("ece", "probabilities", np.eye(1, 2, dtype=np.float16), axes=2)
    array([[1., 0.]], dtype=float32)
    """
    array = _array(operation, name, values)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{operation}: {name} must be real numbers; got {array.dtype}.")
    if array.ndim != axes:
        raise ValueError(
            f"{operation}: {name} must have {axes} {'axis' if axes == 1 else 'axes'}; "
            f"got shape {array.shape}."
        )
    small = array.dtype.kind == "f" and array.itemsize <= 4
    array = array.astype(np.float32 if small else np.float64, copy=False)
    low = array.min(initial=0)  # NaN, if there is any
    if np.isnan(low) or not (infinite or np.isfinite([low, array.max(initial=0)]).all()):
        wanted = "not be NaN" if infinite else "be finite"
        raise ValueError(f"{operation}: {name} must {wanted}; got {_first_bad(array)}.")
    return array


def float64(
    operation: str, name: str, values: Any, *, axes: int, infinite: bool = False
) -> Float64[np.ndarray, "*shape"]:
    """Return the values as `real` does, but always in float64, and a copy.

    >>> float64("ece", "probabilities", [[1, 0]], axes=2)
    array([[1., 0.]])
    """
    return real(operation, name, values, axes=axes, infinite=infinite).astype(np.float64)


def classes(
    operation: str, targets: Any, *, items: int, count: int
) -> Int[np.ndarray, " items"]:
    """Return each item's true class as a whole number from 0 to `count` - 1.

    Raises:
        TypeError: they are no whole numbers.
        ValueError: there is not one for each item, or a class is unknown.

    >>> classes("ece", [2, 0], items=2, count=3)
    array([2, 0])
    """
    array = _array(operation, "y", targets)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"{operation}: y must be whole numbers, one class each; got {array.dtype}."
        )
    if array.shape != (items,):
        raise ValueError(
            f"{operation}: y must have one class for each of the {items} rows; got shape "
            f"{array.shape}."
        )
    if array.min() < 0 or array.max() >= count:
        raise ValueError(
            f"{operation}: y must be classes from 0 to {count - 1}; got {array.min()} to "
            f"{array.max()}."
        )
    return array.astype(np.int64)


def _array(operation: str, name: str, values: Any) -> np.ndarray:
    if isinstance(values, Tensor):
        if values.is_meta:
            raise TypeError(f"{operation}: {name} must hold numbers; got a meta tensor.")
        values = values.detach().cpu()
        if values.is_floating_point() and values.itemsize < 4:
            values = values.float()  # numpy has no bfloat16
        return values.numpy()
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(
            f"{operation}: {name} must be rows of one length; got {error}."
        ) from None


def _first_bad(array: np.ndarray) -> str:
    where = np.argwhere(~np.isfinite(array))[0]
    return f"{array[tuple(where)]} at {tuple(map(int, where))}"
