"""Bars that lie, each beside the chance of its own question: a battery at one glance.

`bars` stand, and have one chance for all. Leaves out what was asked (`probe`).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from textwrap import fill as wrapped

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from numpy.typing import ArrayLike

from mmcourse.boundary.signature import checked
from mmcourse.plots.axes import CHANCE, finish
from mmcourse.plots.captions import fitting, sentence
from mmcourse.plots.charts import UNDER_LABELS, fill
from mmcourse.plots.figure import blank, show
from mmcourse.plots.series import named, ranges
from mmcourse.plots.told import all_said, numbers, range_said, say

THICK = 0.8
"""What the bars of a group take of its height."""

ROW, LEAST_ROWS = 0.24, 4
"""Inches of a bar, and so many bars at least."""

LINE = 66
"""Letters of the title that stand side by side, beside long labels and a legend."""


@checked
def chance_bars(  # noqa: PLR0913 - a chart must say what it shows
    groups: Sequence[str],
    series: Mapping[str, ArrayLike],
    *,
    intervals: Mapping[str, ArrayLike],
    chance: ArrayLike,
    title: str,
    xlabel: str,
    alt: str | None = None,
) -> None:
    """Display a lying bar for each group and series, its interval, and each group's chance.

    Args:
        groups: what was asked, from top to bottom.
        series: for each name in the legend one share per group, in [0, 1].
        intervals: for each series one (low, high) per group.
        chance: what guessing reaches, one number per group.
        title: what the figure shows, in one line.
        xlabel: what the numbers are, with their unit.
        alt: a sentence; None writes one.

    Raises:
        ValueError: there is no group or series, one has not one finite number per group in
            [0, 1], or intervals are of no series, are not one per group or have their ends
            reversed.
    """
    figure, said, table = drawn(
        "chance_bars", groups, series, intervals=intervals, chance=chance, title=title,
        xlabel=xlabel,
    )  # fmt: skip
    caption = f"Bars of {xlabel}, each beside its chance."
    show(figure, sentence("chance_bars", alt, said), numbers=table, caption=caption)


@checked
def draw_chance_bars(
    groups: Sequence[str],
    series: Mapping[str, ArrayLike],
    *,
    intervals: Mapping[str, ArrayLike],
    chance: ArrayLike,
    title: str,
    xlabel: str,
) -> tuple[Figure, str]:
    """Return the figure that `chance_bars` displays, and its alternative text.

    Args:
        groups: as for `chance_bars`.
        series: likewise.
        intervals: likewise.
        chance: likewise.
        title: likewise.
        xlabel: likewise.

    Raises:
        ValueError: as for `chance_bars`.
    """
    figure, said, _ = drawn(
        "draw_chance_bars", groups, series, intervals=intervals, chance=chance, title=title,
        xlabel=xlabel,
    )  # fmt: skip
    return figure, said


def drawn(  # noqa: PLR0913 - a chart must say what it shows
    operation: str,
    groups: Sequence[str],
    series: Mapping[str, ArrayLike],
    *,
    intervals: Mapping[str, ArrayLike],
    chance: ArrayLike,
    title: str,
    xlabel: str,
) -> tuple[Figure, str, Sequence[Sequence[str]]]:
    """Return the figure, what is said of it, and the table of its numbers."""
    if not len(groups):
        raise ValueError(f"{operation}: needs at least one group; got none.")
    levels = named(operation, {"chance": chance}, len(groups))
    table = named(operation, series, len(groups))
    for name, each in {**levels, **table}.items():
        if not ((each >= 0) & (each <= 1)).all():
            raise ValueError(
                f"{operation}: {name!r} must be shares from 0 to 1; got {each.tolist()}."
            )
    spans = ranges(operation, intervals, table, len(groups))
    figure, (axis,) = blank(8.0, 1.1 + ROW * max(LEAST_ROWS, len(groups) * (len(table) + 0.3)))
    _draw(axis, table, spans, levels["chance"])
    axis.set_yticks(range(len(groups)), groups)
    axis.set(xlim=(0, 1.06), ylim=(len(groups) - 0.4, -0.6))
    finish(axis, wrapped(legible(title), LINE), xlabel, "", legend=True)
    ways = (f"{all_said(table, groups)}. Chance: {_levels(groups, levels['chance'])}",
            range_said(table))  # fmt: skip
    said = fitting(*(f"{title}. Bars of {xlabel}: {way}." for way in ways))
    return figure, said, numbers("", groups, {**table, **levels}, spans)


def legible(text: str) -> str:
    r"""Return a text as matplotlib draws it letter by letter.

    A name may come from a file: its dollars start no formula, and what the font does not hold
    is written as its escape.

    >>> print(legible("$a$ 模.pt"))
    \$a\$ \u6a21.pt
    """
    shown = "".join(c if ord(c) in _letters() else ascii(c)[1:-1] for c in text)
    return shown.replace("$", r"\$")


@cache
def _letters() -> frozenset[int]:
    """Return the code points that the course's font holds."""
    return frozenset(FT2Font(findfont("DejaVu Sans")).get_charmap())


def _draw(
    axis: Axes,
    table: Mapping[str, np.ndarray],
    spans: Mapping[str, np.ndarray],
    levels: np.ndarray,
) -> None:
    thick, places = THICK / len(table), np.arange(len(levels))
    for row, (name, shares) in enumerate(table.items()):
        y = places - THICK / 2 + thick * (row + 0.5)
        axis.barh(y, shares, thick * 0.9, label=legible(name), **fill(row))
        tops = shares
        if name in spans:
            low, high = spans[name].T
            axis.hlines(y, low, high, color="black", linewidth=1.3)
            tops = np.maximum(shares, high)
        for place, top, share in zip(y, tops, shares, strict=True):
            axis.annotate(
                say(share), (top, place), (3, 0), textcoords="offset points", va="center",
                size=7.5, bbox=UNDER_LABELS,
            )  # fmt: skip
    style = {**CHANCE, "zorder": 3}
    axis.vlines(levels, places - 0.5, places + 0.5, label="chance", **style)


def _levels(groups: Sequence[str], levels: np.ndarray) -> str:
    return ", ".join(
        f"{say(level)} at {name}" for name, level in zip(groups, levels, strict=True)
    )
