"""Charts of numbers: bars with chance and intervals, histograms.

Each takes named series and writes its own sentence from the plotted numbers, unless it is
given a better one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.axes import draw_chance, finish
from mmcourse.plots.captions import fitting, sentence
from mmcourse.plots.curves import DASHES
from mmcourse.plots.figure import COLOURS, blank, show
from mmcourse.plots.series import borders, check_spread, named, ranges
from mmcourse.plots.told import all_said, ends_said, numbers, range_said, say

UNDER_LABELS: Any = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
"""What the chance line must not strike through."""


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
    spans = ranges("bars", intervals or {}, table, len(groups))
    if chance is not None:
        chance = real("bars", "chance", chance)
    figure, (axis,) = blank(max(5.0, 0.5 * len(groups) * len(table) + 3.4))
    width = 0.8 / len(table)
    for row, (name, each) in enumerate(table.items()):
        x = np.arange(len(groups)) - 0.4 + width * (row + 0.5)
        axis.bar(x, each, width * 0.92, label=name, **fill(row))
        _label_bars(axis, x, each, spans.get(name))
    level = draw_chance(axis, chance)
    axis.set_xticks(range(len(groups)), groups)
    axis.axhline(0, color="black", linewidth=0.8)
    axis.margins(y=0.12)
    finish(axis, title, "", ylabel, legend=len(table) > 1 or chance is not None)
    places = [" ".join(group.split()) for group in groups]  # a line break is for the axis
    ways = (all_said(table, places), ends_said(table, places), range_said(table))
    said = fitting(*(f"{title}. Bars of {ylabel}: {way}.{level}" for way in ways))
    show(
        figure,
        sentence("bars", alt, said),
        numbers=numbers("", places, table, spans),
        caption=f"Bars of {ylabel}.",
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
    for row, (name, each) in enumerate(table.items()):
        share = np.full(each.size, 1 / each.size)
        axis.hist(
            each,
            bins=bins.tolist(),
            weights=share,
            label=name,
            histtype="step",
            color=COLOURS[row % len(COLOURS)],
            linewidth=1.8,
            linestyle=DASHES[row % len(DASHES)],
        )
    finish(axis, title, xlabel, "share of them in each bin", legend=True)
    rows = [[name, say(each.mean()), say(each.std())] for name, each in table.items()]
    parts = "; ".join(f"{name} mean {mean}, spread {spread}" for name, mean, spread in rows)
    what = f"Histograms of {xlabel}"
    said = fitting(f"{title}. {what}: {parts}.", f"{title}. {what}.")
    head = ["", "mean", "spread"]
    alt = sentence("histograms", alt, said)
    show(figure, alt, numbers=[head, *rows], caption=f"{what}.")


def fill(row: int) -> dict[str, Any]:
    """Return how the bars of a series look: a colour, and a hatch for who sees none."""
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
            say(number),
            (place, top),
            (0, 2),
            textcoords="offset points",
            ha="center",
            size=8,
            bbox=UNDER_LABELS,
        )
