"""Backdrops in the open country: meadow, forest, desert, snow.

They hold nothing that is itself a kind, except trees in the forest and in the snow, where no
`tree` is ever an object.
"""

from mmcourse.world.looks.backdrops.shapes import (
    clouds,
    hills,
    pine,
    rows,
    scattered,
    sun,
    tuft,
)
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.outlines import Point
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB

SNOW: RGB = (238, 244, 251)
GRASS: tuple[RGB, ...] = ((84, 164, 66), (142, 212, 104))
FERN: tuple[RGB, ...] = ((56, 98, 52), (110, 152, 82))
LEAVES: tuple[RGB, ...] = ((48, 110, 70), (62, 128, 78))


def meadow(canvas: Canvas, variety: Variety) -> None:
    """Paint green hills, tufts of grass and perhaps a fence under a blue sky."""
    canvas.gradient(0, 0.74, (98, 182, 246), (214, 240, 253))
    sun(canvas, variety, 0.15)
    clouds(canvas, variety, 2)
    hills(canvas, variety, 0.66, 0.04, (148, 210, 112))
    if variety.chance(0.5):
        _fence(canvas, variety.between(0, canvas.aspect - 0.5))
    hills(canvas, variety, 0.76, 0.02, (116, 194, 84))
    for at in scattered(canvas, variety, 9, 0.8, 1):
        tuft(canvas, at, 0.022, variety.pick(GRASS))


def _fence(canvas: Canvas, left: float) -> None:
    wood = (184, 148, 104)
    for y in (0.69, 0.725):
        canvas.rectangle((left - 0.03, y - 0.006, left + 0.47, y + 0.006), wood)
    for post in range(5):
        x = left + 0.11 * post
        canvas.rectangle((x - 0.011, 0.66, x + 0.011, 0.77), wood)


def forest(canvas: Canvas, variety: Variety) -> None:
    """Paint tall trunks under leaves, dim pines behind them, ferns in front."""
    canvas.gradient(0, 0.82, (158, 202, 154), (208, 228, 178))
    for x in rows(canvas, variety, 7):
        pine(canvas, (x, 0.8), variety.between(0.46, 0.6), (116, 168, 122))
    for x in rows(canvas, variety, 6):
        half = variety.between(0.019, 0.034)
        trunk = [(x - half, 0), (x + half, 0), (x + 1.3 * half, 0.82), (x - 1.3 * half, 0.82)]
        canvas.polygon(trunk, (92, 72, 58))
        canvas.rectangle((x - half, 0, x - 0.3 * half, 0.8), (112, 90, 70), edge=False)
    for x in rows(canvas, variety, 9):
        at = (x, variety.between(-0.02, 0.04))
        canvas.ellipse(at, (0.12, 0.1), variety.pick(LEAVES))
    hills(canvas, variety, 0.76, 0.018, (82, 124, 66))
    for at in scattered(canvas, variety, 8, 0.8, 1):
        tuft(canvas, at, 0.03, variety.pick(FERN))


def desert(canvas: Canvas, variety: Variety) -> None:
    """Paint dunes, a table mountain, cacti and a pale sun."""
    width = canvas.aspect
    canvas.gradient(0, 0.72, (240, 178, 108), (254, 230, 178))
    canvas.disc((variety.between(0.2, 0.8) * width, 0.2), 0.1, (255, 248, 210))
    x = variety.between(0.15, 0.85) * width
    table = [(x - 0.26, 0.7), (x - 0.16, 0.48), (x + 0.1, 0.48), (x + 0.13, 0.54)]
    canvas.polygon([*table, (x + 0.19, 0.54), (x + 0.29, 0.7)], (206, 136, 96))
    hills(canvas, variety, 0.62, 0.05, (230, 168, 98))
    for at_left in (True, False):
        if variety.chance(0.75):
            x, y = variety.between(0.04, 0.16), variety.between(0.72, 0.8)
            _cactus(canvas, (x if at_left else width - x, y), variety.between(0.2, 0.28))
    hills(canvas, variety, 0.76, 0.035, (240, 188, 118))
    for x, y in scattered(canvas, variety, 3, 0.84, 0.98):
        ripple = [(x - 0.09, y), (x, y - 0.012), (x + 0.09, y)]
        canvas.curve(ripple, 0.01, (224, 168, 98))


def _cactus(canvas: Canvas, foot: Point, height: float) -> None:
    green = (84, 138, 92)
    with canvas.placed(foot, height):
        canvas.line([(0, 0.1), (0, -0.9)], 0.2, green, edge=True)
        canvas.curve([(0, -0.35), (0.26, -0.38), (0.3, -0.72)], 0.14, green)
        canvas.curve([(0, -0.2), (-0.24, -0.24), (-0.28, -0.55)], 0.14, green)


def snow(canvas: Canvas, variety: Variety) -> None:
    """Paint white hills and pines capped with snow under a grey-blue sky."""
    canvas.gradient(0, 0.75, (160, 186, 216), (222, 232, 243))
    hills(canvas, variety, 0.6, 0.05, (206, 220, 236))
    for x in rows(canvas, variety, 6):
        height = variety.between(0.24, 0.4)
        pine(canvas, (x, 0.75), height, (104, 146, 142))
        with canvas.placed((x, 0.75 - height), height):
            canvas.polygon([(-0.11, 0.24), (0, 0), (0.11, 0.24), (0, 0.18)], SNOW)
    hills(canvas, variety, 0.71, 0.03, SNOW)
    hills(canvas, variety, 0.84, 0.025, (221, 231, 245))


def snowfall(canvas: Canvas, variety: Variety) -> None:
    """Paint flakes that one can see through over everything."""
    with canvas.see_through(0.85):
        for at in scattered(canvas, variety, 22, 0, 1):
            canvas.disc(at, variety.between(0.005, 0.01), (255, 255, 255), edge=False)
