"""A picture as a PNG file with at most 256 colours, where the eye does not mind.

The few colours of a chart fit into a palette unseen, which makes the file two or three times
smaller. A drawn sky has more, and would show bands: such pictures keep their colours, unless
the file gets too large for a notebook. Nothing is dithered: speckle costs more than it hides.
"""

from io import BytesIO
from typing import Any

import numpy as np
from jaxtyping import UInt8
from PIL import Image

COLOURS = 256
UNSEEN = 5
"""So far may a colour move, of 255, without anybody seeing it."""

FEW = 0.01
"""Share of the pixels that may move further: where two lines cross, a few do."""

LARGEST_TRUE = 64_000
"""Bytes of a picture in its own colours; beyond, it has to make do with a palette."""

AT_ONCE = 10_000
"""Colours looked up at once, so that little memory is needed."""

EVERY, LOOKED_AT = 3, 100_000
"""Of so many pixels of a line one is looked at for a palette, where there are more in all."""


def compressed(pixels: UInt8[np.ndarray, "height width 3"]) -> bytes:
    """Return a PNG file, with a palette where that is not seen or saves too much.

    Args:
        pixels: RGB.
    """
    picture = Image.fromarray(pixels)
    plain = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    moved = np.abs(np.asarray(plain.convert("RGB")).astype(np.int16) - pixels)
    if (moved > UNSEEN).any(axis=-1).mean() <= FEW:
        return _file(plain)
    true = _file(picture)
    return true if len(true) <= LARGEST_TRUE else _file(fitted(pixels, palette_of(picture)))


def palette_of(picture: Image.Image, colours: int = COLOURS) -> UInt8[np.ndarray, "colours 3"]:
    """Return so many colours that lie close to most pixels, black and white among them."""
    every = EVERY if picture.width * picture.height > LOOKED_AT else 1
    size = (-(-picture.width // every), -(-picture.height // every))
    few = picture.resize(size, Image.Resampling.NEAREST).quantize(
        colours - 2, Image.Quantize.MEDIANCUT, kmeans=1
    )
    chosen = np.array(few.getpalette(), dtype=np.uint8).reshape(-1, 3)[: colours - 2]
    return np.concatenate([chosen, np.array([[0] * 3, [255] * 3], dtype=np.uint8)])


def fitted(
    pixels: UInt8[np.ndarray, "height width 3"], palette: UInt8[np.ndarray, "colours 3"]
) -> Image.Image:
    """Return the picture with each pixel in the colour of the palette that is nearest."""
    # Each colour that occurs is looked up once. Pillow's own look-up is rounded: it turns
    # white into a light grey.
    red, green, blue = np.moveaxis(pixels.astype(np.int32), 2, 0)
    codes = red << 16 | green << 8 | blue
    there = np.zeros(1 << 24, dtype=bool)
    there[codes] = True
    found, number_of = np.flatnonzero(there), np.zeros(1 << 24, dtype=np.uint8)
    for part in np.array_split(found, -(-found.size // AT_ONCE)):
        number_of[part] = _nearest(part, palette)
    image = Image.fromarray(number_of[codes])
    image.putpalette(palette.tobytes())
    return image


def _nearest(codes: np.ndarray, palette: np.ndarray) -> np.ndarray:
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(float)
    choices = palette.astype(float)
    # |a - b|² without |a|², which is the same for every b
    return np.asarray(((choices**2).sum(1) - 2 * colours @ choices.T).argmin(axis=1))


def _file(picture: Image.Image) -> bytes:
    file = BytesIO()
    settings: dict[str, Any] = {"format": "png", "optimize": True}
    picture.save(file, **settings)
    return file.getvalue()
