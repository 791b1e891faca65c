"""What the drawings of kinds share: the model they draw from, and eyes, wheels and windows.

Every kind is drawn in a frame from -1 to 1 both ways, x to the right, y down, facing right,
its feet at y = 1.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import final

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.outlines import Box, Number, Point
from mmcourse.world.looks.tones import brightness, darker, lighter, mix
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB

INK: RGB = (38, 32, 48)
WHITE: RGB = (252, 252, 250)
PINK: RGB = (244, 160, 170)
NOSE: RGB = (226, 104, 120)
GLASS: RGB = (186, 224, 244)
GLEAM: RGB = (226, 244, 252)
WOOD: RGB = (128, 86, 52)
METAL: RGB = (176, 182, 192)
AMBER: RGB = (248, 166, 50)
LAMP: RGB = (255, 240, 150)
STONE: RGB = (158, 156, 154)

SIDES = (-1, 1)
"""Left and right, as the sign of x."""


@final
@dataclass(frozen=True)
class Model:
    """What a drawing needs to know of the thing that sits for it."""

    colour: RGB
    pose: str
    word: str
    variety: Variety

    @property
    def is_dark(self) -> bool:
        """Whether dark marks would be lost on it."""
        return brightness(self.colour) < 70

    @cached_property
    def shade(self) -> RGB:
        """A shade for stripes and far limbs: darker, or lighter on what is nearly black."""
        return mix(self.colour, METAL, 0.3) if self.is_dark else darker(self.colour, 0.26)

    @cached_property
    def glow(self) -> RGB:
        """A little lighter than its colour, for the side that catches light."""
        return lighter(self.colour, 0.28)

    @cached_property
    def belly(self) -> RGB:
        """Much lighter than its colour, for bellies and muzzles."""
        return lighter(self.colour, 0.58)

    @property
    def marks(self) -> RGB:
        """A colour in which thin marks can be seen on it."""
        return (222, 218, 214) if self.is_dark else INK

    def clear_of(self, first: RGB, second: RGB) -> RGB:
        """Return `first`, or `second` where `first` is too close to its own colour."""
        distance = sum(abs(a - b) for a, b in zip(self.colour, first, strict=True))
        return first if distance > 150 else second


def eye(canvas: Canvas, centre: Point, radius: Number, *, rimmed: bool = False) -> None:
    """Draw a round eye with its highlight; `rimmed` puts it in a white."""
    x, y = centre
    if rimmed:
        canvas.ellipse(centre, (1.5 * radius, 1.6 * radius), WHITE, edge=False)
    canvas.ellipse(centre, (radius, 1.1 * radius), INK, edge=False)
    canvas.disc((x + 0.32 * radius, y - 0.4 * radius), 0.4 * radius, WHITE, edge=False)


def closed_eye(canvas: Canvas, centre: Point, radius: Number, colour: RGB) -> None:
    """Draw an eye asleep: an arc that hangs down."""
    x, y = centre
    lid = [(x - radius, y), (x, y + 0.6 * radius), (x + radius, y)]
    canvas.curve(lid, 0.5 * radius, colour)


def wheel(canvas: Canvas, centre: Point, radius: Number) -> None:
    """Draw a tyre with a bright hub."""
    canvas.disc(centre, radius, (44, 42, 52))
    canvas.disc(centre, 0.52 * radius, (204, 206, 212), edge=False)
    canvas.disc(centre, 0.2 * radius, (120, 122, 132), edge=False)


def pane(canvas: Canvas, box: Box) -> None:
    """Draw a window pane with a slanting gleam."""
    left, top, right, bottom = box
    canvas.rounded(box, 0.05, GLASS, edge=False)
    near, far = left + (right - left) / 3, left + 2 * (right - left) / 3
    canvas.polygon([(near, top), (far, top), (near, bottom), (left, bottom)], GLEAM, edge=False)


def symmetric(*right_half: Point) -> list[Point]:
    """Return the closed outline whose right half, from the top down, is given.

    >>> symmetric((0, -1), (2, 0), (1, 3))
    [(0, -1), (2, 0), (1, 3), (-1, 3), (-2, 0)]
    """
    return [*right_half, *((-x, y) for x, y in reversed(right_half) if x)]
