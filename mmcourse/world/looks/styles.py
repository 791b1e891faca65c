"""What each style does to colours, edges and the finished picture.

`flat` leaves them alone. `sketch` is a pencil on paper: edges drawn, hardly any colour.
`washed-out` is a picture after years in the sun. `night-camera` is what a cheap camera sees in
the dark: dim, greenish, darker towards the corners, and noisy. Leaves out shapes: no style
changes one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias, final

import numpy as np
from jaxtyping import UInt8

from mmcourse.world.looks.tones import Tone, as_it_is, brightness, mix
from mmcourse.world.scenes.vocabulary import RGB

Picture: TypeAlias = UInt8[np.ndarray, "height width 3"]
Edge: TypeAlias = tuple[RGB, float]
"""The colour of a shape's edge, and its width in picture heights."""

PAPER: RGB = (250, 247, 238)
GRAPHITE: RGB = (58, 54, 60)
SOFT_GRAPHITE: RGB = (186, 182, 176)
HAZE = 232
"""Grey level towards which a washed-out picture fades."""
GLOW: tuple[int, int, int] = (78, 100, 82)
"""Of red, green and blue a night camera shows so many per cent."""
SHARPENED: RGB = (16, 16, 22)
"""What a night camera's sharpening makes of the edge of a thing."""
SENSOR_LINES = 64
"""A night camera's sensor has about so many lines; a larger picture shows them larger."""


@final
@dataclass(frozen=True)
class Style:
    """How one style draws.

    Args:
        backdrop: what becomes of the backdrop's colours.
        things: what becomes of the things' colours; None leaves that to the setting's light.
        backdrop_edge: the edge of shapes in the backdrop, if they have one.
        thing_edge: the edge of shapes in things, if they have one.
        finish: what is done to the finished picture.
        noise: how far the sensor is off at most, in grey levels.
    """

    backdrop: Tone
    things: Tone | None
    backdrop_edge: Edge | None
    thing_edge: Edge | None
    finish: Callable[[Picture], Picture]
    noise: int = 0


def pencil_tone(strength: float) -> Tone:
    """Return what a soft pencil on paper makes of colours: pale, nearly grey, blacks kept.

    Args:
        strength: how hard the pencil presses, from 0 (bare paper) to 1.

    >>> pencil_tone(0.5)((0, 0, 0))
    (25, 25, 24)
    """

    @lru_cache(maxsize=4096)
    def drawn(colour: RGB) -> RGB:
        level = brightness(colour)
        grey = int(level)
        pressed = max(strength, 0.9 - level / 110)  # ink stays dark, whatever the strength
        return mix(PAPER, mix(colour, (grey, grey, grey), 0.45), pressed)

    return drawn


def unfinished(picture: Picture) -> Picture:
    """Return the picture itself."""
    return picture


def washed(picture: Picture) -> Picture:
    """Return the picture with two thirds of its colour and half of its contrast.

    >>> washed(np.array([[[0, 0, 0], [232, 232, 232]]], np.uint8)).tolist()
    [[[116, 116, 116], [232, 232, 232]]]
    """
    pixels = picture.astype(np.int32)
    grey = pixels.sum(axis=2, keepdims=True) // 3
    softened = (2 * pixels + grey) // 3
    faded: Picture = ((softened + HAZE) // 2).astype(np.uint8)
    return faded


def grained(picture: Picture) -> Picture:
    """Return the picture as a pencil leaves it: every third slanting stroke is lighter."""
    height, width, _ = picture.shape
    stroke = max(1, height // 64)
    slant = np.arange(height)[:, None] + np.arange(width)[None, :]
    lighter = (slant // stroke % 3 == 0)[:, :, None]
    pixels = picture.astype(np.int32)
    lifted: Picture = (pixels + (np.array(PAPER) - pixels) * lighter // 4).astype(np.uint8)
    return lifted


def dim(picture: Picture) -> Picture:
    """Return the picture in the dark: nearly without colour or contrast, greenish, a vignette.

    Seven eighths of the colour are lost. Of the light a half arrives in the middle, and in the
    corners two fifths of that; what is black glows a little.

    >>> dim(np.full((1, 1, 3), 160, np.uint8)).tolist()  # 80 + 14, in the tint of its glow
    [[[73, 94, 77]]]
    """
    height, width, _ = picture.shape
    down, across = (2 * np.arange(n) + 1 - n for n in (height, width))
    far = (down[:, None] ** 2 * width**2 + across[None, :] ** 2 * height**2) * 300
    light = (1000 - far // (height * width) ** 2)[:, :, None]  # 1000 to 400 thousandths
    pixels = picture.astype(np.int64)
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    grey = ((299 * red + 587 * green + 114 * blue) // 1000)[:, :, None]
    seen = 14 + (7 * grey + pixels) * light // 16_000
    tinted: Picture = (seen * np.array(GLOW) // 100).astype(np.uint8)
    return tinted


def noisy(picture: Picture, most: int, look: int) -> Picture:
    """Return the picture as a sensor sees it that is off by up to `most` grey levels.

    The scene's look decides about the noise: of one scene and its like with another thing in
    it, two pictures have the same.
    """
    height, width, _ = picture.shape
    cell = max(1, height // SENSOR_LINES)
    rows, columns = -(-height // cell), -(-width // cell)
    drawn = np.random.default_rng(abs(look)).random((2, rows, columns)).sum(axis=0)  # 0 to 2
    off = ((drawn - 1) * most).astype(np.int64).repeat(cell, axis=0).repeat(cell, axis=1)
    pixels = picture + off[:height, :width, None]
    seen: Picture = pixels.clip(0, 255).astype(np.uint8)
    return seen


DRAWN: Mapping[str, Style] = MappingProxyType(
    {
        "flat": Style(as_it_is, None, None, None, unfinished),
        "sketch": Style(
            pencil_tone(0.34),
            pencil_tone(0.5),
            (SOFT_GRAPHITE, 0.005),
            (GRAPHITE, 0.008),
            grained,
        ),
        "washed-out": Style(as_it_is, None, None, None, washed),
        "night-camera": Style(as_it_is, None, None, (SHARPENED, 0.006), dim, noise=16),
    }
)
