"""Small pictures beside the rows of a matrix, where otherwise their names stand."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from numpy.typing import ArrayLike
from PIL import Image

from mmcourse.boundary.signature import checked
from mmcourse.plots.figure import DPI

SIDE = 0.42
"""The longer side of a thumbnail in inches."""

POINTS = 72
"""In an inch."""


@checked
def put_beside(axis: Axes, pictures: Sequence[ArrayLike], rows: int) -> None:
    """Draw a thumbnail left of each row of a matrix, in place of its name.

    Args:
        axis: shows the matrix, row 0 at height 0.
        pictures: (height, width, 3) each, RGB, uint8; sizes may differ.
        rows: how many the matrix has.

    Raises:
        ValueError: a picture is missing or left over, or is not RGB in uint8.
    """
    arrays = [np.asarray(picture) for picture in pictures]
    if len(arrays) != rows:
        raise ValueError(
            f"similarity_matrix: needs a picture for each row, or none; got {len(arrays)} for "
            f"{rows}."
        )
    for row, array in enumerate(arrays):
        drawn = OffsetImage(_small(array), zoom=POINTS / DPI)
        beside = AnnotationBbox(
            drawn,
            (0, row),
            (-0.55 * SIDE * POINTS, 0),
            xycoords=("axes fraction", "data"),
            boxcoords="offset points",
            frameon=False,
            pad=0,
        )
        axis.add_artist(beside)
    axis.set_yticks([])
    axis.yaxis.labelpad = 1.2 * SIDE * POINTS


def _small(array: np.ndarray) -> np.ndarray:
    """Return the picture with its longer side at `SIDE`; a small one as it is, or doubled."""
    if array.ndim != 3 or array.shape[2] != 3 or not array.size or array.dtype != np.uint8:
        raise ValueError(
            "similarity_matrix: each picture must be (height, width, 3) of uint8, "
            f"colours last; got shape {array.shape} of {array.dtype}."
        )
    share = SIDE * DPI / max(array.shape[:2])
    if share >= 1:
        return array.repeat(int(share), axis=0).repeat(int(share), axis=1)
    height, width = (max(1, round(share * side)) for side in array.shape[:2])
    return np.asarray(Image.fromarray(array).resize((width, height)))
