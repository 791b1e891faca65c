"""What every loss asks of its features and its scale, and in which precision it computes.

All losses compute in float32, or in float64 where an input has it; half precision and
autocast do not change that. At scale 100 a cosine rounded to bfloat16 would move a logit
by up to 0.4.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import reduce
from math import isfinite

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.values import require_finite


def require_pairs(operation: str, **features: Tensor | None) -> None:
    """Refuse features without a row, and those that hold NaN or infinity.

    Raises:
        ValueError: there is no pair, or a number is not finite.
    """
    require_rows(operation, **features)
    require_finite(operation, **features)


def require_rows(operation: str, **features: Tensor | None) -> None:
    """Refuse features without a row; only texts that belong to no picture may be none.

    Raises:
        ValueError: there is no pair.
    """
    for name, rows in features.items():
        if rows is not None and len(rows) == 0 and name != "extra_texts":
            raise ValueError(f"{operation}: there must be at least one pair; got none.")


def scalar(
    operation: str, name: str, number: float | Tensor, like: Tensor, *, positive: bool = False
) -> Float[Tensor, ""]:
    """Return a number, or a tensor of one, as a 0-d tensor like `like`, gradient and all.

    Raises:
        TypeError: it is no number.
        ValueError: it is not finite, or not positive though it must be.
    """
    if isinstance(number, Tensor):
        value = float(number.detach())
        made = number.reshape(()).to(like.device, like.dtype)
    else:
        value = real(operation, name, number)
        made = torch.tensor(value, dtype=like.dtype, device=like.device)
    if not isfinite(value) or (positive and value <= 0):
        raise ValueError(
            f"{operation}: {name} must be {'positive and ' if positive else ''}finite; "
            f"got {value:g}."
        )
    return made


def working_dtype(*tensors: Tensor | None) -> torch.dtype:
    """Return float64 where a tensor has it, and float32 otherwise."""
    dtypes = (x.dtype for x in tensors if x is not None)
    return reduce(torch.promote_types, dtypes, torch.float32)


def exact(like: Tensor) -> AbstractContextManager[object]:
    """Return a context in which autocast does not round matrix products."""
    if not torch.is_autocast_enabled(like.device.type):
        return nullcontext()
    return torch.autocast(like.device.type, enabled=False)
