"""Numbers as callers hold them, numpy's or torch's, made plain numpy for a metric.

Leaves out what a metric demands besides its axes, which it checks itself.
"""

from typing import Any

import numpy as np
from jaxtyping import Float64, Int
from torch import Tensor


def float64(
    operation: str, name: str, values: Any, *, axes: int, infinite: bool = False
) -> Float64[np.ndarray, "*shape"]:
    """Return the values in float64 on the CPU, without their gradient.

    Args:
        operation: the metric, for the message.
        name: the argument's name, for the message.
        values: a numpy array, a torch tensor or a sequence of numbers.
        axes: how many axes it must have.
        infinite: whether infinity is allowed; NaN never is.

    Raises:
        TypeError: it holds no real numbers.
        ValueError: it has other axes or a number that is not allowed.

    >>> float64("ece", "probabilities", [[1, 0]], axes=2)
    array([[1., 0.]])
    """
    array = _array(operation, name, values)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{operation}: {name} must be real numbers; got {array.dtype}.")
    if array.ndim != axes:
        raise ValueError(
            f"{operation}: {name} must have {axes} {'axis' if axes == 1 else 'axes'}; "
            f"got shape {array.shape}."
        )
    array = array.astype(np.float64)
    if np.isnan(array).any() or not (infinite or np.isfinite(array).all()):
        wanted = "not be NaN" if infinite else "be finite"
        raise ValueError(f"{operation}: {name} must {wanted}; got {_first_bad(array)}.")
    return array


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
        values = values.double() if values.is_floating_point() else values
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
