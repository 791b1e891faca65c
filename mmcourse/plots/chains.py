"""Machines side by side, each as a chain of its parts: what goes in, what comes out, who helps.

Leaves out how the parts work.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.text import Text

from mmcourse.boundary.signature import checked
from mmcourse.plots.captions import sentence
from mmcourse.plots.figure import COLOURS, blank, set_title, show

WIDE, HIGH = 1.75, 0.78
"""Inches of a part, with its arrow, and of a row."""

LETTERS = 19
"""That fit beside each other into a part."""

MARGIN = 1.35
"""Inches for the machines' names."""


@checked
def chains(
    machines: Mapping[str, Sequence[str]],
    *,
    marked: Collection[str],
    title: str,
    alt: str,
    ours: str | None = None,
) -> None:
    """Display a row of boxes for each machine, an arrow from each part to the next.

    Args:
        machines: for each name its parts, in the order in which they work.
        marked: parts that are drawn in colour and with a thick edge.
        title: what the figure shows, in one line.
        alt: a sentence that says what the machines have in common, or where they differ.
        ours: the machine that is written in bold, or None.

    Raises:
        ValueError: there is no machine, one has no part, or what is marked, or ours, is none.
    """
    alt = sentence("chains", alt)
    _check(machines, marked, ours)
    longest = max(map(len, machines.values()))
    figure, (axis,) = blank(MARGIN + WIDE * longest, HIGH * len(machines) + 0.4)
    axis.set_axis_off()
    axis.set(xlim=(-MARGIN / WIDE, longest), ylim=(len(machines) - 0.45, -0.55))
    set_title(axis, title)
    for row, (name, parts) in enumerate(machines.items()):
        weight = "bold" if name == ours else "normal"
        axis.text(-MARGIN / WIDE, row, "\n".join(wrap(name, 15)), va="center", weight=weight)
        boxes = [
            _box(axis, at, row, part, bold=part in marked) for at, part in enumerate(parts)
        ]
        for before, after in pairwise(boxes):
            _join(axis, before, after)
    rows = [[name, " → ".join(parts)] for name, parts in machines.items()]
    show(figure, alt, numbers=[["machine", "parts"], *rows])


def _box(axis: Axes, column: int, row: int, part: str, *, bold: bool) -> Text:
    """Return a part, written into its box."""
    return axis.text(
        column + 0.44, row, "\n".join(wrap(part, LETTERS)), ha="center", va="center", size=8,
        bbox={
            "boxstyle": "round,pad=0.45",
            "facecolor": "#FBE3CF" if bold else "white",
            "edgecolor": COLOURS[1] if bold else "0.4",
            "linewidth": 2.0 if bold else 0.9,
        },
    )  # fmt: skip


def _join(axis: Axes, before: Text, after: Text) -> None:
    """Draw an arrow from the edge of one box to that of the next, once these are drawn."""
    axis.annotate(
        "", after.get_position(), before.get_position(), zorder=4,
        arrowprops={
            "arrowstyle": "-|>", "color": "0.35", "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0,
            "patchA": before.get_bbox_patch(), "patchB": after.get_bbox_patch(),
        },
    )  # fmt: skip


def _check(
    machines: Mapping[str, Sequence[str]], marked: Collection[str], ours: str | None
) -> None:
    if not machines or not all(machines.values()):
        raise ValueError("chains: each machine needs at least one part; got none.")
    parts = {part for chain in machines.values() for part in chain}
    if strange := sorted(set(marked) - parts):
        raise ValueError(
            f"chains: marked must be parts of a machine; got {strange[0]!r}, which is none."
        )
    if ours is not None and ours not in machines:
        raise ValueError(
            f"chains: ours must be one of {', '.join(machines)}; got {ours!r:.60}."
        )
