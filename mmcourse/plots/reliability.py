"""A reliability diagram: how often answers are right, against how sure they were.

Source: Guo et al., arXiv 1706.04599, section 2. Leaves out the number that sums it up
(`metrics.ece`).
"""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.axes import CHANCE
from mmcourse.plots.captions import fitting, sentence
from mmcourse.plots.curves import DASHES
from mmcourse.plots.figure import COLOURS, MARKERS, blank, set_title, show


@checked
def reliability(
    series: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    title: str,
    bins: int = 10,
    alt: str | None = None,
) -> None:
    """Display for each series how often it is right in each bin of confidence.

    Bin b holds confidences in ((b - 1) / bins, b / bins]; its marker stands at their mean, the
    larger, the more answers it holds, its bar a 95 % interval (Wilson's). Empty bins have none.
    On the dashed line answers are as often right as they say; below it a model sounds too sure,
    above it too modest.

    Args:
        series: for each name in the legend the confidence of every answer, in [0, 1], and
            whether it was right.
        title: what the figure shows, in one line.
        bins: how many, from 1 to 100.
        alt: a sentence; None writes one with mean confidence and share of right answers.

    Raises:
        ValueError: there is no series, one has no answer, a confidence is outside [0, 1], or
            there is not a True or False for each; or `bins` is out of range.
    """
    bins = whole("reliability", "bins", bins, least=1, most=100)
    if not series:
        raise ValueError("reliability: needs at least one series; got none.")
    table = {name: _answers(name, *both) for name, both in series.items()}
    figure, (axis,) = blank(6.2, 4.0)
    axis.plot([0, 1], [0, 1], label="as sure as right", **CHANCE)
    for row, (name, (confidence, right)) in enumerate(table.items()):
        _draw(axis, name, row, *_binned(confidence, right, bins), len(right))
    axis.set(xlim=(-0.02, 1.03), ylim=(-0.02, 1.03))
    axis.set_xlabel("confidence (probability of the likeliest name)")
    axis.set_ylabel("share of right answers")
    set_title(axis, title)
    names, marks = axis.get_legend_handles_labels()[::-1], size_legend()
    axis.legend(
        [*names[1], *marks.values()], [*names[0], *marks], fontsize=9, frameon=False,
        loc="upper left", bbox_to_anchor=(1, 1), labelspacing=0.7,
    )  # fmt: skip
    _show(figure, table, title, alt)


def _draw(  # noqa: PLR0913 - what is drawn, and how often it was seen
    axis: Axes,
    name: str,
    row: int,
    x: np.ndarray,
    y: np.ndarray,
    shares: np.ndarray,
    answers: int,
) -> None:
    """Draw a series: open markers, so that those of others show through, and intervals."""
    colour, marker = COLOURS[row % len(COLOURS)], MARKERS[row % len(MARKERS)]
    low, high = _intervals(y, shares * answers)
    axis.vlines(x, low, high, color=colour, linewidth=1, alpha=0.5)
    axis.plot(x, y, color=colour, linestyle=DASHES[row % len(DASHES)], linewidth=1.2)
    axis.scatter(
        x, y, areas(shares), facecolors="none", edgecolors=colour, marker=marker, label=name
    )


def _intervals(share: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of Wilson's 95 % interval of shares of so many answers."""
    z = 1.96
    middle = (share + z**2 / (2 * counts)) / (1 + z**2 / counts)
    spread = share * (1 - share) / counts + z**2 / (4 * counts**2)
    half = z * np.sqrt(spread) / (1 + z**2 / counts)
    return middle - half, middle + half


def _show(
    figure: Figure, table: Mapping[str, tuple[np.ndarray, ...]], title: str, alt: str | None
) -> None:
    """Display the figure with mean confidence and share of right answers in words."""
    rows = [
        [name, *(f"{each.mean():.2f}" for each in answers)] for name, answers in table.items()
    ]
    parts = "; ".join(f"{name}: sure {sure}, right {right}" for name, sure, right in rows)
    what = "Right answers against confidence"
    said = fitting(f"{title}. {what}, on average {parts}.", f"{title}. {what}.")
    show(
        figure,
        sentence("reliability", alt, said),
        numbers=[["", "how sure", "how often right"], *rows],
        caption=f"{what}; larger markers hold more answers, bars are 95 % intervals.",
    )


def areas(shares: np.ndarray) -> np.ndarray:
    """Return areas of markers that stand for shares of all answers, in square points."""
    return 12 + 180 * shares


def size_legend() -> dict[str, Line2D]:
    """Return grey markers that say what their size means, by what is written beside them."""
    heading = {"size: share of the answers": Line2D([], [], linestyle="none")}
    examples = np.array([0.05, 0.25, 0.75])
    return heading | {
        f"{share:.0%}": Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            color="0.45",
            markersize=side,
        )
        for share, side in zip(examples, areas(examples) ** 0.5, strict=True)
    }


def _binned(
    confidence: np.ndarray, right: np.ndarray, bins: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean confidence, share of right answers and share of all, of each filled bin."""
    where = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence, side="left")
    counts = np.bincount(where, minlength=bins)
    filled = counts > 0
    sums = [np.bincount(where, weights=each, minlength=bins) for each in (confidence, right)]
    x, y = (each[filled] / counts[filled] for each in sums)
    return x, y, counts[filled] / len(confidence)


def _answers(
    name: str, confidence: ArrayLike, right: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    sure = as_numbers("reliability", repr(name), confidence)
    as_numbers("reliability", repr(name), right)
    correct = np.asarray(right)
    if sure.ndim != 1 or not sure.size or not ((sure >= 0) & (sure <= 1)).all():
        raise ValueError(
            f"reliability: the confidences of {name!r} must be numbers from 0 to 1 along one "
            f"axis, at least one; got {sure.tolist() if sure.size < 9 else sure.shape}; "
            "probabilities.max(1) makes them."
        )
    if correct.shape != sure.shape or correct.dtype != bool:
        raise ValueError(
            f"reliability: {name!r} must have a True or False for each of {len(sure)} answers; "
            f"got {correct.dtype} of shape {correct.shape}; predictions == targets makes them."
        )
    return sure, correct
