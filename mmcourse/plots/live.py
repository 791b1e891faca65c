"""Lines that grow while a model trains, and one chart of them when it has.

They are drawn in place of what stood there before, roughly and seldom enough to cost little.
`finish` draws them once more as `lines` does: that is what a saved notebook holds.
"""

from io import BytesIO
from time import perf_counter
from typing import final
from uuid import uuid4

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.axes import draw_chance, finish
from mmcourse.plots.captions import below_figure, fitting
from mmcourse.plots.curves import draw_lines
from mmcourse.plots.figure import (
    DPI,
    PER_PAGE_PIXEL,
    Bundle,
    blank,
    bundle,
    display,
    pixels_of,
    png,
)  # fmt: skip
from mmcourse.plots.told import ends_said, numbers, range_said, say

SHARE = 0.1
"""Of the time since the chart was made, what drawing may take."""


@checked
def live_lines(
    *, title: str, xlabel: str, ylabel: str, chance: float | None = None, every: int = 10
) -> "LiveLines":
    """Return a chart that grows with each `add`, and is done with `finish`.

    Args:
        title: what the figure shows, in one line.
        xlabel: what stands along the axis, such as the step.
        ylabel: what the numbers are, with their unit.
        chance: where to draw a dashed line: what guessing reaches.
        every: of so many calls of `add` one draws, or fewer where drawing takes long.

    Raises:
        ValueError: `chance` is not finite, or `every` is below 1.
    """
    if chance is not None:
        chance = real("live_lines", "chance", chance)
    every = whole("live_lines", "every", every, least=1)
    return LiveLines(title, xlabel, ylabel, chance, every)


@final
class LiveLines:
    """A chart in one place of a page, with what it has shown so far."""

    def __init__(
        self, title: str, xlabel: str, ylabel: str, chance: float | None, every: int
    ) -> None:
        self._said = title, xlabel, ylabel
        self._chance, self._every = chance, every
        self._series: dict[str, dict[float, float]] = {}
        self._name = ""
        self._calls, self._spent, self._started = 0, 0.0, perf_counter()

    def add(self, x: float, **measured: ArrayLike) -> None:
        """Take what was measured at `x`, one number for each name; draw now and then.

        A number that is NaN leaves a gap.

        Raises:
            ValueError: there is no number, or several under one name.
        """
        if not measured:
            raise ValueError("live_lines: add needs a number, such as add(step, loss=2.3).")
        place = real("live_lines", "x", x)
        for name, number in measured.items():
            value = as_numbers("live_lines", name, number)
            if value.size != 1:
                raise ValueError(
                    f"live_lines: {name} must be one number; got shape {value.shape}; "
                    ".mean() makes one."
                )
            self._series.setdefault(name, {})[place] = value.item()
        due = self._calls % self._every == 0
        self._calls += 1
        if due and self._spent <= SHARE * (perf_counter() - self._started):
            begun = perf_counter()
            self._show(self._rough())
            self._spent += perf_counter() - begun

    def finish(self) -> None:
        """Draw what was added as a figure of the course, with its sentence and its numbers.

        Raises:
            ValueError: nothing was added.
        """
        if not self._series:
            raise ValueError("live_lines: finish needs something to draw; call add first.")
        _, xlabel, ylabel = self._said
        alt, what = self._alt(), f"Lines of {ylabel} against {xlabel}."
        self._show(bundle(png(self._figure()), alt))
        below = below_figure(what, alt, self._numbers())
        display(({"text/html": below, "text/plain": what}, {}))

    def _show(self, shown: Bundle) -> None:
        first, self._name = not self._name, self._name or uuid4().hex
        display(shown, self._name, update=not first)

    def _figure(self) -> Figure:
        title, xlabel, ylabel = self._said
        figure, (axis,) = blank(7.4)
        for row, (name, points) in enumerate(self._series.items()):
            places, heights = np.array(list(points)), np.array(list(points.values()))
            draw_lines(axis, places, {name: heights}, {}, first=row)
        draw_chance(axis, self._chance)
        several = len(self._series) > 1 or self._chance is not None
        finish(axis, title, xlabel, ylabel, legend=several)
        return figure

    def _rough(self) -> Bundle:
        """Return the figure without the pixels that only a fine screen shows."""
        file, pixels = BytesIO(), pixels_of(self._figure(), DPI // PER_PAGE_PIXEL)
        Image.fromarray(pixels).save(file, format="png", compress_level=1)
        known = {"alt": self._alt(), "width": pixels.shape[1], "height": pixels.shape[0]}
        data = {"image/png": file.getvalue(), "text/plain": f"Figure: {self._alt()}"}
        return data, {"image/png": known}

    def _alt(self) -> str:
        title, xlabel, ylabel = self._said
        table = {name: np.array(list(each.values())) for name, each in self._series.items()}
        ends = "; ".join(
            ends_said({name: table[name]}, [say(x) for x in each])
            for name, each in self._series.items()
        )
        level = "" if self._chance is None else f" Chance is {say(self._chance)}."
        what = f"{title}. Lines of {ylabel} against {xlabel}"
        return fitting(*(f"{what}: {said}.{level}" for said in (ends, range_said(table))))

    def _numbers(self) -> list[list[str]]:
        places = sorted({x for each in self._series.values() for x in each})
        table = {
            name: np.array([each.get(x, np.nan) for x in places])
            for name, each in self._series.items()
        }
        return [list(row) for row in numbers(self._said[1], [say(x) for x in places], table)]
