"""Pictures side by side, each pixel as it is."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.plots.figure import MOST_INCHES, blank, sentence, show


@checked
def pictures(
    images: Sequence[ArrayLike],
    titles: Sequence[str] | None = None,
    *,
    alt: str,
    columns: int = 4,
    inches: float = 1.7,
) -> None:
    """Display pictures in rows, without smoothing.

    Args:
        images: (height, width, 3) each, RGB, uint8 or floats in [0, 1]; sizes may differ.
        titles: a line above each picture, or None.
        alt: a sentence that says what the pictures show.
        columns: how many stand in a row, at least 1.
        inches: height of each.

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
    rows = ceil(len(arrays) / columns)
    aspect = max(array.shape[1] / array.shape[0] for array in arrays)
    lines = max((title.count("\n") for title in titles or ()), default=0)
    height = inches + (0.3 + 0.16 * lines if titles else 0.05)
    figure, axes = blank(columns * inches * aspect, rows * height, rows=rows, columns=columns)
    for axis in axes:
        axis.set_axis_off()
    for position, (axis, array) in enumerate(zip(axes, arrays, strict=False)):
        axis.imshow(array, interpolation="nearest")
        if titles:
            axis.set_title(titles[position], fontsize=9, loc="center")
    return figure


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
