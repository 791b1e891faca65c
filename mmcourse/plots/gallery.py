"""Pictures side by side, each pixel as it is."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.plots.captions import sentence
from mmcourse.plots.figure import DPI, MOST_INCHES, blank, show

LETTER = 0.068
"""Inches that a letter of a title takes on average."""


@checked
def pictures(
    images: Sequence[ArrayLike],
    titles: Sequence[str] | None = None,
    *,
    alt: str,
    columns: int = 4,
    inches: float = 1.7,
) -> None:
    """Display pictures in rows, each pixel drawn as a whole number of pixels.

    A picture with more of them than there is room for is made smaller, smoothly.

    Args:
        images: (height, width, 3) each, RGB, uint8 or floats in [0, 1]; sizes may differ.
        titles: a line above each picture, or None.
        alt: a sentence that says what the pictures show.
        columns: how many stand in a row, at least 1.
        inches: height of each, at most.

    Raises:
        ValueError: there is no picture, one is not RGB, has no pixel or leaves its range, or
            a title is missing or left over; or `columns` is below 1.
    """
    alt = sentence("pictures", alt)
    show(grid("pictures", images, titles, columns=columns, inches=inches), alt)


@checked
def grid(
    operation: str,
    images: Sequence[ArrayLike],
    titles: Sequence[str] | None,
    *,
    columns: int,
    inches: float,
) -> Figure:
    """Return a figure of pictures in rows; the arguments are those of `pictures`."""
    arrays = [np.asarray(image) for image in images]
    check_pictures(arrays, operation)
    if titles is not None and len(titles) != len(arrays):
        raise ValueError(
            f"{operation}: needs a title for each; got {len(titles)} titles for {len(arrays)}."
        )
    columns = min(whole(operation, "columns", columns, least=1), len(arrays))
    inches = real(operation, "inches", inches, above=0, most=MOST_INCHES)
    sharp = [scaled(array, max(1, round(inches * DPI))) for array in arrays]
    return _placed(sharp, titles or [""] * len(sharp), columns)


def scaled(array: np.ndarray, most: int) -> np.ndarray:
    """Return a picture at most so many pixels high, each of its own a square of those."""
    height, width = array.shape[:2]
    if height <= most:
        return array.repeat(most // height, axis=0).repeat(most // height, axis=1)
    plain = array if array.dtype == np.uint8 else (array * 255).round().astype(np.uint8)
    return np.asarray(Image.fromarray(plain).resize((max(1, width * most // height), most)))


def _placed(arrays: Sequence[np.ndarray], titles: Sequence[str], columns: int) -> Figure:
    """Return pictures in a grid, pixel by pixel, each in the middle below its title."""
    rows = ceil(len(arrays) / columns)
    tall, wide = (max(array.shape[side] for array in arrays) for side in (0, 1))
    lines = max(title.count("\n") + 1 if title else 0 for title in titles)
    head, gap = round((0.06 + 0.16 * lines) * DPI), round(0.05 * DPI)
    wide = max(wide, round(LETTER * DPI * max(map(_longest_line, titles))))
    step = np.array([wide + gap, tall + head])
    total = step * (columns, rows) + (gap, 2)
    figure, _ = blank(*(total / DPI), rows=1)
    figure.clear()
    figure.set_layout_engine("none")
    for number, (array, title) in enumerate(zip(arrays, titles, strict=True)):
        height, width = array.shape[:2]
        left, top = step * (number % columns, number // columns) + (gap, head)
        left += (wide - width) // 2
        box = np.array([left, total[1] - top - height, width, height]) / np.tile(total, 2)
        axis = figure.add_axes(tuple(box))
        axis.set_axis_off()
        axis.imshow(array, interpolation="nearest", aspect="auto")
        if title:
            axis.set_title(title, fontsize=9, loc="center", pad=3)
    return figure


def _longest_line(title: str) -> int:
    return max(map(len, title.split("\n")))


@checked
def check_pictures(arrays: Sequence[np.ndarray], operation: str = "pictures") -> None:
    """Refuse what is not at least one picture, RGB, uint8 or floats in [0, 1].

    Raises:
        ValueError: there is none, or one is not RGB, has no pixel or leaves its range.
    """
    if not arrays:
        raise ValueError(f"{operation}: needs at least one picture; got none.")
    for array in arrays:
        if array.ndim != 3 or array.shape[2] != 3 or not array.size:
            raise ValueError(
                f"{operation}: each must be (height, width, 3) with pixels, colours last; got "
                f"shape {array.shape}; np.moveaxis(image, 0, 2) moves the colours of a tensor."
            )
        shares = array.dtype.kind == "f" and ((array >= 0) & (array <= 1)).all()
        if array.dtype != np.uint8 and not shares:
            raise ValueError(
                f"{operation}: each must be uint8 or floats in [0, 1]; got "
                f"{array.dtype} from {array.min()} to {array.max()}; np.clip(image, 0, 1) "
                "cuts off what lies outside."
            )
