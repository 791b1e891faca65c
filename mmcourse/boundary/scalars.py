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
    if not is_whole(number):
        raise TypeError(f"{operation}: {name} must be a whole number; got {number!r:.60}.")
    value = index(number)  # type: ignore[arg-type]  # it has one
    if not least <= value <= most:
        raise ValueError(
            f"{operation}: {name} must be a whole number {_between(least, most)}; got {value}."
        )
    return value


def real(
    operation: str,
    name: str,
    number: object,
    *,
    least: float = -inf,
    most: float = inf,
    above: float = -inf,
) -> float:
    """Return a finite real number as a Python float.

    Args:
        operation: the function whose argument it is, for the message.
        name: the argument's name.
        number: what the caller passed.
        least: the lowest it may be.
        most: the highest.
        above: what it must be more than, in place of `least`.

    Raises:
        TypeError: it is no number, or True or False.
        ValueError: it is NaN or infinite, or lies outside.

    >>> real("hz_to_mel", "hz", 3)
    3.0
    """
    if not is_real(number):
        raise TypeError(f"{operation}: {name} must be a number; got {number!r:.60}.")
    try:
        value = float(number)  # type: ignore[arg-type]  # it is one
    except OverflowError:  # a whole number or fraction beyond float64
        value = inf
    if not isfinite(value) or not least <= value <= most or value <= above:
        within = _within(above, most) if above > -inf else _between(least, most, " ")
        raise ValueError(f"{operation}: {name} must be a finite number{within}; got {value}.")
    return value


def is_whole(number: object) -> bool:
    """Return whether something counts: an int, or what numpy and torch have for one.

    >>> is_whole(3), is_whole(3.0), is_whole(True)
    (True, False, False)
    """
    if isinstance(number, bool | type) or "bool" in str(getattr(number, "dtype", "")):
        return False
    try:
        index(number)  # type: ignore[arg-type]  # what has no index raises TypeError
    except (TypeError, RuntimeError):  # torch's word for a tensor without a value
        return False
    return True


def is_real(number: object) -> bool:
    """Return whether something is a number, and neither True nor False nor a tensor.

    >>> is_real(3), is_real(3.5), is_real(True), is_real("3")
    (True, True, False, False)
    """
    return isinstance(number, Real) and not isinstance(number, bool)


def _within(above: float, most: float) -> str:
    return f" above {above:g}" + (f" and at most {most:g}" if most < inf else "")


def _between(least: float, most: float, before: str = "") -> str:
    if most == inf:
        return "" if least == -inf else f"{before}of at least {least}"
    if least == -inf:
        return f"{before}of at most {most}"
    return f"{before}from {least} to {most}"
