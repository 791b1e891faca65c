"""Points of the plane on their way: where each starts, how it goes, where it ends.

Leaves out what moves them (`rectified_flow`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.captions import sentence
from mmcourse.plots.figure import COLOURS, blank, show

PANEL = 2.6
"""Inches of a panel's sides."""

FADED = "0.8"
"""Grey of what stands behind the paths."""


@checked
def paths(
    panels: Mapping[str, ArrayLike], *, title: str, alt: str, behind: ArrayLike | None = None
) -> None:
    """Display the ways of some points side by side, all at one scale.

    Args:
        panels: for each name an array (times, points, 2): where every point is, time by time.
        title: what the figure shows, in one line.
        alt: a sentence that says what the paths show.
        behind: (points, 2), drawn pale behind every panel, or None.

    Raises:
        ValueError: there is no panel, one has fewer than two times, no point or not two
            numbers for each, or a number is not finite.
    """
    alt = sentence("paths", alt)
    table = {name: _ways(name, each) for name, each in panels.items()}
    if not table:
        raise ValueError("paths: needs at least one panel; got none.")
    pale = None if behind is None else _finite("behind", behind, axes=2)
    everywhere = [each.reshape(-1, 2) for each in table.values()]
    everything = np.concatenate(everywhere if pale is None else [*everywhere, pale])
    middle = (everything.min(0) + everything.max(0)) / 2
    reach = 0.53 * float((everything.max(0) - everything.min(0)).max()) or 1.0
    figure, axes = blank(PANEL * len(table) + 0.4, PANEL + 1.0, columns=len(table))
    for axis, (name, each) in zip(axes, table.items(), strict=True):
        if pale is not None:
            axis.scatter(pale[:, 0], pale[:, 1], s=4, color=FADED, linewidths=0, zorder=0)
        _draw(axis, each)
        axis.set_title(name, fontsize=9.5)
        axis.set(xlim=middle[0] + np.array([-reach, reach]), xlabel="first number")
        axis.set(ylim=middle[1] + np.array([-reach, reach]), aspect="equal")
        axis.label_outer()
    axes[0].set_ylabel("second number")
    figure.suptitle(title, x=0.02, ha="left", fontsize=11)
    show(figure, alt)


def _draw(axis: Axes, ways: np.ndarray) -> None:
    """Draw a line for each point, from a ring to a dot."""
    axis.plot(*np.moveaxis(ways, 2, 0), color=COLOURS[0], linewidth=0.6, alpha=0.6)
    first, last = ways[0], ways[-1]
    ring: dict[str, Any] = {"facecolors": "white", "edgecolors": COLOURS[0], "linewidths": 0.7}
    axis.scatter(first[:, 0], first[:, 1], s=9, **ring)
    axis.scatter(last[:, 0], last[:, 1], s=9, color=COLOURS[1], zorder=3)


def _ways(name: str, each: ArrayLike) -> np.ndarray:
    ways = _finite(repr(name), each, axes=3)
    if len(ways) < 2:
        raise ValueError(
            f"paths: {name!r} needs at least two times, a start and an end; got {len(ways)}."
        )
    return ways


def _finite(name: str, values: ArrayLike, *, axes: int) -> np.ndarray:
    array = as_numbers("paths", name, values)
    if array.ndim != axes or array.shape[-1] != 2 or not array.size:
        form = "(times, points, 2)" if axes == 3 else "(points, 2)"
        raise ValueError(
            f"paths: {name} must have shape {form}, at least one point; got {array.shape}."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"paths: {name} must be finite; got NaN or infinity.")
    return array
