"""A drawing surface with few verbs: polygon, blob, ellipse, rectangle, line, curve.

Lengths are picture heights until `placed` changes them; x runs right, y runs down. Every
verb ends in one filled polygon with whole-pixel corners on a surface finer than the
picture, which is then averaged down: so pictures do not depend on how a version of Pillow
draws curves, thick lines or joints. Leaves out gradients in any direction but down, and text.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import product
from typing import final

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw

from mmcourse.world.looks.outlines import (
    HALF,
    Box,
    Matrix,
    Number,
    Point,
    Points,
    circle,
    grown,
    moved,
    ribbon,
    rounded_box,
    smooth,
    whole,
    whole_moved,
)
from mmcourse.world.looks.tones import Tone, as_it_is, mix
from mmcourse.world.scenes.vocabulary import RGB

THINNEST = 1.1
"""Width in pixels of the finished picture that no line goes below."""


@final
class Canvas:
    """A picture being drawn.

    Args:
        height: of the finished picture in pixels.
        width: of the finished picture in pixels.
        fineness: how many times finer the surface is than the picture.
        labels: draw whole numbers (object numbers, for masks) instead of colours.

    >>> canvas = Canvas(height=2, width=4, fineness=3)
    >>> canvas.rectangle((0, 0, 0.9, 1), (250, 140, 28))
    >>> canvas.pixels()[0].tolist()
    [[250, 140, 28], [250, 140, 28], [0, 0, 0], [0, 0, 0]]
    """

    def __init__(self, height: int, width: int, fineness: int, *, labels: bool = False) -> None:
        self.aspect = width / height
        self.fineness = fineness
        self._height = height
        size = (width * fineness, height * fineness)
        self._image = Image.new("I" if labels else "RGB", size)
        self._draw = ImageDraw.Draw(self._image)
        self._glaze = None if labels else ImageDraw.Draw(self._image, "RGBA")
        self._scale = float(height * fineness)
        self._matrix: Matrix = (self._scale, 0.0, 0.0, self._scale, 0.0, 0.0)
        self._tone: Tone = as_it_is
        self._contour: tuple[RGB, float] | None = None
        self._stencil: tuple[RGB | int, float] | None = None
        self._opacity = 255

    # Where, and with what, the verbs draw

    @contextmanager
    def placed(
        self, centre: Point, scale: float, *, mirrored: bool = False, tilt: float = 0.0
    ) -> Iterator[None]:
        """Draw in a frame of unit `scale` with its origin at `centre`, turned by `tilt`."""
        outer = self._matrix, self._scale
        a, b, c, d, e, f = self._matrix
        cos, sin = math.cos(tilt) * scale, math.sin(tilt) * scale
        side = -1.0 if mirrored else 1.0
        x, y = centre
        self._matrix = (
            side * (a * cos + c * sin),
            side * (b * cos + d * sin),
            c * cos - a * sin,
            d * cos - b * sin,
            a * x + c * y + e,
            b * x + d * y + f,
        )
        self._scale *= scale
        yield
        self._matrix, self._scale = outer

    @contextmanager
    def dressed(self, tone: Tone, contour: tuple[RGB, float] | None = None) -> Iterator[None]:
        """Pass every colour through `tone`; edge shapes with a contour (colour, width)."""
        outer = self._tone, self._contour
        self._tone, self._contour = tone, contour
        yield
        self._tone, self._contour = outer

    @contextmanager
    def stencil(self, value: RGB | int, growth: float = 0.0) -> Iterator[None]:
        """Fill with `value` whatever colour is asked for, each shape grown by `growth`."""
        outer = self._stencil
        self._stencil = (value, growth * self._height * self.fineness)
        yield
        self._stencil = outer

    @contextmanager
    def see_through(self, opacity: float) -> Iterator[None]:
        """Let what is underneath shine through; 0 hides the drawing, 1 hides what is below."""
        outer = self._opacity
        self._opacity = int(255 * opacity + HALF)
        yield
        self._opacity = outer

    # Verbs

    def polygon(self, corners: Points, colour: RGB, *, edge: bool = True) -> None:
        """Fill a polygon; `edge` lets a style draw its contour."""
        self._fill(corners, self._matrix, colour, edge=edge)

    def blob(self, corners: Points, colour: RGB, *, edge: bool = True) -> None:
        """Fill the smooth closed curve through the corners."""
        outline = smooth(tuple(corners), self._steps, closed=True)
        self._fill(outline, self._matrix, colour, edge=edge)

    def ellipse(
        self, centre: Point, radii: Point, colour: RGB, *, tilt: float = 0.0, edge: bool = True
    ) -> None:
        """Fill an ellipse, turned by `tilt` radians."""
        a, b, c, d, e, f = self._matrix
        (x, y), (width, height) = centre, radii
        e, f = a * x + c * y + e, b * x + d * y + f
        if tilt:
            cos, sin = math.cos(tilt), math.sin(tilt)
            a, b, c, d = (
                a * cos + c * sin,
                b * cos + d * sin,
                c * cos - a * sin,
                d * cos - b * sin,
            )
        unit_circle = circle(max(width, height) * self._scale)
        matrix = (a * width, b * width, c * height, d * height, e, f)
        self._fill(unit_circle, matrix, colour, edge=edge)

    def disc(self, centre: Point, radius: Number, colour: RGB, *, edge: bool = True) -> None:
        """Fill a circle."""
        self.ellipse(centre, (radius, radius), colour, edge=edge)

    def rectangle(self, box: Box, colour: RGB, *, edge: bool = True) -> None:
        """Fill the box (left, top, right, bottom)."""
        left, top, right, bottom = box
        if self._is_plain and not self._matrix[1]:  # upright: the same pixels, sooner
            x0, y0, x1, y1 = whole_moved(((left, top), (right, bottom)), self._matrix)
            upright = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            self._draw.rectangle(upright, fill=self._tone(colour))
            return
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        self._fill(corners, self._matrix, colour, edge=edge)

    def rounded(self, box: Box, radius: Number, colour: RGB, *, edge: bool = True) -> None:
        """Fill the box (left, top, right, bottom) with rounded corners."""
        self._fill(rounded_box(box, radius), self._matrix, colour, edge=edge)

    def line(self, corners: Points, width: Number, colour: RGB, *, edge: bool = False) -> None:
        """Draw a line with round ends, at least one pixel of the picture wide."""
        half = max(width, THINNEST * self.fineness / self._scale) / 2
        self._fill(ribbon(tuple(corners), half), self._matrix, colour, edge=edge)

    def curve(self, corners: Points, width: Number, colour: RGB, *, edge: bool = False) -> None:
        """Draw a smooth line through the corners, with round ends."""
        self.line(smooth(tuple(corners), self._steps, closed=False), width, colour, edge=edge)

    def gradient(self, top: float, bottom: float, upper: RGB, lower: RGB) -> None:
        """Fill a band across the picture, its colour running from `upper` to `lower`."""
        width, height = self._image.size
        first, last = int(top * height + HALF), int(bottom * height + HALF)
        band = _gradient(last - first, self._tone(upper), self._tone(lower))
        self._image.paste(
            band.resize((width, last - first), Image.Resampling.NEAREST), (0, first)
        )

    # The finished picture

    def snapshot(self) -> Image.Image:
        """Return a copy of what is drawn so far, for `fade`."""
        return self._image.copy()

    def fade(self, before: Image.Image, strength: float) -> None:
        """Keep only a share `strength` of what was drawn since the snapshot `before`."""
        veil = Image.new("L", before.size, 255 - int(255 * strength + HALF))
        self._image.paste(before, mask=veil)

    def pixels(self) -> UInt8[np.ndarray, "height width 3"]:
        """Return the picture, each pixel the mean of its fine pixels."""
        return np.array(self._image.reduce(self.fineness))

    def shares(self, labels: int) -> Float[np.ndarray, "labels height width"]:
        """Return which share of every pixel has label 1, which has label 2, and so on."""
        surface, fine = np.array(self._image), self.fineness
        numbers = np.arange(1, labels + 1)[:, None, None]
        height, width = surface.shape
        found = np.zeros((labels, height // fine, width // fine))
        for row, column in product(range(fine), repeat=2):
            found += surface[row::fine, column::fine] == numbers
        return found / fine**2

    # How a shape reaches the surface

    @property
    def _steps(self) -> int:
        """How many straight pieces stand for a curve between two of its corners."""
        return 2 if self._scale < 48 else 3 if self._scale < 400 else 8

    @property
    def _is_plain(self) -> bool:
        """Whether shapes need no stencil, no contour and no glaze."""
        return self._stencil is None and self._contour is None and self._opacity == 255

    def _fill(self, outline: Points, matrix: Matrix, colour: RGB, *, edge: bool) -> None:
        if self._stencil is not None:
            value, growth = self._stencil
            if not growth:
                self._draw.polygon(whole_moved(outline, matrix), fill=value)
            elif edge:
                self._draw.polygon(whole(grown(moved(outline, matrix), growth)), fill=value)
            return
        if self._contour is not None and edge:
            ink, width = self._contour
            rim = grown(moved(outline, matrix), width * self._height * self.fineness)
            self._draw.polygon(whole(rim), fill=ink)
        if self._opacity < 255 and self._glaze is not None:
            glaze = (*self._tone(colour), self._opacity)
            self._glaze.polygon(whole_moved(outline, matrix), fill=glaze)
        else:
            self._draw.polygon(whole_moved(outline, matrix), fill=self._tone(colour))


@lru_cache(maxsize=256)
def _gradient(height: int, upper: RGB, lower: RGB) -> Image.Image:
    """Return a picture one pixel wide that runs from one colour to the other."""
    column = Image.new("RGB", (1, height))
    column.putdata([mix(upper, lower, row / max(height - 1, 1)) for row in range(height)])
    return column
