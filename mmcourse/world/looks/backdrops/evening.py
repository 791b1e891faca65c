"""Backdrops at the end of the day: sunset and night."""

from mmcourse.world.looks.backdrops.shapes import hills, scattered
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.variety import Variety


def sunset(canvas: Canvas, variety: Variety) -> None:
    """Paint a big low sun in a sky from violet to gold, over dark hills."""
    canvas.gradient(0, 0.4, (104, 70, 148), (240, 112, 104))
    canvas.gradient(0.4, 0.76, (241, 114, 102), (255, 210, 118))
    x = variety.between(0.25, 0.75) * canvas.aspect
    with canvas.see_through(0.3):
        canvas.disc((x, 0.64), 0.23, (255, 226, 130), edge=False)
    canvas.disc((x, 0.64), 0.16, (255, 240, 160))
    with canvas.see_through(0.75):
        for at in scattered(canvas, variety, 4, 0.12, 0.46):
            canvas.ellipse(at, (variety.between(0.1, 0.22), 0.016), (252, 164, 138), edge=False)
    hills(canvas, variety, 0.68, 0.03, (150, 78, 100))
    hills(canvas, variety, 0.78, 0.02, (118, 66, 92))


def night(canvas: Canvas, variety: Variety) -> None:
    """Paint dark hills under stars and a full moon."""
    canvas.gradient(0, 0.8, (18, 24, 66), (66, 70, 136))
    for at in scattered(canvas, variety, 20, 0, 0.62):
        canvas.disc(at, variety.between(0.004, 0.009), (255, 250, 220), edge=False)
    x, y = variety.pick((0.16, canvas.aspect - 0.16)), 0.16
    with canvas.see_through(0.22):
        canvas.disc((x, y), 0.13, (250, 240, 196), edge=False)
    canvas.disc((x, y), 0.09, (250, 242, 200))
    for dx, dy, size in ((-0.03, -0.02, 0.02), (0.03, 0.03, 0.026), (0.02, -0.04, 0.013)):
        canvas.disc((x + dx, y + dy), size, (230, 218, 172), edge=False)
    hills(canvas, variety, 0.7, 0.04, (40, 48, 92))
    hills(canvas, variety, 0.8, 0.02, (50, 66, 96))
