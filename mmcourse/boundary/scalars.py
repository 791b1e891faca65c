"""Whole and real numbers as callers pass them: refused in one wording, or made plain.

numpy's numbers are as welcome as Python's; True and False are no numbers here. Leaves out
arrays, whose checks belong to the functions that take them.
"""

from math import inf, isfinite
from numbers import Real
from operator import index


def whole(
    operation: str, name: str, number: object, *, least: float = -inf, most: float = inf
) -> int:
    """Return a whole number as a Python int.

    Args:
        operation: the function whose argument it is, for the message.
        name: the argument's name.
        number: what the caller passed.
        least: the lowest it may be.
        most: the highest.

    Raises:
        TypeError: it is no whole number, or True or False.
        ValueError: it lies outside least to most.

    >>> whole("nearest", "k", 3, least=1)
    3
    """
    try:
        value = index(number)  # type: ignore[arg-type]  # what has no index raises TypeError
    except TypeError:
        value = None
    if value is None or isinstance(number, bool):
        raise TypeError(f"{operation}: {name} must be a whole number; got {number!r}.")
    if not least <= value <= most:
        raise ValueError(
            f"{operation}: {name} must be a whole number {_between(least, most)}; got {value}."
        )
    return value


def real(
    operation: str, name: str, number: object, *, least: float = -inf, most: float = inf
) -> float:
    """Return a finite real number as a Python float.

    Args:
        operation: the function whose argument it is, for the message.
        name: the argument's name.
        number: what the caller passed.
        least: the lowest it may be.
        most: the highest.

    Raises:
        TypeError: it is no number, or True or False.
        ValueError: it is NaN or infinite, or lies outside least to most.

    >>> real("hz_to_mel", "hz", 3)
    3.0
    """
    if isinstance(number, bool) or not isinstance(number, Real):
        raise TypeError(f"{operation}: {name} must be a number; got {number!r}.")
    try:
        value = float(number)
    except OverflowError:  # a whole number or fraction beyond float64
        value = inf
    if not isfinite(value) or not least <= value <= most:
        raise ValueError(
            f"{operation}: {name} must be a finite number{_between(least, most, ' ')}; "
            f"got {value}."
        )
    return value


def _between(least: float, most: float, before: str = "") -> str:
    if most == inf:
        return "" if least == -inf else f"{before}of at least {least}"
    return f"{before}from {least} to {most}"
