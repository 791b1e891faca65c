"""Plotted numbers in words and as a table.

Leaves out what a chart is about: its title and labels say that.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from mmcourse.plots.captions import Table

MOST_ROWS = 40
"""Rows of a table; of more places evenly many are left out, never the first or the last."""

Series = Mapping[str, np.ndarray]
"""For each name one number per place."""


def say(number: float) -> str:
    """Return a number as a label: three digits that count, from 1000 five, and no exponent.

    NaN is a dash.

    >>> say(0.07213), say(65536.0), say(0.00001)
    ('0.0721', '65,536', '0.00001')
    """
    if np.isnan(number):
        return "–"
    rounded = float(f"{number:.5g}" if abs(number) >= 1000 else f"{number:.3g}")
    text = np.format_float_positional(rounded, trim="-")
    return f"{int(text):,}" if abs(rounded) >= 10_000 else text


def all_said(table: Series, places: Sequence[str]) -> str:
    """Return every number in words."""
    return _said(table, places, range(len(places)))


def ends_said(table: Series, places: Sequence[str]) -> str:
    """Return the first and the last number of each series in words."""
    return _said(table, places, sorted({0, len(places) - 1}))


def range_said(table: Series) -> str:
    """Return in words between which numbers all lie."""
    low, high = (say(reduce(list(map(reduce, table.values())))) for reduce in (min, max))
    return f"{len(table)} series between {low} and {high}"


def numbers(
    corner: str, places: Sequence[str], table: Series, spans: Series | None = None
) -> Table:
    """Return a row for each place and a column for each series, below a head.

    Args:
        corner: what the places are.
        places: their names.
        table: the numbers.
        spans: for some series a (low, high) for each place, which stand in brackets.
    """
    shown = min(len(places), MOST_ROWS)
    chosen = np.linspace(0, len(places) - 1, shown).round().astype(int).tolist()
    rows = [
        [places[row], *(_cell(name, row, table, spans or {}) for name in table)]
        for row in chosen
    ]
    return [[corner, *table], *rows]


def _said(table: Series, places: Sequence[str], chosen: Sequence[int]) -> str:
    return "; ".join(
        f"{name}: " + ", ".join(f"{say(each[i])} at {places[i]}" for i in chosen)
        for name, each in table.items()
    )


def _cell(name: str, row: int, table: Series, spans: Series) -> str:
    number = say(table[name][row])
    if name not in spans:
        return number
    low, high = spans[name][row]
    return f"{number} ({say(low)} to {say(high)})"
