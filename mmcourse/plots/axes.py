"""What the axes of several charts have in common: labels, chance, a logarithmic scale.

Leaves out what is drawn between them.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from mmcourse.plots.figure import set_title
from mmcourse.plots.told import say

CHANCE: Any = {"color": "0.45", "linestyle": "--", "linewidth": 1.2, "zorder": 1}
"""How the line is drawn that guessing reaches."""

MOST_TICKS = 8
"""Labels that fit below an axis side by side."""


def finish(axis: Axes, title: str, xlabel: str, ylabel: str, *, legend: bool) -> None:
    """Write what the axes are; the legend stands right of them, where nothing is drawn."""
    set_title(axis, title)
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    if legend:
        axis.legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def draw_chance(axis: Axes, chance: float | None) -> str:
    """Draw what guessing reaches, if it is known; return it as a sentence."""
    if chance is None:
        return ""
    axis.axhline(chance, label=f"chance, {say(chance)}", **CHANCE)
    return f" Chance is {say(chance)}."


def set_log_x(axis: Axes, places: np.ndarray) -> None:
    """Make the x axis logarithmic, with a label where something was measured if they fit."""
    axis.set_xscale("log")
    ticks = _even(np.unique(places))
    locator = _decades(places) if ticks is None else FixedLocator(ticks.tolist())
    _label(axis.xaxis, locator)


def set_log_y(axis: Axes, numbers: np.ndarray) -> None:
    """Make the y axis logarithmic."""
    axis.set_yscale("log")
    _label(axis.yaxis, _decades(numbers))


def _label(axis: Axis, locator: FixedLocator | LogLocator) -> None:
    axis.set_major_locator(locator)
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda number, _: say(number)))


def _even(places: np.ndarray) -> np.ndarray | None:
    """Return places evenly far apart on a logarithmic axis, few enough, or None."""
    if len(places) < 2:
        return places
    steps = np.diff(np.log(places))
    if steps.max() > 1.2 * steps.min():
        return None
    return places[:: -(-len(places) // MOST_TICKS)]


def _decades(numbers: np.ndarray) -> LogLocator:
    """Return ticks at powers of ten, and at 2 and 5 times those where there are few."""
    span = np.log10(numbers.max() / numbers.min())
    return LogLocator(subs=(1, 2, 5) if span < 1.5 else (1,), numticks=MOST_TICKS + 1)
