"""Twenty-five kinds of wrong value, each made from the right one where it can be.

An array of numbers is spoilt where it stands: the argument itself, or the first one within a
list or a mapping. Where there is none, a small one stands in for it. Leaves out for which
parameter a kind is right after all (`judged`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import good_calls
import numpy as np
import torch
from torch import Tensor, nn

Spoil = Callable[[Any], Any]

NOT_MADE = object()
"""Where a kind cannot be made of a value: a number has no axis to lose."""


def wrong_value(kind: str, good: Any, *, rows: bool) -> Any:
    """Return a wrong value of a kind; `rows` says which way an array is made longer."""
    if kind in PLAIN:
        return PLAIN[kind](good)
    if kind in NUMBERS and _is_number(good):
        return NUMBERS[kind](good)
    spoil = _longer(rows) if kind == "other length" else ARRAYS[kind]
    if kind == "other length" and isinstance(good, list | tuple) and not holds_array(good):
        return good[:-1]
    return _spoilt(good if holds_array(good) else _stand_in(), spoil)


def holds_array(value: Any) -> bool:
    """Return whether a value is an array, or begins with one."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return bool(value) and holds_array(value[0])
    return isinstance(value, np.ndarray | Tensor)


def _spoilt(value: Any, spoil: Spoil) -> Any:
    """Return the same with its first array spoilt."""
    if isinstance(value, dict):
        first, *_ = value
        return {**value, first: _spoilt(value[first], spoil)}
    if isinstance(value, list | tuple):
        new = _spoilt(value[0], spoil)
        return NOT_MADE if new is NOT_MADE else type(value)([new, *value[1:]])
    return spoil(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _stand_in() -> Tensor:
    return good_calls.floats(3, 5)


def _generator(good: Any) -> Any:
    several = isinstance(good, list | tuple | set | frozenset)
    return (each for each in (good if several else ("cat", "dog")))


PLAIN: dict[str, Spoil] = {
    "None": lambda _: None,
    "True": lambda _: True,
    "minus one": lambda _: -1,
    "a huge number": lambda _: 10**30,
    "not a number": lambda _: float("nan"),
    "an empty text": lambda _: "",
    "a text": lambda _: "a cat",
    "a long text": lambda _: "x" * 5000,
    "an empty list": lambda _: [],
    "a list of texts": lambda _: ["cat", "dog", "owl"],
    "a mapping": lambda _: {"a": 1},
    "a path to nothing": lambda _: Path("nowhere") / "there.pt",
    "a generator": _generator,
    "a class": lambda _: nn.Linear,
    "a model not unpacked": lambda _: good_calls.tiny(),
}


def _with_nan(x: Any) -> Any:
    x = x.clone() if isinstance(x, Tensor) else x.copy()
    if not (x.is_floating_point() if isinstance(x, Tensor) else x.dtype.kind == "f"):
        x = x.float() if isinstance(x, Tensor) else x.astype(float)
    x[tuple(side // 2 for side in x.shape)] = float("nan")
    return x


def _other_dtype(x: Any) -> Any:
    """Return floats as whole numbers, and anything else as floats."""
    if isinstance(x, Tensor):
        return (4 * x).round().long() if x.is_floating_point() else x.double()
    return (4 * x).round().astype(np.int64) if x.dtype.kind == "f" else x.astype(np.float64)


def _complex(x: Any) -> Any:
    return (x.to(torch.complex64) if isinstance(x, Tensor) else x.astype(np.complex128)) + 1j


def _longer(rows: bool) -> Spoil:
    """Return what adds a row to an array, or else a column."""

    def lengthen(x: Any) -> Any:
        if not x.ndim:
            return NOT_MADE
        axis = 0 if rows else x.ndim - 1
        both = [x, x[:1] if rows else x[..., :1]]
        return torch.cat(both, axis) if isinstance(x, Tensor) else np.concatenate(both, axis)

    return lengthen


ARRAYS: dict[str, Spoil] = {
    "an array with NaN": _with_nan,
    "an empty array": lambda x: x[:0] if x.ndim else x.reshape(1)[:0],
    "one axis more": lambda x: x[None],
    "one axis less": lambda x: x[0] if x.ndim and len(x) else NOT_MADE,
    "other length": lambda x: x,  # which way, `wrong_value` knows
    "complex numbers": _complex,
    "another dtype": _other_dtype,
    "a meta tensor": lambda x: torch.as_tensor(x).to("meta"),
    "a sparse tensor": lambda x: torch.as_tensor(x).to_sparse(),
    "the other library": lambda x: x.numpy() if isinstance(x, Tensor) else torch.as_tensor(x),
}
NUMBERS: dict[str, Spoil] = {
    "an array with NaN": lambda _: np.array([np.nan]),
    "an empty array": lambda _: np.zeros(0),
    "one axis more": lambda x: np.array([x]),
    "one axis less": lambda _: NOT_MADE,
    "other length": lambda x: [x, x],
    "complex numbers": lambda x: complex(x, 1),
    "another dtype": lambda x: x + 0.5 if isinstance(x, int) else str(x),
    "a meta tensor": lambda x: torch.tensor(x, device="meta"),
    "the other library": lambda _: NOT_MADE,  # numbers of any library are welcome
}
"""In place of a single number."""

KINDS = (*PLAIN, *ARRAYS)
