"""Drawings in other styles than the drawn world's, for `foreign_drawings`: a function each."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import cos, pi, sin

import numpy as np
from PIL.ImageDraw import ImageDraw

INK = "black"


def _stick_figure(pen: ImageDraw) -> None:
    pen.ellipse((108, 30, 148, 70), outline=INK, width=4)
    for line in ((128, 70, 128, 150), (128, 95, 85, 125), (128, 95, 171, 125),
                 (128, 150, 95, 220), (128, 150, 161, 220)):  # fmt: skip
        pen.line(line, INK, 4)


def _smiling_face(pen: ImageDraw) -> None:
    pen.ellipse((28, 28, 228, 228), "gold", INK, 5)
    for left in (85, 150):
        pen.ellipse((left, 85, left + 22, 120), INK)
    pen.arc((75, 90, 181, 190), 20, 160, INK, 8)


def _line_house(pen: ImageDraw) -> None:
    pen.rectangle((60, 110, 196, 220), outline=INK, width=3)
    pen.line((50, 112, 128, 40, 206, 112), INK, 3)
    pen.rectangle((110, 160, 146, 220), outline=INK, width=3)


def _discs(pen: ImageDraw) -> None:
    rng = np.random.default_rng(1)
    for x, y, r, *colour in rng.integers(0, 256, (40, 6)).tolist():
        pen.ellipse((x - r // 6, y - r // 6, x + r // 6, y + r // 6), tuple(colour))


def _boxes(pen: ImageDraw) -> None:
    rng = np.random.default_rng(2)
    for x, y, r, *colour in rng.integers(0, 256, (25, 6)).tolist():
        pen.rectangle((x, y, x + r // 3, y + r // 4), tuple(colour))


def _mondrian(pen: ImageDraw) -> None:
    for box, colour in (
        ((0, 0, 90, 120), "red"), ((160, 0, 256, 70), "white"), ((90, 120, 200, 200), "blue"),
        ((200, 200, 256, 256), "yellow"), ((0, 200, 90, 256), "white"),
    ):  # fmt: skip
        pen.rectangle(box, colour)
    for at in (90, 200):
        pen.line((at, 0, at, 256), INK, 9)
        pen.line((0, at + 10, 256, at + 10), INK, 9)


def _flag(pen: ImageDraw) -> None:
    for at, colour in enumerate(("black", "red", "gold")):
        pen.rectangle((0, 86 * at, 256, 86 * at + 86), colour)


def _target(pen: ImageDraw) -> None:
    for at, colour in enumerate(("white", "black", "blue", "red", "yellow")):
        pen.ellipse((20 + 22 * at, 20 + 22 * at, 236 - 22 * at, 236 - 22 * at), colour, INK)


def _star(pen: ImageDraw) -> None:
    pen.rectangle((0, 0, 256, 256), "navy")
    points = [
        (128 + r * sin(at * pi / 5), 128 - r * cos(at * pi / 5))
        for at in range(10)
        for r in [100 if at % 2 == 0 else 42]
    ]
    pen.polygon(points, "gold")


def _maze(pen: ImageDraw) -> None:
    rng = np.random.default_rng(3)
    for x in range(0, 256, 16):
        for y in range(0, 256, 16):
            ends = (x, y, x + 16, y + 16) if rng.random() < 0.5 else (x + 16, y, x, y + 16)
            pen.line(ends, INK, 3)


def _pixel_art(pen: ImageDraw) -> None:
    pen.rectangle((0, 0, 256, 256), "black")
    half = np.random.default_rng(4).random((8, 4)) < 0.55
    for row, line in enumerate(np.hstack([half, half[:, ::-1]])):
        for column, on in enumerate(line):
            if on:
                left, top = 48 + 20 * column, 48 + 20 * row
                pen.rectangle((left, top, left + 19, top + 19), "lime")


def _spiral(pen: ImageDraw) -> None:
    points = [(128 + t * cos(t / 5), 128 + t * sin(t / 5)) for t in np.arange(0, 115, 0.5)]
    pen.line(points, "purple", 5)


def _tree_of_lines(pen: ImageDraw) -> None:
    def branch(x: float, y: float, angle: float, length: float) -> None:
        if length < 6:
            return
        to = (x + length * sin(angle), y - length * cos(angle))
        pen.line((x, y, *to), "saddlebrown", max(1, round(length / 8)))
        branch(*to, angle - 0.4, 0.72 * length)
        branch(*to, angle + 0.5, 0.72 * length)

    branch(128, 250, 0, 65)


def _flow_chart(pen: ImageDraw) -> None:
    for top in (20, 105, 190):
        pen.rounded_rectangle((70, top, 186, top + 45), 8, "lavender", "slateblue", 3)
        pen.text((100, top + 15), "step", INK)
    for top in (65, 150):
        pen.line((128, top, 128, top + 40), INK, 3)


def _network(pen: ImageDraw) -> None:
    places = np.random.default_rng(5).integers(20, 236, (14, 2)).tolist()
    for first, second in [*pairwise(places), *zip(places, places[4:], strict=False)]:
        pen.line((*first, *second), "grey", 2)
    for x, y in places:
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), "tomato", INK)


def _barcode(pen: ImageDraw) -> None:
    x, rng = 20, np.random.default_rng(6)
    while x < 236:
        wide = int(rng.integers(2, 9))
        pen.rectangle((x, 40, x + wide, 216), INK)
        x += wide + int(rng.integers(3, 9))


def _squares_code(pen: ImageDraw) -> None:
    for row, line in enumerate(np.random.default_rng(8).random((21, 21)) < 0.5):
        for column, on in enumerate(line):
            if on:
                pen.rectangle(
                    (23 + 10 * column, 23 + 10 * row, 32 + 10 * column, 32 + 10 * row), INK
                )


def _clock(pen: ImageDraw) -> None:
    pen.ellipse((30, 30, 226, 226), "ivory", INK, 6)
    for at in range(12):
        x, y = sin(at * pi / 6), cos(at * pi / 6)
        pen.line((128 + 80 * x, 128 - 80 * y, 128 + 92 * x, 128 - 92 * y), INK, 4)
    pen.line((128, 128, 128, 60), INK, 6)
    pen.line((128, 128, 175, 150), "red", 4)


def _triangles(pen: ImageDraw) -> None:
    colours = ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51")
    for row in range(8):
        for column in range(8):
            left, top = 32 * column, 32 * row
            pen.rectangle((left, top, left + 32, top + 32), colours[(row + column) % 5])
            pen.polygon(
                [(left, top), (left + 32, top), (left, top + 32)],
                colours[(row * 3 + column) % 5],
            )


def _one_disc(pen: ImageDraw) -> None:
    pen.rectangle((0, 0, 256, 256), "lightgreen")
    pen.ellipse((70, 70, 186, 186), "red")


def _outlined_cat(pen: ImageDraw) -> None:
    pen.ellipse((60, 80, 196, 220), outline=INK, width=4)
    for left in (70, 146):
        pen.polygon([(left, 105), (left + 15, 40), (left + 42, 86)], "white", INK, 4)
    for left in (95, 145):
        pen.ellipse((left, 125, left + 14, 145), INK)
    for height in (165, 175, 185):
        pen.line((30, height, 100, 170), INK, 2)
        pen.line((226, height, 156, 170), INK, 2)


def _block_town(pen: ImageDraw) -> None:
    pen.rectangle((0, 0, 256, 256), "#88aadd")
    for at, high in enumerate((90, 140, 70, 180, 110)):
        pen.rectangle((52 * at, 256 - high, 52 * at + 48, 256), "#334455")
        for top in range(256 - high + 10, 250, 20):
            pen.rectangle((52 * at + 10, top, 52 * at + 20, top + 8), "#ffee88")


DRAWINGS: Mapping[str, Callable[[ImageDraw], object]] = {
    name.lstrip("_").replace("_", " "): draw
    for name, draw in list(globals().items())
    if name.startswith("_") and getattr(draw, "__module__", "") == __name__
}
"""What each shows, and who draws it."""
