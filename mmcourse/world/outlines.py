"""Corner lists of round shapes: circles, smooth curves, ribbons, grown outlines.

Plain geometry on lists of (x, y), in whatever unit they come. Leaves out drawing.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

Number: TypeAlias = float | int
Point: TypeAlias = tuple[Number, Number]
Points: TypeAlias = Sequence[Point]

HALF = 0.5 + 2**-20
"""Added before cutting to whole pixels; a little over 1/2, so that a corner midway between
two pixels goes the same way whatever the last bit of a sine was."""

LONGEST_MITRE = 2.0
"""How far, in half-widths, the corner of a ribbon or grown outline may stick out."""


def _arc(start: float, stop: float, steps: int) -> tuple[tuple[float, float], ...]:
    angles = [start + (stop - start) * step / steps for step in range(steps + 1)]
    return tuple((math.cos(angle), math.sin(angle)) for angle in angles)


_CIRCLES = {corners: _arc(0, math.tau, corners)[:-1] for corners in (12, 20, 32, 64)}
_CAPS = {steps: _arc(0, math.pi, steps)[1:-1] for steps in (4, 8)}
QUARTERS = tuple(_arc(turn * math.pi / 2, (turn + 1) * math.pi / 2, 3) for turn in range(4))
"""The unit circle's four quarters, four corners each, from the lower right clockwise."""


def circle(radius: float) -> tuple[tuple[float, float], ...]:
    """Return the unit circle, with enough corners to look round at `radius` fine pixels."""
    if radius < 7:
        return _CIRCLES[12]
    if radius < 40:
        return _CIRCLES[20]
    return _CIRCLES[32 if radius < 120 else 64]


@lru_cache(maxsize=2048)
def smooth(corners: tuple[Point, ...], steps: int, *, closed: bool) -> tuple[Point, ...]:
    """Return the Catmull-Rom curve through the corners, `steps` pieces between two of them."""
    count = len(corners)
    curve: list[Point] = []
    for i in range(count if closed else count - 1):
        before = corners[i - 1] if closed or i else corners[0]
        after = corners[(i + 2) % count] if closed or i + 2 < count else corners[-1]
        near = (before, corners[i], corners[(i + 1) % count], after)
        for weights in _catmull_rom(steps):
            x = sum(w * p[0] for w, p in zip(weights, near, strict=True))
            y = sum(w * p[1] for w, p in zip(weights, near, strict=True))
            curve.append((x, y))
    return tuple(curve) if closed else (*curve, corners[-1])


@lru_cache(maxsize=8)
def _catmull_rom(steps: int) -> tuple[tuple[float, float, float, float], ...]:
    weights = []
    for step in range(steps):
        t = step / steps
        weights.append(
            (
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (t**3 - t**2) / 2,
            )
        )
    return tuple(weights)


def ribbon(corners: Points, half: float) -> list[Point]:
    """Return the outline of a line of width `2 * half` with round ends."""
    normals = _corner_normals(corners, closed=False)
    left = [
        (x + half * u, y + half * v) for (x, y), (u, v) in zip(corners, normals, strict=True)
    ]
    right = [
        (x - half * u, y - half * v) for (x, y), (u, v) in zip(corners, normals, strict=True)
    ]
    cap = _CAPS[4 if half < 8 else 8]
    (x, y), (u, v) = corners[-1], normals[-1]
    end = [(x + half * (u * c + v * s), y + half * (v * c - u * s)) for c, s in cap]
    (x, y), (u, v) = corners[0], normals[0]
    start = [(x - half * (u * c + v * s), y - half * (v * c - u * s)) for c, s in cap]
    return [*left, *end, *reversed(right), *start]


def grown(corners: Points, distance: float) -> list[Point]:
    """Return the closed outline with its corners moved `distance` outwards."""
    turns = [*corners[1:], corners[0]]
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, turns, strict=True))
    out = -distance if area > 0 else distance
    normals = _corner_normals(corners, closed=True)
    return [(x + out * u, y + out * v) for (x, y), (u, v) in zip(corners, normals, strict=True)]


def _corner_normals(corners: Points, *, closed: bool) -> list[tuple[float, float]]:
    """Return at each corner the mean normal of its two sides, lengthened to keep the width."""
    sides = [_normal(a, b) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]
    if not closed:
        sides[-1] = sides[-2] if len(sides) > 1 else (0.0, 1.0)
    normals = []
    before = sides[-1] if closed else sides[0]
    for side in sides:
        u, v = before[0] + side[0], before[1] + side[1]
        square = u * u + v * v
        lengthen = min(2 / square, LONGEST_MITRE) if square > 1e-9 else 1.0
        normals.append((u * lengthen, v * lengthen))
        before = side
    return normals


def _normal(start: Point, stop: Point) -> tuple[float, float]:
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    return -dy / length, dx / length


def whole(corners: Points) -> list[int]:
    """Return x, y, x, y, ... rounded to whole pixels.

    >>> whole([(0.4, 1.5), (2.6, 3.0)])
    [0, 2, 3, 3]
    """
    return [int(number + HALF) for corner in corners for number in corner]
