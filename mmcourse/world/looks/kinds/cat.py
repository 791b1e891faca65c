"""Drawing of a cat."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import (
    INK,
    NOSE,
    PINK,
    SIDES,
    WHITE,
    Model,
    closed_eye,
    symmetric,
)
from mmcourse.world.looks.outlines import Point
from mmcourse.world.scenes.vocabulary import RGB


def cat(canvas: Canvas, model: Model) -> None:
    """Draw a cat: sitting (seen from the front), standing or sleeping (from the side)."""
    if model.pose == "sitting":
        _sitting(canvas, model)
    elif model.pose == "standing":
        _standing(canvas, model)
    else:
        _sleeping(canvas, model)


def _sitting(canvas: Canvas, model: Model) -> None:
    tail = [(0.25, 0.84), (0.72, 0.82), (0.9, 0.42), (0.74, 0.1)]
    canvas.curve(tail, 0.18, model.shade, edge=True)
    body = symmetric((0, -0.15), (0.34, 0.1), (0.52, 0.6), (0.46, 0.95), (0, 1))
    canvas.blob(body, model.colour)
    canvas.ellipse((0, 0.44), (0.25, 0.36), model.belly, edge=False)
    for side in SIDES:
        canvas.line([(side * 0.15, 0.5), (side * 0.16, 0.88)], 0.19, model.colour)  # front legs
        canvas.ellipse((side * 0.2, 0.93), (0.18, 0.09), model.belly)  # paws
    _head(canvas, model, (0, -0.36), 0.52)


def _standing(canvas: Canvas, model: Model) -> None:
    tail = [(-0.62, 0.15), (-0.92, -0.1), (-0.86, -0.55), (-0.66, -0.72)]
    canvas.curve(tail, 0.17, model.colour, edge=True)
    for x in (-0.42, 0.32):  # far legs
        canvas.line([(x, 0.4), (x, 0.88)], 0.19, model.shade, edge=True)
    for x in (-0.6, 0.48):  # near legs
        canvas.line([(x, 0.4), (x, 0.9)], 0.2, model.colour, edge=True)
    body = [(-0.72, 0.1), (-0.3, -0.08), (0.3, -0.1), (0.62, 0.1), (0.6, 0.45), (0.1, 0.55)]
    canvas.blob([*body, (-0.5, 0.52), (-0.74, 0.35)], model.colour)
    for x in (-0.42, -0.17, 0.08):  # stripes
        stripe = [(x, -0.02), (x + 0.05, 0.1), (x + 0.03, 0.22)]
        canvas.curve(stripe, 0.08, model.shade)
    _head(canvas, model, (0.56, -0.22), 0.44)


def _sleeping(canvas: Canvas, model: Model) -> None:
    canvas.ellipse((-0.04, 0.5), (0.93, 0.5), model.colour)  # curled up
    for x in (-0.5, -0.24, 0.02):  # stripes
        stripe = [(x, 0.08), (x + 0.05, 0.2), (x + 0.03, 0.32)]
        canvas.curve(stripe, 0.09, model.shade)
    _head(canvas, model, (0.46, 0.42), 0.47)
    tail = [(-0.86, 0.55), (-0.8, 0.84), (-0.35, 0.92), (0.2, 0.88)]
    canvas.curve(tail, 0.2, model.shade, edge=True)


def _head(canvas: Canvas, model: Model, centre: Point, size: float) -> None:
    iris = model.variety.pick(((168, 214, 92), (250, 206, 70)))
    with canvas.placed(centre, size):
        for side in SIDES:  # ears
            ear = [(side * 0.94, -0.1), (side * 0.86, -1.12), (side * 0.16, -0.66)]
            canvas.polygon(ear, model.colour)
            inside = [(side * 0.76, -0.4), (side * 0.76, -0.88), (side * 0.38, -0.64)]
            canvas.polygon(inside, PINK, edge=False)
        canvas.ellipse((0, 0), (1, 0.82), model.colour)
        for x in (-0.22, 0, 0.22):  # stripes on the forehead
            canvas.line([(x, -0.72), (0.8 * x, -0.5)], 0.09, model.shade)
        canvas.ellipse((0, 0.36), (0.46, 0.33), model.belly, edge=False)  # muzzle
        for side in SIDES:
            _eye(canvas, model, (side * 0.42, -0.06), iris)
            for start, stop in ((0.33, 0.14), (0.41, 0.46)):  # whiskers
                canvas.line([(side * 0.5, start), (side * 1.2, stop)], 0.04, model.marks)
        canvas.polygon([(-0.14, 0.19), (0.14, 0.19), (0, 0.34)], NOSE, edge=False)
        mouth = [(-0.2, 0.48), (-0.1, 0.54), (0, 0.4), (0.1, 0.54), (0.2, 0.48)]
        canvas.curve(mouth, 0.06, INK)


def _eye(canvas: Canvas, model: Model, centre: Point, iris: RGB) -> None:
    """Draw a big eye with a slit, or a closed one."""
    x, y = centre
    if model.pose == "sleeping":
        closed_eye(canvas, (x, y + 0.06), 0.22, model.marks)
        return
    canvas.ellipse(centre, (0.23, 0.26), iris, edge=False)
    canvas.ellipse(centre, (0.1, 0.24), INK, edge=False)
    canvas.disc((x + 0.06, y - 0.1), 0.06, WHITE, edge=False)
