"""Backdrops by, on and under the sea: beach, sea, underwater.

They hold nothing that is itself a kind: no boats, no fish, no birds.
"""

from mmcourse.world.looks.backdrops.shapes import CLOUD, clouds, hills, scattered, sun
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.outlines import Point
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB

SHELLS: tuple[RGB, ...] = ((226, 190, 124), (255, 246, 226))
WEEDS: tuple[RGB, ...] = ((44, 140, 96), (72, 166, 96), (206, 96, 116))


def beach(canvas: Canvas, variety: Variety) -> None:
    """Paint sand with shells and perhaps a sandcastle, a strip of sea, a bright sky."""
    canvas.gradient(0, 0.46, (96, 188, 248), (204, 238, 253))
    sun(canvas, variety, 0.14)
    clouds(canvas, variety, 1)
    canvas.gradient(0.45, 0.7, (36, 146, 200), (96, 208, 216))
    hills(canvas, variety, 0.655, 0.014, (248, 252, 250))
    hills(canvas, variety, 0.685, 0.014, (246, 220, 158))
    for at in scattered(canvas, variety, 8, 0.74, 1):
        canvas.ellipse(at, (0.012, 0.007), variety.pick(SHELLS), edge=False)
    if variety.chance(0.6):
        _sandcastle(canvas, (variety.pick((0.12, canvas.aspect - 0.12)), 0.78))


def _sandcastle(canvas: Canvas, foot: Point) -> None:
    sand, shade = (228, 188, 116), (206, 162, 92)
    with canvas.placed(foot, 0.1):
        canvas.rectangle((-0.8, -0.6, 0.8, 0), sand)
        for x, top in ((-0.8, -1.1), (0.8, -1.1), (0, -1.4)):
            canvas.rectangle((x - 0.28, top, x + 0.28, 0), sand)
            for left in (x - 0.28, x + 0.08):  # battlements
                canvas.rectangle((left, top - 0.2, left + 0.2, top + 0.1), sand, edge=False)
        canvas.ellipse((0, -0.12), (0.16, 0.3), shade, edge=False)


def sea(canvas: Canvas, variety: Variety) -> None:
    """Paint rows of waves up to the horizon."""
    canvas.gradient(0, 0.56, (112, 192, 247), (220, 241, 251))
    sun(canvas, variety, 0.15)
    clouds(canvas, variety, 2)
    canvas.gradient(0.55, 1, (52, 138, 206), (22, 84, 156))
    for x, y in scattered(canvas, variety, 12, 0.59, 0.98):
        half = 0.05 * y + 0.005
        crest = [(x - half, y), (x - 0.4 * half, y - 0.014), (x + 0.4 * half, y)]
        canvas.curve([*crest, (x + half, y - 0.014)], 0.009, (134, 196, 232))


def underwater(canvas: Canvas, variety: Variety) -> None:
    """Paint light falling through water on sand, seaweed, stones and bubbles."""
    canvas.gradient(0, 1, (84, 202, 220), (18, 82, 152))
    with canvas.see_through(0.11):
        for x, _ in scattered(canvas, variety, 3, 0, 1):
            shaft = [(x - 0.05, 0), (x + 0.05, 0), (x - 0.03, 1), (x - 0.25, 1)]
            canvas.polygon(shaft, CLOUD, edge=False)
    for x, height in scattered(canvas, variety, 6, 0.12, 0.28):
        sway = variety.pick((-0.02, 0.02))
        stem = [(x, 0.98), (x + sway, 0.94 - 0.4 * height), (x - sway, 0.94 - 0.7 * height)]
        tip = (x + sway / 2, 0.94 - height)
        canvas.curve([*stem, tip], 0.024, variety.pick(WEEDS), edge=True)
    hills(canvas, variety, 0.915, 0.018, (226, 208, 152))
    for at in scattered(canvas, variety, 2, 0.95, 0.98):
        canvas.ellipse(at, (0.05, 0.03), (156, 152, 148))
    with canvas.see_through(0.6):
        for at in scattered(canvas, variety, 9, 0.03, 0.85):
            canvas.disc(at, variety.between(0.008, 0.02), (214, 244, 255), edge=False)
