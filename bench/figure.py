"""The figure `results.png`: how many times faster than each peer, with the rounds' spread."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import blended_transform_factory

from bench.records import Record
from bench.rows import row
from mmcourse.plots import COLOURS

PICTURE = Path(__file__).with_name("results.png")
"""Where the figure is kept."""

LINE = 0.2
"""Inches that a line takes."""


def draw(records: Sequence[Record], path: Path = PICTURE) -> None:
    """Write the figure: one panel a row of the bench, a log axis, equality as a line."""
    groups = groupby((one for one in records if one.peer), lambda one: one.row)
    panels = {name: list(some) for name, some in groups}
    heights = [len(some) + 1.6 for some in panels.values()]
    figure, column = plt.subplots(
        len(panels),
        figsize=(9, LINE * sum(heights) + 0.6),
        height_ratios=heights,
        layout="constrained",
        sharex=True,
        squeeze=False,
    )
    for axes, (name, some) in zip(column[:, 0], panels.items(), strict=True):
        title = row(name).TITLE.replace("`", "")
        place = blended_transform_factory(figure.transFigure, axes.transAxes)
        axes.text(0.01, 1.02, title, transform=place, fontsize=8.5, weight="bold")
        _panel(axes, some)
    column[-1, 0].set_xscale("log")
    column[-1, 0].xaxis.set_major_formatter(FuncFormatter(lambda times, _: f"{times:g}"))
    column[-1, 0].set_xlabel("times faster than the peer; at 1, as fast")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _panel(axes: Axes, records: Sequence[Record]) -> None:
    for place, one in enumerate(reversed(records)):
        median, lowest, highest = one.times
        colour = COLOURS[0] if median >= 1 else COLOURS[1]
        axes.plot([lowest, highest], [place, place], color=colour, linewidth=2)
        axes.plot(median, place, "o", color=colour, markersize=5)
    names = [f"{one.case}  |  {one.peer}".replace("`", "") for one in reversed(records)]
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set(ylim=(-0.7, len(names) - 0.3))
    axes.axvline(1, color="black", linewidth=1)
    axes.grid(axis="x", alpha=0.3)
    last = axes.get_subplotspec().is_last_row()
    axes.tick_params(axis="x", which="both", bottom=last, labelbottom=last)
    axes.spines[["top", "right"]].set_visible(False)
