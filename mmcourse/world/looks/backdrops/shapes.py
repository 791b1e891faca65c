"""Shapes that several backdrops share: hills, sun, clouds, grass, pines.

Everything is in picture heights; x runs from 0 to `canvas.aspect`.
"""

import math
from collections.abc import Iterator

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.outlines import Point
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB

CLOUD: RGB = (255, 255, 255)
SUN: RGB = (255, 226, 98)


def scattered(
    canvas: Canvas, variety: Variety, density: float, top: float, bottom: float
) -> Iterator[Point]:
    """Yield points between two heights, `density` to each square of the picture."""
    for _ in range(round(density * canvas.aspect)):
        yield variety.between(0, canvas.aspect), variety.between(top, bottom)


def rows(canvas: Canvas, variety: Variety, density: float) -> Iterator[float]:
    """Yield x of things in a row, one in each of `density` columns to a picture height."""
    count = round(density * canvas.aspect)
    for index in range(count):
        yield (index + variety.between(0.1, 0.9)) * canvas.aspect / count


def hills(canvas: Canvas, variety: Variety, top: float, swell: float, colour: RGB) -> None:
    """Paint a rolling ridge around height `top`, and everything below it."""
    first, second = variety.between(0, math.tau), variety.between(0, math.tau)
    steps = round(12 * canvas.aspect)
    ridge = []
    for step in range(steps + 1):
        x = step * canvas.aspect / steps
        rise = math.sin(4.1 * x + first) + 0.6 * math.sin(8.3 * x + second)
        ridge.append((x, top + 0.7 * swell * rise))
    canvas.polygon([*ridge, (canvas.aspect + 0.1, 1.1), (-0.1, 1.1)], colour)


def sun(canvas: Canvas, variety: Variety, height: float) -> None:
    """Paint a sun with its halo near the left or right edge."""
    x = variety.between(0.1, 0.18)
    x = x if variety.chance(0.5) else canvas.aspect - x
    with canvas.see_through(0.35):
        canvas.disc((x, height), 0.115, SUN, edge=False)
    canvas.disc((x, height), 0.085, SUN)


def clouds(canvas: Canvas, variety: Variety, density: float) -> None:
    """Paint white clouds, `density` to each square of the picture."""
    for at in scattered(canvas, variety, density, 0.1, 0.34):
        with canvas.placed(at, variety.between(0.09, 0.13)):
            puff(canvas, CLOUD)


def puff(canvas: Canvas, colour: RGB) -> None:
    """Paint a cloud from -1 to 1, its flat foot at 0.3."""
    crown = [(-1, 0.3), (-0.9, -0.1), (-0.45, -0.15), (-0.2, -0.55), (0.3, -0.5), (0.5, -0.1)]
    canvas.blob([*crown, (0.95, -0.05), (1, 0.3), (0, 0.36)], colour)


def tuft(canvas: Canvas, foot: Point, size: float, colour: RGB) -> None:
    """Paint three blades of grass."""
    with canvas.placed(foot, size):
        blades = [(-0.6, 0), (-0.9, -1), (-0.15, -0.3), (0.05, -1.4), (0.25, -0.3), (0.9, -0.9)]
        canvas.polygon([*blades, (0.6, 0)], colour, edge=False)


def pine(canvas: Canvas, foot: Point, height: float, colour: RGB) -> None:
    """Paint a pine as one jagged shape."""
    side = [(0.13, -0.62), (0.08, -0.62), (0.22, -0.3), (0.15, -0.3), (0.3, 0)]
    mirror = [(-x, y) for x, y in reversed(side)]
    with canvas.placed(foot, height):
        canvas.polygon([(0, -1), *side, *mirror], colour)
