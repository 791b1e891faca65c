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
Box: TypeAlias = tuple[Number, Number, Number, Number]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f) moves (x, y) to (a x + c y + e, b x + d y + f)."""

HALF = 0.5 + 2**-20
"""Added before cutting to whole pixels; a little over 1/2, so that a corner midway between
two pixels goes the same way whatever the last bit of a sine was."""

LONGEST_MITRE = 2.0
"""How far, in half-widths, the corner of a ribbon or grown outline may stick out."""


def _arc(start: float, stop: float, steps: int) -> tuple[tuple[float, float], ...]:
    angles = [start + (stop - start) * step / steps for step in range(steps + 1)]
    return tuple((math.cos(angle), math.sin(angle)) for angle in angles)


_CIRCLES = {corners: _arc(0, math.tau, corners)[:-1] for corners in (8, 12, 16, 24, 64)}
_CAP = _arc(0, math.pi, 4)[1:-1]
_QUARTERS = tuple(_arc(turn * math.pi / 2, (turn + 1) * math.pi / 2, 3) for turn in range(4))
"""The unit circle's four quarters, four corners each, from the lower right clockwise."""


def circle(radius: float) -> tuple[tuple[float, float], ...]:
    """Return the unit circle, with enough corners to look round at `radius` fine pixels.

    >>> len(circle(2)), len(circle(200))
    (8, 64)
    """
    if radius < 10:
        return _CIRCLES[8 if radius < 4 else 12]
    if radius < 60:
        return _CIRCLES[16 if radius < 26 else 24]
    return _CIRCLES[64]


@lru_cache(maxsize=2048)
def smooth(corners: tuple[Point, ...], steps: int, *, closed: bool) -> tuple[Point, ...]:
    """Return the Catmull-Rom curve through the corners, `steps` pieces between two of them.

    >>> smooth(((0, 0), (4, 0), (8, 0)), 2, closed=False)
    ((0.0, 0.0), (1.75, 0.0), (4.0, 0.0), (6.25, 0.0), (8, 0))
    """
    count = len(corners)
    curve: list[Point] = []
    for i in range(count if closed else count - 1):
        before = corners[i - 1] if closed or i else corners[0]
        after = corners[(i + 2) % count] if closed or i + 2 < count else corners[-1]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
            before,
            corners[i],
            corners[i + 1 - count],
            after,
        )
        curve.extend(
            (p * x0 + q * x1 + r * x2 + s * x3, p * y0 + q * y1 + r * y2 + s * y3)
            for p, q, r, s in _catmull_rom(steps)
        )
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


@lru_cache(maxsize=2048)
def rounded_box(box: Box, radius: Number) -> tuple[Point, ...]:
    """Return the outline of (left, top, right, bottom) with corners rounded by `radius`.

    >>> min(x for x, y in rounded_box((2, 0, 6, 4), 1)), len(rounded_box((2, 0, 6, 4), 1))
    (2.0, 16)
    """
    left, top, right, bottom = (
        box[0] + radius,
        box[1] + radius,
        box[2] - radius,
        box[3] - radius,
    )
    centres = ((right, bottom), (left, bottom), (left, top), (right, top))
    return tuple(
        (x + radius * cos, y + radius * sin)
        for (x, y), quarter in zip(centres, _QUARTERS, strict=True)
        for cos, sin in quarter
    )


@lru_cache(maxsize=4096)
def ribbon(corners: tuple[Point, ...], half: float) -> tuple[Point, ...]:
    """Return the outline of a line of width `2 * half` with round ends.

    The left side comes first.

    >>> ribbon(((0, 0), (6, 0)), 1)[:2]
    ((0.0, 1.0), (6.0, 1.0))
    """
    normals = _corner_normals(corners, closed=False)
    both = list(zip(corners, normals, strict=True))
    left = [(x + half * u, y + half * v) for (x, y), (u, v) in both]
    right = [(x - half * u, y - half * v) for (x, y), (u, v) in reversed(both)]
    (x, y), (u, v) = both[-1]
    end = [(x + half * (u * c + v * s), y + half * (v * c - u * s)) for c, s in _CAP]
    (x, y), (u, v) = both[0]
    start = [(x - half * (u * c + v * s), y - half * (v * c - u * s)) for c, s in _CAP]
    return (*left, *end, *right, *start)


def grown(corners: Points, distance: float) -> list[Point]:
    """Return the closed outline with its sides moved `distance` outwards.

    >>> grown([(0, 0), (2, 0), (2, 2), (0, 2)], 1)
    [(-1.0, -1.0), (3.0, -1.0), (3.0, 3.0), (-1.0, 3.0)]
    """
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


def moved(corners: Points, matrix: Matrix) -> list[Point]:
    """Return the corners moved by the matrix.

    >>> moved([(1, 2)], (10, 0, 0, 5, 3, 4))
    [(13, 14)]
    """
    a, b, c, d, e, f = matrix
    return [(a * x + c * y + e, b * x + d * y + f) for x, y in corners]


def whole(corners: Points) -> list[int]:
    """Return x, y, x, y, ... rounded to whole pixels.

    >>> whole([(0.4, 1.5), (2.6, 3.0)])
    [0, 2, 3, 3]
    """
    return [int(number + HALF) for corner in corners for number in corner]


def whole_moved(corners: Points, matrix: Matrix) -> list[int]:
    """Return `whole(moved(corners, matrix))`, in half the time.

    >>> whole_moved([(1, 2)], (10, 0, 0, 5, 3.4, 4.6))
    [13, 15]
    """
    a, b, c, d, e, f = matrix
    e, f = e + HALF, f + HALF
    numbers: list[int] = []  # a plain loop: the innermost one of all drawing, timed
    if b == c == 0:  # not turned, as most shapes
        for x, y in corners:
            numbers += int(a * x + e), int(d * y + f)
    else:
        for x, y in corners:
            numbers += int(a * x + c * y + e), int(b * x + d * y + f)
    return numbers
