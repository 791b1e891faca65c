"""What a call gave, in a form that two calls can be compared in.

Leaves out what it changed in place, and pictures that were drawn.
"""

import dataclasses
import math
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

OPAQUE = "<opaque>"
"""Stands for what cannot be looked into, such as a function."""


def seen(value: Any, depth: int = 20) -> Any:
    """Return plain tuples, texts and bytes that are equal where two values are."""
    if isinstance(value, bytes):
        return "bytes", sha256(value).hexdigest()
    if value is None or isinstance(value, bool | int | float | complex | str | Path):
        return type(value).__name__, re.sub("0x[0-9a-f]+", "0x", repr(value))
    if isinstance(value, torch.dtype | torch.device | type):
        return repr(value)
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray | np.generic):
        return _array(np.asarray(value))
    if isinstance(value, Image.Image):
        return value.mode, value.size, value.tobytes()
    if isinstance(value, nn.Module):
        return seen(dict(value.state_dict()))
    return _within(value, depth - 1) if depth else OPAQUE


def is_opaque(value: Any) -> bool:
    """Return whether a part of what was seen could not be looked into."""
    if isinstance(value, tuple):
        return any(map(is_opaque, value))
    return isinstance(value, str) and value == OPAQUE


def has_nan(value: Any) -> bool:
    """Return whether NaN is among the numbers that a call gave."""
    match value:
        case float():
            return math.isnan(value)
        case np.ndarray() | np.generic():
            return np.asarray(value).dtype.kind in "fc" and bool(np.isnan(value).any())
        case Tensor():
            dense = value.layout == torch.strided and value.device.type != "meta"
            return dense and bool(value.isnan().any())
        case nn.Module():
            return any(map(has_nan, value.state_dict().values()))
        case Mapping():
            return any(map(has_nan, value.values()))
        case list() | tuple():
            return any(map(has_nan, value))
    return any(map(has_nan, _fields(value).values()))


def _fields(value: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {}


def _tensor(value: Tensor) -> Any:
    if value.device.type == "meta" or value.layout != torch.strided:
        return str(value.dtype), str(value.layout), tuple(value.shape), str(value.device)
    numbers = value.detach().contiguous().reshape(-1).view(torch.uint8)
    return str(value.dtype), tuple(value.shape), numbers.numpy().tobytes()


def _array(value: np.ndarray) -> Any:
    if value.dtype == object:
        return "object", value.shape, repr(value.tolist())
    return str(value.dtype), value.shape, value.tobytes()


def _within(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return tuple((seen(key, depth), seen(each, depth)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return type(value).__name__, *(seen(each, depth) for each in value)
    if isinstance(value, set | frozenset):
        return type(value).__name__, *sorted(repr(each) for each in value)
    if fields := _fields(value):
        return type(value).__name__, seen(fields, depth)
    if type(value).__module__.startswith("mmcourse"):
        public = {name: each for name, each in vars(value).items() if not name.startswith("_")}
        return type(value).__name__, seen(public, depth)
    return OPAQUE
