"""Laws that right answers keep: told to a learner whose mistake is not a known one.

Each returns an `Invariance` that says one thing about the outcome when the arguments are
changed. Leaves out proofs: a law is tried on the cases that failed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from classroom.checks.question import Invariance

TOLERANCE = 1e-3
"""How far a law may be off, absolutely and relatively: rounding is no broken law."""


def unchanged(name: str, message: str, change: Callable[..., tuple[Any, ...]]) -> Invariance:
    """Return the law that the outcome stays when `change(*arguments)` are the arguments."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        return _close(run(*arguments), run(*change(*arguments)))

    return Invariance(name=name, message=message, holds=holds)


def follows_order(message: str, position: int = 0) -> Invariance:
    """Return the law that reversing the rows of one argument reverses the outcome's rows."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        turned = list(arguments)
        turned[position] = turned[position][list(range(len(turned[position]) - 1, -1, -1))]
        return _close(np.asarray(run(*arguments))[::-1], run(*turned))

    return Invariance(name="order", message=message, holds=holds)


def within(message: str, low: float, high: float) -> Invariance:
    """Return the law that every number of the outcome lies in low to high."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        outcome = np.asarray(run(*arguments), dtype=float)
        return bool(((outcome >= low - TOLERANCE) & (outcome <= high + TOLERANCE)).all())

    return Invariance(name="range", message=message, holds=holds)


def finite(message: str) -> Invariance:
    """Return the law that no number of the outcome is NaN or infinite."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        return bool(np.isfinite(np.asarray(run(*arguments), dtype=float)).all())

    return Invariance(name="finite", message=message, holds=holds)


def sums_to(message: str, total: float = 1, axis: int = -1) -> Invariance:
    """Return the law that the outcome adds up to `total` along an axis."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        sums = np.asarray(run(*arguments), dtype=float).sum(axis=axis)
        return _close(sums, np.full_like(sums, total))

    return Invariance(name="sum", message=message, holds=holds)


def _close(one: Any, other: Any) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape:
        return False
    if one.dtype.kind not in "biufc":
        return bool((one == other).all())
    return np.allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)


def of_item(position: int, law: Invariance) -> Invariance:
    """Return the same law for one item of an outcome that is a list."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        return law.holds(lambda *given: run(*given)[position], *arguments)

    return Invariance(name=law.name, message=law.message, holds=holds)
