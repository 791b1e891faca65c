"""Backdrops without weather: a sheet of plain paper, and a windowsill seen from inside."""

from mmcourse.world.looks.backdrops.shapes import CLOUD, SUN
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.tones import darker, lighter
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB

PAPERS: tuple[RGB, ...] = (
    (206, 222, 236),
    (216, 228, 202),
    (234, 218, 196),
    (222, 210, 230),
    (198, 226, 222),
    (236, 210, 210),
    (230, 224, 186),
)
"""Pale, but darker than white things and lighter than grey ones."""

WALLS: tuple[RGB, ...] = ((240, 226, 204), (226, 212, 228), (206, 224, 216), (244, 218, 210))
CLOTHS: tuple[RGB, ...] = ((206, 104, 100), (104, 138, 190), (126, 166, 116), (222, 178, 104))
FRAME: RGB = (128, 86, 52)


def plain(canvas: Canvas, variety: Variety) -> None:
    """Paint a sheet of coloured paper: bare, dotted or striped."""
    width, paper = canvas.aspect, variety.pick(PAPERS)
    canvas.rectangle((0, 0, width, 1), paper, edge=False)
    pattern, faint = variety.pick(("bare", "dots", "stripes")), lighter(paper, 0.35)
    if pattern == "dots":
        for row in range(5):
            for column in range(round(5 * width)):
                x = (column + (0.25 if row % 2 else 0.75)) / 5
                canvas.disc((x, (row + 0.5) / 5), 0.022, faint, edge=False)
    if pattern == "stripes":
        for index in range(round(6 * width)):
            canvas.rectangle((index / 6, 0, index / 6 + 1 / 12, 1), faint, edge=False)


def windowsill(canvas: Canvas, variety: Variety) -> None:
    """Paint a papered wall, a window with curtains, and the sill where things stand."""
    width, wall, cloth = canvas.aspect, variety.pick(WALLS), variety.pick(CLOTHS)
    canvas.rectangle((0, 0, width, 1.05), wall, edge=False)
    for index in range(round(9 * width)):
        canvas.rectangle((index / 9, 0, index / 9 + 0.03, 1), darker(wall, 0.05), edge=False)
    _window(canvas, variety, 0.15, width - 0.15)
    for mirrored in (False, True):
        with canvas.placed((width if mirrored else 0, 0), 1, mirrored=mirrored):
            _curtain(canvas, cloth)
    canvas.rounded((0.02, 0.02, width - 0.02, 0.055), 0.015, darker(FRAME, 0.2))  # rail
    canvas.rectangle((0, 0.93, width, 1.05), darker(wall, 0.16), edge=False)
    canvas.rectangle((0.03, 0.83, width - 0.03, 0.905), (250, 246, 238))  # sill
    canvas.rectangle((0.03, 0.9, width - 0.03, 0.93), (212, 198, 180), edge=False)


def _window(canvas: Canvas, variety: Variety, left: float, right: float) -> None:
    canvas.rectangle((left, 0.05, right, 0.84), FRAME)
    canvas.rectangle((left + 0.035, 0.085, right - 0.035, 0.83), (178, 222, 248), edge=False)
    sun = (variety.between(left + 0.12, right - 0.12), 0.22)
    canvas.disc(sun, 0.055, SUN, edge=False)
    cloud = (variety.between(left + 0.15, right - 0.15), 0.32)
    canvas.ellipse(cloud, (0.09, 0.025), CLOUD, edge=False)
    for index in range(round(2 * canvas.aspect)):  # hills outside
        x = left + 0.2 + 0.36 * index
        hill = [(x - 0.15, 0.83), (x - 0.1, 0.7), (x, 0.66), (x + 0.1, 0.7), (x + 0.15, 0.83)]
        canvas.blob(hill, (146, 204, 128), edge=False)
    bars = max(1, round(2 * canvas.aspect) - 1)
    for index in range(bars):
        x = left + (index + 1) * (right - left) / (bars + 1)
        canvas.rectangle((x - 0.014, 0.08, x + 0.014, 0.84), lighter(FRAME, 0.2), edge=False)
    canvas.rectangle((left, 0.43, right, 0.455), lighter(FRAME, 0.2), edge=False)


def _curtain(canvas: Canvas, cloth: RGB) -> None:
    canvas.blob([(0.05, 0.03), (0.3, 0.02), (0.25, 0.3), (0.13, 0.62), (0.05, 0.68)], cloth)
    for top, bottom in ((0.11, 0.09), (0.18, 0.14)):  # folds
        canvas.line([(top, 0.04), (bottom, 0.58)], 0.012, darker(cloth, 0.16))
