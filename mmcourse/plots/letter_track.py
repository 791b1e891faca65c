"""What a recogniser thinks at every step: the spectrogram above, its letters and blanks below.

Leaves out how the steps become a text (`speech.collapse`).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.captions import sentence
from mmcourse.plots.figure import COLOURS, blank, set_title, show
from mmcourse.plots.told import say

BLANK = "0.55"
"""Grey of the first unit, which is no letter."""

NAMED = 0.5
"""A step's likeliest letter is written where it is at least so probable."""

SPACE = "\u2423"
"""How the space is written, or nobody would see it."""


@checked
def letter_track(
    spectrum: ArrayLike,
    probabilities: ArrayLike,
    names: Sequence[str],
    *,
    seconds: float,
    title: str,
    alt: str,
) -> None:
    """Display a log-mel spectrogram, and below it how probable each unit is at every step.

    A letter is written over the peak of its peak. The table below tells each step's likeliest
    unit.

    Args:
        spectrum: (bands, frames): the log power in nats, low bands first.
        probabilities: (steps, units), each row sums to 1; the first unit is the blank.
        names: of the units, the blank's first.
        seconds: how long the recording lasts.
        title: what the figure shows, in one line.
        alt: a sentence that says what the spikes show.

    Raises:
        ValueError: an array has not two axes, holds nothing or what is not finite, there is
            not one name for each unit, rows are no probabilities, or `seconds` is not above 0.
    """
    alt = sentence("letter_track", alt)
    seconds = real("letter_track", "seconds", seconds, above=0)
    bands = _table("spectrum", spectrum, "(bands, frames)")
    shares = _table("probabilities", probabilities, "(steps, units)")
    _check(shares, names)
    figure, (above, below) = blank(8.0, 4.0, rows=2)
    above.imshow(
        bands, origin="lower", aspect="auto", interpolation="nearest", cmap="magma",
        extent=(0, seconds, 0, len(bands)),
    )  # fmt: skip
    above.set_ylabel("mel band (number)")
    set_title(above, title)
    middles = (np.arange(len(shares)) + 0.5) * seconds / len(shares)
    _draw(below, middles, shares, names)
    below.set(xlim=(0, seconds), ylim=(0, 1.2), xlabel="time (s)", ylabel="probability")
    best = shares.argmax(1)
    rows = [
        [say(at), _shown(names[unit]), say(row[unit])]
        for at, unit, row in zip(middles, best, shares, strict=True)
    ]
    show(figure, alt, numbers=[["time (s)", "likeliest", "probability"], *rows])


def _draw(axis: Axes, at: np.ndarray, shares: np.ndarray, names: Sequence[str]) -> None:
    """Draw a line for each unit, and write letters over their spikes."""
    axis.plot(at, shares[:, 0], color=BLANK, linestyle="--", linewidth=1.2, label=names[0])
    best = shares.argmax(1)
    for unit in sorted(set(best.tolist()) - {0}):
        axis.plot(at, shares[:, unit], color=COLOURS[unit % 6], linewidth=1.3)
    for unit, begin, end in _runs(best):
        peak = begin + int(shares[begin:end, unit].argmax())
        if unit and shares[peak, unit] >= NAMED:
            axis.text(
                at[peak], min(1.0, shares[peak, unit]) + 0.03, _shown(names[unit]),
                ha="center", va="bottom", size=9, color=COLOURS[unit % 6],
            )  # fmt: skip
    axis.legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _runs(best: np.ndarray) -> list[tuple[int, int, int]]:
    """Return (unit, first step, step after the last) wherever one unit goes on."""
    borders = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    return [(int(best[begin]), begin, end) for begin, end in pairwise(borders)]


def _shown(name: str) -> str:
    return SPACE if name == " " else name


def _table(name: str, values: ArrayLike, form: str) -> np.ndarray:
    array = as_numbers("letter_track", name, values)
    if array.ndim != 2 or not array.size or not np.isfinite(array).all():
        raise ValueError(
            f"letter_track: {name} must be {form}, at least one finite number; got shape "
            f"{array.shape}."
        )
    return array


def _check(shares: np.ndarray, names: Sequence[str]) -> None:
    if len(names) != shares.shape[1]:
        raise ValueError(
            f"letter_track: names must be one for each of {shares.shape[1]} units; got "
            f"{len(names)}."
        )
    if shares.min() < 0 or not np.allclose(shares.sum(1), 1, atol=1e-3):
        raise ValueError(
            "letter_track: probabilities must be at least 0 and sum to 1 in each row; got sums "
            f"from {say(shares.sum(1).min())} to {say(shares.sum(1).max())}; softmax makes "
            "them of logits."
        )
