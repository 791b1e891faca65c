"""Colour arithmetic: mixing, shading, and the tones of each style.

Colours are (red, green, blue), whole numbers from 0 to 255. Leaves out where they go.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from jaxtyping import UInt8

from mmcourse.world.vocabulary import RGB

Tone: TypeAlias = Callable[[RGB], RGB]

SHADE: RGB = (20, 16, 40)
CREAM: RGB = (255, 252, 240)
PAPER: RGB = (250, 247, 238)
PENCIL: RGB = (58, 54, 60)
FAINT_PENCIL: RGB = (186, 182, 176)
HAZE = 232
"""Grey level towards which a washed-out picture fades."""


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """Return the colour `share` of the way from `first` (0) to `second` (1).

    >>> mix((0, 0, 0), (200, 100, 50), 0.5)
    (100, 50, 25)
    """
    red, green, blue = (
        int(a + (b - a) * share + 0.5) for a, b in zip(first, second, strict=True)
    )
    return red, green, blue


def darker(colour: RGB, share: float = 0.25) -> RGB:
    """Return the colour moved towards a deep violet, as in shade."""
    return mix(colour, SHADE, share)


def lighter(colour: RGB, share: float = 0.35) -> RGB:
    """Return the colour moved towards a warm white, as in light."""
    return mix(colour, CREAM, share)


def brightness(colour: RGB) -> float:
    """Return how bright a colour looks, 0 (black) to 255 (white), by the weights of BT.601.

    >>> round(brightness((0, 255, 0)))
    150
    """
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def plain_tone(colour: RGB) -> RGB:
    """Return the colour itself."""
    return colour


@lru_cache(maxsize=64)
def light_tone(light: RGB, share: float) -> Tone:
    """Return what a coloured light does to a colour; `share` is how much it counts."""

    def lit(colour: RGB) -> RGB:
        red, green, blue = (c * part // 255 for c, part in zip(colour, light, strict=True))
        return mix(colour, (red, green, blue), share)

    return lru_cache(maxsize=4096)(lit)


@lru_cache(maxsize=64)
def pencil_tone(strength: float) -> Tone:
    """Return what a soft pencil on paper makes of a colour: pale, and nearly grey."""

    def drawn(colour: RGB) -> RGB:
        grey = int(brightness(colour))
        return mix(PAPER, mix(colour, (grey, grey, grey), 0.45), strength)

    return lru_cache(maxsize=4096)(drawn)


def washed(
    picture: UInt8[np.ndarray, "height width 3"],
) -> UInt8[np.ndarray, "height width 3"]:
    """Return the picture as after years in the sun: half its colour and half its contrast."""
    pixels = picture.astype(np.int32)
    grey = pixels.sum(axis=2, keepdims=True) // 3
    softened = (2 * pixels + grey) // 3
    return ((softened + HAZE) // 2).astype(np.uint8)


def grained(
    picture: UInt8[np.ndarray, "height width 3"], fineness: int
) -> UInt8[np.ndarray, "height width 3"]:
    """Return the picture as pencil leaves it on rough paper: slanted strokes, a little lighter.

    Args:
        picture: the drawing.
        fineness: width of one pencil stroke in pixels, at least 1.
    """
    height, width, _ = picture.shape
    rows, columns = np.mgrid[:height, :width] // fineness
    stroke = (rows + columns) % 3 == 0  # every third diagonal is left lighter
    paper = np.array(PAPER, np.int32)
    pixels = picture.astype(np.int32)
    lifted = pixels + (paper - pixels) * stroke[:, :, None] // 4
    return lifted.astype(np.uint8)
