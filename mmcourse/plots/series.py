"""Named series as the charts take them: numbers that can be drawn, or a clear refusal.

Leaves out the drawing.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from mmcourse.boundary.values import as_numbers


def named(
    operation: str, series: Mapping[str, ArrayLike], places: int
) -> dict[str, np.ndarray]:
    """Return one finite number per place for each series, or raise ValueError."""
    if not series:
        raise ValueError(f"{operation}: needs at least one series; got none.")
    table = {name: as_numbers(operation, repr(name), one) for name, one in series.items()}
    for name, numbers in table.items():
        if numbers.shape != (places,):
            raise ValueError(
                f"{operation}: {name!r} must have shape {(places,)}, one number for each place "
                f"on the axis; got {numbers.shape}."
            )
        if not np.isfinite(numbers).all():
            raise ValueError(f"{operation}: {name!r} must be finite; got {numbers.tolist()}.")
    return table


def ranges(
    operation: str,
    intervals: Mapping[str, ArrayLike],
    table: Mapping[str, np.ndarray],
    groups: int,
) -> dict[str, np.ndarray]:
    """Return the (low, high) of each group for each series that has them, or refuse."""
    spans = {name: as_numbers(operation, "intervals", ends) for name, ends in intervals.items()}
    for name, ends in spans.items():
        if name not in table:
            raise ValueError(
                f"{operation}: intervals must belong to a series, one of {list(table)}; got "
                f"{name!r}."
            )
        if ends.shape != (groups, 2) or not (ends[:, 0] <= ends[:, 1]).all():
            raise ValueError(
                f"{operation}: intervals of {name!r} must be one (low, high) for each of "
                f"{groups} {'groups' if operation == 'bars' else 'places'}, low first; got "
                f"{ends.tolist()}."
            )
    return spans


def along(operation: str, x: ArrayLike) -> np.ndarray:
    """Return finite numbers along one axis, at least one, or raise ValueError."""
    places = as_numbers(operation, "x", x)
    if places.ndim != 1 or not places.size or not np.isfinite(places).all():
        raise ValueError(
            f"{operation}: x must be finite numbers along one axis, at least one; got "
            f"{places.tolist()}."
        )
    return places


def check_log(operation: str, logged: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """Refuse what has no logarithm.

    Args:
        operation: who asks.
        logged: for each flag that asks for logarithms the numbers that it meets.
    """
    for flag, table in logged.items():
        for name, numbers in table.items():
            if numbers.min() <= 0:
                raise ValueError(
                    f"{operation}: {flag} needs numbers above 0; got {numbers.min():g} in "
                    f"{name!r}; leave such numbers out or pass {flag.replace('True', 'False')}."
                )


def borders(edges: ArrayLike) -> np.ndarray:
    """Return the edges of the bins, at least two and rising, or raise ValueError."""
    bins = as_numbers("histograms", "edges", edges)
    if (
        bins.ndim != 1
        or len(bins) < 2
        or not np.isfinite(bins).all()
        or not (np.diff(bins) > 0).all()
    ):
        raise ValueError(
            "histograms: edges must be at least two finite, rising numbers, such as "
            f"np.linspace(-1, 1, 41); got {bins.tolist()}."
        )
    return bins


def check_spread(table: Mapping[str, np.ndarray], borders: np.ndarray) -> None:
    """Refuse what a histogram would leave out without a word."""
    if not table:
        raise ValueError("histograms: needs at least one series; got none.")
    for name, numbers in table.items():
        if not numbers.size:
            raise ValueError(f"histograms: {name!r} needs at least one number; got none.")
        if not ((borders[0] <= numbers) & (numbers <= borders[-1])).all():
            raise ValueError(
                f"histograms: {name!r} must lie within the edges, {borders[0]:g} to "
                f"{borders[-1]:g}; got numbers from {numbers.min():g} to {numbers.max():g}; "
                "widen the edges."
            )
