"""The figure `results.png`: how many times faster than each peer, with the rounds' spread."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt

from bench.records import Record
from mmcourse.plots import COLOURS

PICTURE = Path(__file__).with_name("results.png")
"""Where the figure is kept."""


def draw(records: Sequence[Record], path: Path = PICTURE) -> None:
    """Write the figure: one line a record, a logarithmic axis, equality as a line."""
    records = [one for one in records if one.peer]
    height = 1 + 0.22 * len(records)
    figure, axes = plt.subplots(figsize=(9, height), layout="constrained")
    for place, one in enumerate(reversed(records)):
        median, lowest, highest = one.times
        colour = COLOURS[0] if median >= 1 else COLOURS[1]
        axes.plot([lowest, highest], [place, place], color=colour, linewidth=2)
        axes.plot(median, place, "o", color=colour, markersize=5)
    names = [f"{one.case}  |  {one.peer}" for one in reversed(records)]
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set(xscale="log", xlabel="times faster than the peer", ylim=(-1, len(names)))
    axes.axvline(1, color="black", linewidth=1)
    axes.grid(axis="x", alpha=0.3)
    figure.savefig(path, dpi=110)
    plt.close(figure)
