"""Where two results differ: numbers, texts, and all that is made of them."""

from inspect import unwrap
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
from torch import Tensor, nn

PLAIN = str | int | bool | Path | None
"""Kinds of results that are compared as a whole."""


def differences(found: Any, expected: Any, place: str = "result") -> list[str]:
    """Return where two results differ by more than another order of sums makes them."""
    if isinstance(expected, Tensor):
        there = found.detach().cpu()
        return _apart(there.numpy(force=True), expected.detach().numpy(force=True), place)
    if isinstance(expected, np.ndarray | float):
        return _apart(np.asarray(found), np.asarray(expected), place)
    if isinstance(expected, PLAIN):
        return [] if found == expected else [f"{place}: {found!r}, expected {expected!r}"]
    if type(found) is not type(expected):
        return [f"{place}: a {type(found).__name__}, expected a {type(expected).__name__}"]
    if (parts := _parts(expected)) is None:
        return [f"{place}: nobody says how a {type(expected).__name__} is compared"]
    there = _parts(found)
    if there.keys() != parts.keys():
        return [f"{place}: {[*there]}, expected {[*parts]}"]
    both = [(there[key], each, f"{place}.{key}") for key, each in parts.items()]
    return [said for one in both for said in differences(*one)]


def is_ours(one: Any) -> bool:
    """Return whether a value is an object of the course's, whose parts have names."""
    return type(one).__module__.startswith("mmcourse.") and hasattr(one, "__dict__")


def _parts(one: Any) -> dict[Any, Any] | None:
    """Return what a value is made of, by name or place; of a function what it closes over.

    None if nobody says.
    """
    if isinstance(one, dict):
        return one
    if isinstance(one, list | tuple):
        return dict(enumerate(one))
    if isinstance(one, nn.Module):
        return dict(one.state_dict())
    if isinstance(one, FunctionType):
        inner = unwrap(one)
        names, cells = inner.__code__.co_freevars, inner.__closure__ or ()
        return {name: cell.cell_contents for name, cell in zip(names, cells, strict=True)}
    return vars(one) if is_ours(one) else None


def _apart(found: np.ndarray, expected: np.ndarray, place: str) -> list[str]:
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return [
            f"{place}: {found.dtype}{found.shape}, expected {expected.dtype}{expected.shape}"
        ]
    if expected.dtype.kind in "fc":
        near = np.allclose(found, expected, rtol=1e-3, atol=1e-4, equal_nan=True)
    else:
        near = np.array_equal(found, expected)
    return [] if near else [f"{place}: other numbers"]
