"""What every loss asks of its features and its scale, before it computes anything.

All losses compute in float32, or in float64 where an input has it; half precision and
autocast do not change that. At scale 100 a cosine rounded to bfloat16 would move a logit
by up to 0.4.
"""

from functools import reduce
from math import isfinite

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real


def check_pairs(operation: str, images: Tensor, texts: Tensor) -> None:
    """Refuse features that are not at least one pair of finite vectors of one space.

    Args:
        operation: whose name an error bears.
        images: features of pictures.
        texts: features of texts; row i belongs to row i of `images`.

    Raises:
        TypeError: one is no tensor of floats.
        ValueError: shapes or devices do not match, there is no pair, or a number is not finite.
    """
    check_features(operation, "images", images)
    check_features(operation, "texts", texts)
    if len(images) != len(texts):
        raise ValueError(
            f"{operation}: row i of each must be one pair; got {len(images)} images and "
            f"{len(texts)} texts."
        )
    if len(images) == 0:
        raise ValueError(f"{operation}: there must be at least one pair; got none.")
    check_same_space(operation, images=images, texts=texts)


def check_features(operation: str, name: str, features: object) -> None:
    """Refuse what is not a matrix of floats, one vector in each row."""
    if not isinstance(features, Tensor) or not features.is_floating_point():
        received = features.dtype if isinstance(features, Tensor) else type(features).__name__
        raise TypeError(
            f"{operation}: {name} must be a tensor of floats; got {received}; "
            "torch.as_tensor(x, dtype=torch.float32) makes one."
        )
    if features.ndim != 2:
        raise ValueError(
            f"{operation}: {name} must have shape (items, dim); got {tuple(features.shape)}; "
            "one vector alone is x[None]."
        )


def check_same_space(operation: str, **features: Tensor) -> None:
    """Refuse vectors of different lengths, on different devices, or not finite."""
    a, b = features.values()
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"{operation}: all vectors must have as many numbers; got shapes {tuple(a.shape)} "
            f"and {tuple(b.shape)}; only vectors of one space compare."
        )
    if a.device != b.device:
        raise ValueError(
            f"{operation}: all tensors must be on one device; got {a.device} and {b.device}; "
            "move one with .to(other.device)."
        )
    for name, x in features.items():
        bad = ~x.isfinite().all(1)
        if bool(bad.any()):
            raise ValueError(
                f"{operation}: {name} must be finite; got NaN or infinity in row "
                f"{int(bad.int().argmax())}; look for the step at which the encoder gave it."
            )


def scalar(
    operation: str, name: str, number: float | Tensor, like: Tensor, *, positive: bool = False
) -> Float[Tensor, ""]:
    """Return a number, or a tensor of one, as a 0-d tensor like `like`, gradient and all.

    Raises:
        TypeError: it is neither a number nor a tensor of floats.
        ValueError: it is not one finite number, or not positive though it must be.
    """
    if not isinstance(number, Tensor):
        number = torch.tensor(real(operation, name, number), dtype=like.dtype)
    if not number.is_floating_point():
        raise TypeError(f"{operation}: {name} must be a float; got {number.dtype}.")
    if number.numel() != 1:
        raise ValueError(
            f"{operation}: {name} must be one number; got shape {tuple(number.shape)}."
        )
    value = float(number.detach())
    if not isfinite(value) or (positive and value <= 0):
        raise ValueError(
            f"{operation}: {name} must be {'positive and ' if positive else ''}finite; "
            f"got {value:g}."
        )
    return number.reshape(()).to(like.device, like.dtype)


def working_dtype(*tensors: Tensor) -> torch.dtype:
    """Return float64 where a tensor has it, and float32 otherwise."""
    return reduce(torch.promote_types, (x.dtype for x in tensors), torch.float32)


def exact(like: Tensor) -> torch.autocast:
    """Return a context in which autocast does not round matrix products."""
    return torch.autocast(like.device.type, enabled=False)
