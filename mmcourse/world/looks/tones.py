"""Colour arithmetic: mixing, darkening, lightening, and what a coloured light does.

Colours are (red, green, blue), whole numbers from 0 to 255. Leaves out where they go.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from mmcourse.world.scenes.vocabulary import RGB

Tone: TypeAlias = Callable[[RGB], RGB]
"""What becomes of a colour, in some light or some style."""

SHADE: RGB = (20, 16, 40)
CREAM: RGB = (255, 252, 240)


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """Return the colour `share` of the way from `first` (0) to `second` (1).

    >>> mix((0, 0, 0), (200, 100, 50), 0.5)
    (100, 50, 25)
    """
    red, green, blue = first
    return (
        int(red + (second[0] - red) * share + 0.5),
        int(green + (second[1] - green) * share + 0.5),
        int(blue + (second[2] - blue) * share + 0.5),
    )


def darker(colour: RGB, share: float = 0.25) -> RGB:
    """Return the colour moved towards a deep violet, as in shade.

    >>> darker((220, 216, 240), 0.5)
    (120, 116, 140)
    """
    return mix(colour, SHADE, share)


def lighter(colour: RGB, share: float = 0.35) -> RGB:
    """Return the colour moved towards a warm white, as in light.

    >>> lighter((155, 152, 140), 0.5)
    (205, 202, 190)
    """
    return mix(colour, CREAM, share)


def brightness(colour: RGB) -> float:
    """Return how bright a colour looks, from 0 (black) to 255 (white).

    The weights are those of ITU-R BT.601, section 2.5.1.

    >>> round(brightness((0, 255, 0)))
    150
    """
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def as_it_is(colour: RGB) -> RGB:
    """Return the colour itself: white light, plain style."""
    return colour


def light_tone(light: RGB, share: float) -> Tone:
    """Return what a coloured light does to colours; `share` is how much it counts.

    >>> light_tone((255, 0, 255), 1.0)((10, 20, 30))
    (10, 0, 30)
    """

    @lru_cache(maxsize=4096)
    def lit(colour: RGB) -> RGB:
        red, green, blue = colour
        shone = red * light[0] // 255, green * light[1] // 255, blue * light[2] // 255
        return mix(colour, shone, share)

    return lit
