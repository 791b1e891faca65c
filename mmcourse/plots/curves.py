"""Lines through what was measured: in one chart, or one quantity an axis side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.plots.axes import draw_chance, finish, set_log_x, set_log_y
from mmcourse.plots.captions import fitting, sentence
from mmcourse.plots.figure import COLOURS, MARKERS, blank, show
from mmcourse.plots.series import along, check_log, named, ranges
from mmcourse.plots.told import all_said, ends_said, numbers, range_said, say

DASHES = ("-", "--", "-.", ":")
MOST_MARKERS = 40
"""A line through more places has no marker at each: they would run into each other."""

FEW = 10
"""Whole numbers this close together are counts, with nothing between one and the next."""


@checked
def lines(  # noqa: PLR0913 - a chart must say what it shows
    x: ArrayLike,
    series: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    intervals: Mapping[str, ArrayLike] | None = None,
    chance: float | None = None,
    log: bool = False,
    log_x: bool = False,
    alt: str | None = None,
) -> None:
    """Display a line with markers for each series.

    Args:
        x: where the numbers were measured.
        series: for each name in the legend one number per `x`.
        title: what the figure shows, in one line.
        xlabel: what `x` is, with its unit.
        ylabel: what the numbers are, with their unit.
        intervals: for some series one (low, high) per `x`, drawn as a pale band.
        chance: where to draw a dashed line: what guessing reaches.
        log: both axes logarithmic, where a power of x is a straight line.
        log_x: the x axis alone, for temperatures and batch sizes.
        alt: a sentence; None writes one.

    Raises:
        ValueError: `x` is not one axis of finite numbers, there is no series, one has not one
            finite number per `x`, `log` or `log_x` meets a number that is not above 0, or
            intervals are of no series, are not one per `x` or have their ends reversed.
    """
    places = along("lines", x)
    table = named("lines", series, len(places))
    spans = ranges("lines", intervals or {}, table, len(places))
    if chance is not None:
        chance = real("lines", "chance", chance)
    logged = {"log=True": {"x": places, **table, **spans}} if log else {}
    check_log("lines", {**logged, **({"log_x=True": {"x": places}} if log_x else {})})
    figure, (axis,) = blank(7.4)
    draw_lines(axis, places, table, spans)
    level = draw_chance(axis, chance)
    if log or log_x:
        set_log_x(axis, places)
    if log:
        set_log_y(axis, np.concatenate(list(table.values())))
    finish(axis, title, xlabel, ylabel, legend=len(table) > 1 or chance is not None)
    names, what = [say(place) for place in places], f"Lines of {ylabel} against {xlabel}"
    ways = (all_said(table, names), ends_said(table, names), range_said(table))
    alt = sentence("lines", alt, fitting(*(f"{title}. {what}: {s}.{level}" for s in ways)))
    show(figure, alt, numbers=numbers(xlabel, names, table, spans), caption=f"{what}.")


@checked
def panels(  # noqa: PLR0913 - a chart must say what it shows
    x: ArrayLike,
    quantities: Mapping[str, Mapping[str, ArrayLike]],
    *,
    title: str,
    xlabel: str,
    intervals: Mapping[str, ArrayLike] | None = None,
    chance: Mapping[str, float] | None = None,
    log_x: bool = False,
    alt: str | None = None,
) -> None:
    """Display charts of lines side by side over the same x, one quantity each.

    Args:
        x: where the numbers were measured.
        quantities: for the label of each y axis, with its unit, its series: for each name one
            number per `x`. Each name occurs once.
        title: what the figure shows, in one line.
        xlabel: what `x` is, with its unit.
        intervals: for some series one (low, high) per `x`, drawn as a pale band.
        chance: for some quantities where to draw a dashed line: what guessing reaches.
        log_x: the x axis logarithmic, for temperatures and batch sizes.
        alt: a sentence; None writes one.

    Raises:
        ValueError: there is no quantity, a name occurs twice, chance is of no quantity, or
            `lines` would refuse what a panel shows.
    """
    places = along("panels", x)
    tables = _tables(quantities, len(places))
    together = {name: each for table in tables.values() for name, each in table.items()}
    spans = ranges("panels", intervals or {}, together, len(places))
    levels = _levels(chance or {}, tables)
    check_log("panels", {"log_x=True": {"x": places}} if log_x else {})
    figure, axes = blank(3.1 * len(tables), 3.2, columns=len(tables))
    first = 0
    for axis, (ylabel, table) in zip(axes, tables.items(), strict=True):
        own = {name: each for name, each in spans.items() if name in table}
        draw_lines(axis, places, table, own, first=first)
        first += len(table)
        draw_chance(axis, levels.get(ylabel))
        if log_x:
            set_log_x(axis, places)
        axis.set(xlabel=xlabel, ylabel=ylabel)
        if len(table) > 1 or ylabel in levels:  # above the axes, where nothing is drawn
            axis.legend(fontsize=8.5, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    names, what = [say(place) for place in places], f"{', '.join(tables)} against {xlabel}"
    ways = (all_said(together, names), ends_said(together, names), range_said(together))
    alt = sentence("panels", alt, fitting(*(f"{title}. Lines of {what}: {s}." for s in ways)))
    rows = numbers(xlabel, names, together, spans)
    show(figure, alt, numbers=rows, caption=f"{len(tables)} charts: {what}.")


def draw_lines(
    axis: Axes,
    places: np.ndarray,
    table: Mapping[str, np.ndarray],
    spans: Mapping[str, np.ndarray],
    *,
    first: int = 0,
) -> None:
    """Draw a line for each series, and its band if it has one.

    Args:
        axis: where.
        places: along the x axis.
        table: for each name one number per place.
        spans: for some names one (low, high) per place.
        first: how many colours are taken already.
    """
    for row, (name, each) in enumerate(table.items(), start=first):
        style = _style(row, len(places))
        axis.plot(places, each, label=name, **style)
        if name in spans:
            low, high = spans[name].T
            axis.fill_between(places, low, high, color=style["color"], alpha=0.18, linewidth=0)
    if np.ptp(places) < FEW and not (places % 1).any():  # nobody shows half an example
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))


def _style(row: int, places: int) -> dict[str, Any]:
    return {
        "color": COLOURS[row % len(COLOURS)],
        "marker": MARKERS[row % len(MARKERS)],
        "linestyle": DASHES[row % len(DASHES)],
        "markersize": 5,
        "markevery": max(1, -(-places // MOST_MARKERS)),
    }


def _tables(
    quantities: Mapping[str, Mapping[str, ArrayLike]], places: int
) -> dict[str, dict[str, np.ndarray]]:
    if not quantities:
        raise ValueError("panels: needs at least one quantity; got none.")
    names = [name for series in quantities.values() for name in series]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(
            f"panels: each series needs a name of its own; got {twice[0]!r} twice; say in it "
            "what it measures."
        )
    return {label: named("panels", series, places) for label, series in quantities.items()}


def _levels(chance: Mapping[str, float], tables: Mapping[str, Any]) -> dict[str, float]:
    for label in chance:
        if label not in tables:
            raise ValueError(
                f"panels: chance must be of a quantity, one of {list(tables)}; got {label!r}."
            )
    return {label: real("panels", "chance", level) for label, level in chance.items()}
