"""What the numbers of an array have to be: finite, where a function minds.

Not asked where nobody can know: on the meta device, while exporting, under `torch.func`.
"""

from math import isfinite
from typing import Any

import numpy as np
from jaxtyping import Float64

from mmcourse.boundary.arrays import described


def require_finite(operation: str, **arrays: Any) -> None:
    """Refuse arrays and tensors that hold NaN or infinity; None is passed over.

    Args:
        operation: the function whose arguments they are, for the message.
        arrays: by the names of the arguments.

    Raises:
        ValueError: one is not finite.

    >>> require_finite("f", x=np.array([1, np.nan]))
    Traceback (most recent call last):
    ValueError: f: x must be finite; got NaN or infinity in row 1; look for where it was made.
    """
    for name, array in arrays.items():
        if array is not None and not is_finite(array):
            raise ValueError(
                f"{operation}: {name} must be finite; got NaN or infinity{_place(array)}; look "
                "for where it was made."
            )


def as_numbers(operation: str, name: str, values: Any) -> Float64[np.ndarray, "*shape"]:
    """Return numbers as an array of float64, whatever holds them.

    Raises:
        TypeError: what is there is no real number, or has no value.

    >>> as_numbers("f", "x", [1, True])
    array([1., 1.])
    """
    try:
        if hasattr(values, "layout") and values.is_floating_point():
            values = values.detach().double().cpu()
        array = np.asarray(values)
    except (TypeError, ValueError, RuntimeError, NotImplementedError):  # numpy's and torch's
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{operation}: {name} must be numbers; got {described(values)}.")
    return array.astype(np.float64)


def is_finite(array: Any) -> bool:
    """Return whether an array or tensor holds neither NaN nor infinity, as far as can be known.

    >>> is_finite(np.array([1, np.inf]))
    False
    """
    if isinstance(array, np.ndarray):
        return bool(np.isfinite(array).all())
    if array.is_meta:
        return True
    array = _wide(array)
    try:
        # The sum is one pass, and one wait for a GPU. It is finite unless a number is not, or
        # the sum itself leaves the dtype: only then is every number looked at.
        return isfinite(array.detach().sum().item()) or bool(array.isfinite().all())
    except RuntimeError:  # under vmap and while exporting, values cannot be looked at
        return True


def _wide(tensor: Any) -> Any:
    """Return a tensor that can be asked: floats of eight bits are not."""
    return tensor.float() if tensor.dtype.itemsize == 1 else tensor


def _place(array: Any) -> str:
    """Return which row holds the first number that is not finite."""
    if not array.ndim:
        return ""
    bad = (
        ~np.isfinite(array) if isinstance(array, np.ndarray) else ~_wide(array).isfinite().cpu()
    )
    rows = np.asarray(bad).reshape(len(array), -1).any(axis=1)
    return f" in row {int(rows.argmax())}"
