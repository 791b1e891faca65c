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
from typing import TypeAlias, final

import numpy as np
from jaxtyping import Int32, UInt8
from PIL import Image, ImageDraw

from mmcourse.world.outlines import (
    HALF,
    QUARTERS,
    Number,
    Point,
    Points,
    circle,
    grown,
    ribbon,
    smooth,
    whole,
)
from mmcourse.world.tones import Tone, mix, plain_tone
from mmcourse.world.vocabulary import RGB

Box: TypeAlias = tuple[Number, Number, Number, Number]


@final
class Canvas:
    """A picture being drawn.

    Args:
        height: of the finished picture in pixels.
        width: of the finished picture in pixels.
        fineness: how many times finer the surface is than the picture.
        labels: draw whole numbers (object numbers, for masks) instead of colours.
    """

    def __init__(self, height: int, width: int, fineness: int, *, labels: bool = False) -> None:
        self.aspect = width / height
        self.fineness = fineness
        self._height = height
        size = (width * fineness, height * fineness)
        self._image = Image.new("I" if labels else "RGB", size)
        self._draw = ImageDraw.Draw(self._image)
        self._glaze = None if labels else ImageDraw.Draw(self._image, "RGBA")
        scale = float(height * fineness)
        self._matrix = (scale, 0.0, 0.0, scale, 0.0, 0.0)
        self._tone: Tone = plain_tone
        self._contour: tuple[RGB, float] | None = None
        self._stencil: tuple[RGB | int, float] | None = None
        self._opacity = 255
        self._steps = 4 if height <= 128 else 8

    # Where, and with what, the verbs draw

    @contextmanager
    def placed(
        self, centre: Point, scale: float, *, mirrored: bool = False, tilt: float = 0.0
    ) -> Iterator[None]:
        """Draw in a frame whose unit is `scale`, its origin at `centre`, turned by `tilt` radians."""
        a, b, c, d, _, _ = outer = self._matrix
        cos, sin = math.cos(tilt) * scale, math.sin(tilt) * scale
        side = -1.0 if mirrored else 1.0
        origin = self._transform([centre])[0]
        self._matrix = (
            side * (a * cos + c * sin),
            side * (b * cos + d * sin),
            c * cos - a * sin,
            d * cos - b * sin,
            *origin,
        )
        yield
        self._matrix = outer

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
        self._fill(self._transform(corners), colour, edge=edge)

    def blob(self, corners: Points, colour: RGB, *, edge: bool = True) -> None:
        """Fill the smooth closed curve through the corners."""
        self._fill(
            self._transform(smooth(tuple(corners), self._steps, closed=True)), colour, edge=edge
        )

    def ellipse(
        self, centre: Point, radii: Point, colour: RGB, *, tilt: float = 0.0, edge: bool = True
    ) -> None:
        """Fill an ellipse, turned by `tilt` radians."""
        a, b, *_ = self._matrix
        ring = circle(max(abs(radii[0]), abs(radii[1])) * math.hypot(a, b))
        (x, y), (width, height) = centre, radii
        if tilt:
            cos, sin = math.cos(tilt), math.sin(tilt)
            rim = [
                (x + width * u * cos - height * v * sin, y + width * u * sin + height * v * cos)
                for u, v in ring
            ]
        else:
            rim = [(x + width * u, y + height * v) for u, v in ring]
        self._fill(self._transform(rim), colour, edge=edge)

    def disc(self, centre: Point, radius: Number, colour: RGB, *, edge: bool = True) -> None:
        """Fill a circle."""
        self.ellipse(centre, (radius, radius), colour, edge=edge)

    def rectangle(self, box: Box, colour: RGB, *, edge: bool = True) -> None:
        """Fill the box (left, top, right, bottom)."""
        left, top, right, bottom = box
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self._fill(self._transform(corners), colour, edge=edge)

    def rounded(self, box: Box, radius: Number, colour: RGB, *, edge: bool = True) -> None:
        """Fill the box (left, top, right, bottom) with rounded corners."""
        left, top, right, bottom = box
        centres = (
            (right - radius, bottom - radius),
            (left + radius, bottom - radius),
            (left + radius, top + radius),
            (right - radius, top + radius),
        )
        rim = [
            (x + radius * cos, y + radius * sin)
            for (x, y), corner in zip(centres, QUARTERS, strict=True)
            for cos, sin in corner
        ]
        self._fill(self._transform(rim), colour, edge=edge)

    def line(self, corners: Points, width: Number, colour: RGB, *, edge: bool = False) -> None:
        """Draw a line with round ends, at least one pixel of the picture wide."""
        a, b, *_ = self._matrix
        thickness = max(width * math.hypot(a, b), 1.1 * self.fineness)
        self._fill(ribbon(self._transform(corners), thickness / 2), colour, edge=edge)

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

    def label_map(self) -> Int32[np.ndarray, "fine_height fine_width"]:
        """Return the labels at every fine pixel."""
        return np.array(self._image)

    # How a shape reaches the surface

    def _transform(self, points: Points) -> list[tuple[float, float]]:
        a, b, c, d, e, f = self._matrix
        return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]

    def _fill(self, corners: list[tuple[float, float]], colour: RGB, *, edge: bool) -> None:
        if self._stencil is not None:
            value, growth = self._stencil
            self._draw.polygon(whole(grown(corners, growth) if growth else corners), fill=value)
            return
        if self._contour is not None and edge:
            ink, width = self._contour
            rim = grown(corners, width * self._height * self.fineness)
            self._draw.polygon(whole(rim), fill=ink)
        if self._opacity < 255 and self._glaze is not None:
            self._glaze.polygon(whole(corners), fill=(*self._tone(colour), self._opacity))
        else:
            self._draw.polygon(whole(corners), fill=self._tone(colour))


@lru_cache(maxsize=256)
def _gradient(height: int, upper: RGB, lower: RGB) -> Image.Image:
    """Return a picture one pixel wide that runs from one colour to the other."""
    column = Image.new("RGB", (1, height))
    column.putdata([mix(upper, lower, row / max(height - 1, 1)) for row in range(height)])
    return column
