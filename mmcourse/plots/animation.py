"""A short film of figures or pictures that plays without a kernel.

It is a PNG file with several frames (APNG), which browsers play; what does not shows the
first. All frames share one palette; where a frame is as the one before, it is transparent,
which makes the file half as large.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image, PngImagePlugin

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.plots.captions import sentence
from mmcourse.plots.figure import DPI, MOST_INCHES, PER_PAGE_PIXEL, bundle, pixels_of, publish
from mmcourse.plots.gallery import check_pictures, scaled
from mmcourse.plots.palette import fitted, palette_of

LARGEST = 120_000
"""Bytes of a film, so that a notebook stays small."""

DENSITY = 1.5
"""Pixels of a figure for each of a page's: a film has to be smaller than one picture."""

COLOURS = 63
"""Of a film, besides the transparent one."""

HELD = 1.2
"""Seconds that the last frame stays before the film begins again."""

MOST_SECONDS = 10


@checked
def animation(
    frames: Sequence[Figure | ArrayLike], *, alt: str, seconds: float = 3.0, inches: float = 1.7
) -> None:
    """Display frames one after the other, over and over.

    Args:
        frames: figures, or pictures (height, width, 3), RGB, uint8 or floats in [0, 1]; all of
            one size. The first has to make sense alone.
        alt: a sentence that says what moves, and how it ends.
        seconds: from the first frame to the last, at most 10.
        inches: height of a picture, at most; a figure has its own.

    Raises:
        ValueError: there are fewer than two frames, they differ in size, one is no picture, or
            the film is too large for a notebook.
    """
    alt = sentence("animation", alt)
    seconds = real("animation", "seconds", seconds, above=0, most=MOST_SECONDS)
    inches = real("animation", "inches", inches, above=0, most=MOST_INCHES)
    figures = all(isinstance(frame, Figure) for frame in frames)
    drawn = [_drawn(frame, inches) for frame in frames]
    sizes = sorted({frame.shape[:2] for frame in drawn})
    if len(drawn) < 2 or len(sizes) > 1:
        raise ValueError(
            "animation: needs at least two frames, all of one size; got "
            f"{len(drawn)} of {sizes}, height first."
        )
    file = film(drawn, seconds)
    if len(file) > LARGEST:
        raise ValueError(
            f"animation: the film must have at most {LARGEST:,} bytes; got {len(file):,} from "
            f"{len(drawn)} frames; draw fewer, or smaller ones."
        )
    finer = DENSITY if figures else PER_PAGE_PIXEL
    publish(bundle(file, alt, finer=finer), alt)


def film(frames: Sequence[np.ndarray], seconds: float) -> bytes:
    """Return an animated PNG file that begins again when its last frame has stayed a while.

    Args:
        frames: (height, width, 3) each, RGB, uint8, all of one size.
        seconds: from the first frame to the last.
    """
    some = np.concatenate([frames[0], frames[len(frames) // 2], frames[-1]])
    palette = palette_of(Image.fromarray(some), COLOURS)
    numbers = [np.asarray(fitted(frame, palette)) for frame in frames]
    changed = [
        np.where(now == before, len(palette), now).astype(np.uint8)
        for before, now in pairwise(numbers)
    ]
    first, *others = (_with_palette(each, palette) for each in [numbers[0], *changed])
    each = round(1000 * seconds / (len(frames) - 1))
    file = BytesIO()
    first.save(
        file,
        format="png",
        optimize=True,
        save_all=True,
        append_images=others,
        duration=[each] * len(others) + [round(1000 * HELD)],
        loop=0,
        transparency=len(palette),
        blend=PngImagePlugin.Blend.OP_OVER,
    )
    return file.getvalue()


def _with_palette(numbers: np.ndarray, palette: np.ndarray) -> Image.Image:
    """Return a picture whose last colour, after those of the palette, is transparent."""
    image = Image.fromarray(numbers)
    image.putpalette(palette.tobytes() + bytes(3))
    image.info["transparency"] = len(palette)
    return image


def _drawn(frame: Figure | ArrayLike, inches: float) -> np.ndarray:
    if isinstance(frame, Figure):
        return pixels_of(frame, round(DENSITY * DPI / PER_PAGE_PIXEL))
    array = np.asarray(frame)
    check_pictures([array], "animation")
    large = scaled(array, max(1, round(inches * DPI)))
    return large if large.dtype == np.uint8 else (large * 255).round().astype(np.uint8)
