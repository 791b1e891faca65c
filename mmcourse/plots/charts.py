"""Charts of numbers: bars with chance and intervals, lines, histograms.

Each takes named series and writes its own sentence from the plotted numbers, unless it is
given a better one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import ArrayLike

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.figure import COLOURS, MARKERS, blank, sentence, set_title, show
from mmcourse.plots.series import along, borders, check_log, check_spread, named, ranges

DASHES = ("-", "--", "-.", ":")
FEW = 20
"""A chart with at most this many numbers says them all in its sentence."""


@checked
def bars(  # noqa: PLR0913 - a chart must say what it shows
    groups: Sequence[str],
    series: Mapping[str, ArrayLike],
    *,
    title: str,
    ylabel: str,
    intervals: Mapping[str, ArrayLike] | None = None,
    chance: float | None = None,
    alt: str | None = None,
) -> None:
    """Display a bar for each group and series, with its number above it.

    Args:
        groups: names along the axis.
        series: for each name in the legend one number per group.
        title: what the figure shows, in one line.
        ylabel: what the numbers are, with their unit.
        intervals: for each series one (low, high) per group, drawn as a thin line.
        chance: where to draw a dashed line: what guessing reaches.
        alt: a sentence; None writes one.

    Raises:
        ValueError: there is no group or series, a series has not one finite number per group,
            or intervals are of no series, are not one per group or have their ends reversed.
    """
    if not len(groups):
        raise ValueError("bars: needs at least one group; got none.")
    table = named("bars", series, len(groups))
    spans = ranges(intervals or {}, table, len(groups))
    figure, (axis,) = blank(max(5.0, 0.5 * len(groups) * len(table) + 3.4))
    width = 0.8 / len(table)
    for row, (name, numbers) in enumerate(table.items()):
        x = np.arange(len(groups)) - 0.4 + width * (row + 0.5)
        axis.bar(x, numbers, width * 0.92, label=name, **_fill(row))
        _label_bars(axis, x, numbers, spans.get(name))
    if chance is not None:
        axis.axhline(chance, color="black", linestyle="--", linewidth=1, label="chance")
    axis.set_xticks(range(len(groups)), groups)
    axis.axhline(0, color="black", linewidth=0.8)
    axis.margins(y=0.12)
    _finish(axis, title, "", ylabel, legend=len(table) > 1 or chance is not None)
    level = "" if chance is None else f" Chance is {_say(chance)}."
    show(
        figure,
        sentence("bars", alt, f"{title}. Bars of {ylabel}: {_all_said(table, groups)}.{level}"),
    )


@checked
def lines(  # noqa: PLR0913 - a chart must say what it shows
    x: ArrayLike,
    series: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    log: bool = False,
    alt: str | None = None,
) -> None:
    """Display a line with markers for each series.

    Args:
        x: where the numbers were measured.
        series: for each name in the legend one number per `x`.
        title: what the figure shows, in one line.
        xlabel: what `x` is, with its unit.
        ylabel: what the numbers are, with their unit.
        log: both axes logarithmic, where a power of x is a straight line.
        alt: a sentence; None writes one.

    Raises:
        ValueError: `x` is not one axis of finite numbers, there is no series, one has not one
            finite number per `x`, or `log` meets a number that is not above 0.
    """
    places = along(x)
    table = named("lines", series, len(places))
    if log:
        check_log({"x": places, **table})
    figure, (axis,) = blank(7.4)
    for row, (name, numbers) in enumerate(table.items()):
        axis.plot(
            places,
            numbers,
            label=name,
            color=COLOURS[row % len(COLOURS)],
            marker=MARKERS[row % len(MARKERS)],
            linestyle=DASHES[row % len(DASHES)],
            markersize=5,
        )
    if log:
        _set_log(axis, places)
    _finish(axis, title, xlabel, ylabel, legend=len(table) > 1)
    said = _all_said(table, [f"{place:g}" for place in places])
    show(
        figure, sentence("lines", alt, f"{title}. Lines of {ylabel} against {xlabel}: {said}.")
    )


@checked
def histograms(
    series: Mapping[str, ArrayLike],
    *,
    edges: ArrayLike,
    title: str,
    xlabel: str,
    alt: str | None = None,
) -> None:
    """Display how the numbers of each series are spread, as outlines over one axis.

    Args:
        series: for each name in the legend any amount of numbers.
        edges: borders of the bins, rising; every number lies between the outer two.
        title: what the figure shows, in one line.
        xlabel: what the numbers are, with their unit.
        alt: a sentence; None writes one with the mean and standard deviation of each.

    Raises:
        ValueError: there is no series, one is empty or leaves the edges, or the edges are
            fewer than two or do not rise.
    """
    bins = borders(edges)
    table = {
        name: as_numbers("histograms", repr(name), one).ravel() for name, one in series.items()
    }
    check_spread(table, bins)
    figure, (axis,) = blank(7.4)
    for row, (name, numbers) in enumerate(table.items()):
        share = np.full(numbers.size, 1 / numbers.size)
        axis.hist(
            numbers,
            bins=bins.tolist(),
            weights=share,
            label=name,
            histtype="step",
            color=COLOURS[row % len(COLOURS)],
            linewidth=1.8,
            linestyle=DASHES[row % len(DASHES)],
        )
    _finish(axis, title, xlabel, "share of them in each bin", legend=True)
    parts = (
        f"{name} mean {_say(n.mean())}, spread {_say(n.std())}" for name, n in table.items()
    )
    show(
        figure,
        sentence("histograms", alt, f"{title}. Histograms of {xlabel}: {'; '.join(parts)}."),
    )


def _fill(row: int) -> dict[str, Any]:
    hatches = ("", "//", "..", "xx")
    return {
        "color": COLOURS[row % len(COLOURS)],
        "hatch": hatches[row % len(hatches)],
        "edgecolor": "white",
    }


def _label_bars(
    axis: Axes, x: np.ndarray, numbers: np.ndarray, ranges: np.ndarray | None
) -> None:
    tops = np.maximum(numbers, 0)
    if ranges is not None:
        axis.vlines(x, ranges[:, 0], ranges[:, 1], color="black", linewidth=1.3)
        tops = np.maximum(tops, ranges[:, 1])
    for place, top, number in zip(x, tops, numbers, strict=True):
        axis.annotate(
            _say(number), (place, top), (0, 2), textcoords="offset points", ha="center", size=8
        )


def _set_log(axis: Axes, places: np.ndarray) -> None:
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xticks(places, [f"{place:g}" for place in places])
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_minor_locator(NullLocator())


def _finish(axis: Axes, title: str, xlabel: str, ylabel: str, *, legend: bool) -> None:
    set_title(axis, title)
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    if legend:
        axis.legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _say(number: float) -> str:
    return f"{number:.3g}"


def _all_said(table: Mapping[str, np.ndarray], places: Sequence[str]) -> str:
    """Return every number in words, or where there are many the first and the last of each."""
    ends = sum(map(len, table.values())) > FEW
    chosen = sorted({0, len(places) - 1}) if ends else range(len(places))
    return "; ".join(
        f"{name}: " + ", ".join(f"{_say(numbers[i])} at {places[i]}" for i in chosen)
        for name, numbers in table.items()
    )
