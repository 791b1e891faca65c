"""Drawing of a dog."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import INK, NOSE, Model, closed_eye, eye
from mmcourse.world.looks.outlines import Point
from mmcourse.world.scenes.vocabulary import RGB


def dog(canvas: Canvas, model: Model) -> None:
    """Draw a dog with hanging ears: sitting, standing, running or sleeping."""
    if model.pose == "sitting":
        _sitting(canvas, model)
    elif model.pose == "sleeping":
        _sleeping(canvas, model)
    else:
        _on_four_legs(canvas, model, stride=0.32 if model.pose == "running" else 0.0)


def _collar(model: Model) -> RGB:
    return model.clear_of((214, 60, 60), (60, 110, 200))


def _sitting(canvas: Canvas, model: Model) -> None:
    tail = [(-0.4, 0.86), (-0.8, 0.72), (-0.92, 0.42)]
    canvas.curve(tail, 0.16, model.colour, edge=True)
    body = [(0.02, -0.2), (0.36, 0.1), (0.38, 0.6), (0.3, 0.98), (-0.35, 0.98), (-0.6, 0.8)]
    canvas.blob([*body, (-0.5, 0.35), (-0.25, 0)], model.colour)
    canvas.ellipse((-0.28, 0.72), (0.31, 0.27), model.shade, edge=False)  # thigh
    canvas.blob([(0.1, 0.1), (0.32, 0.14), (0.33, 0.5), (0.16, 0.55)], model.belly, edge=False)
    canvas.line([(0.2, 0.4), (0.24, 0.92)], 0.19, model.colour)  # front leg
    for x in (0.3, -0.2):  # paws
        canvas.ellipse((x, 0.94), (0.19, 0.08), model.belly)
    canvas.curve([(-0.2, 0), (0.1, 0.14), (0.38, 0.05)], 0.1, _collar(model))
    _head(canvas, model, (0.02, -0.38), 0.54)


def _on_four_legs(canvas: Canvas, model: Model, stride: float) -> None:
    tail = [(-0.66, 0.1), (-0.86, -0.2), (-0.82, -0.48)]
    canvas.curve(tail, 0.15, model.colour, edge=True)
    for x, step in ((-0.44, -0.9 * stride), (0.34, 1.1 * stride)):  # far legs
        leg = [(x, 0.4), (x + 0.6 * step, 0.66), (x + step, 0.9)]
        canvas.curve(leg, 0.18, model.shade, edge=True)
    for x, step in ((-0.6, -stride), (0.48, stride)):  # near legs
        leg = [(x, 0.4), (x + 0.4 * step, 0.66), (x + step, 0.9)]
        canvas.curve(leg, 0.2, model.colour, edge=True)
    body = [(-0.74, 0.08), (-0.2, -0.06), (0.4, -0.1), (0.62, 0.1), (0.58, 0.46), (0, 0.5)]
    canvas.blob([*body, (-0.55, 0.56), (-0.76, 0.36)], model.colour)
    canvas.ellipse((-0.1, 0.4), (0.4, 0.1), model.belly, edge=False)
    canvas.curve([(0.3, 0.04), (0.46, 0.2), (0.68, 0.18)], 0.1, _collar(model))
    _head(canvas, model, (0.5, -0.28), 0.46)


def _sleeping(canvas: Canvas, model: Model) -> None:
    tail = [(-0.7, 0.85), (-1, 0.78), (-0.98, 0.5)]
    canvas.curve(tail, 0.15, model.colour, edge=True)
    body = [(-0.85, 0.62), (-0.6, 0.2), (-0.1, 0.12), (0.3, 0.34), (0.4, 0.7), (0.3, 0.98)]
    canvas.blob([*body, (-0.4, 1), (-0.82, 0.94)], model.colour)
    canvas.ellipse((-0.5, 0.72), (0.33, 0.26), model.shade, edge=False)  # thigh
    canvas.ellipse((-0.34, 0.94), (0.26, 0.08), model.belly)  # hind paw
    canvas.line([(0.1, 0.93), (0.9, 0.93)], 0.15, model.belly, edge=True)  # front paws
    _head(canvas, model, (0.4, 0.52), 0.44)


def _head(canvas: Canvas, model: Model, centre: Point, size: float) -> None:
    asleep = model.pose == "sleeping"
    with canvas.placed(centre, size, tilt=0.25 if asleep else 0.0):
        canvas.ellipse((0, 0), (0.8, 0.8), model.colour)
        if model.variety.chance(0.5):  # a patch around the eye
            canvas.ellipse((0.2, -0.2), (0.34, 0.36), model.belly, edge=False)
        canvas.ellipse((0.58, 0.28), (0.54, 0.36), model.belly)  # muzzle
        canvas.ellipse((1, 0.1), (0.18, 0.16), INK, edge=False)  # nose
        canvas.curve([(0.3, 0.5), (0.62, 0.57), (0.92, 0.44)], 0.07, INK)  # mouth
        if asleep:
            closed_eye(canvas, (0.22, -0.14), 0.2, model.marks)
        else:
            tongue = [(0.44, 0.55), (0.74, 0.56), (0.68, 0.94), (0.5, 0.94)]
            canvas.blob(tongue, NOSE, edge=False)
            eye(canvas, (0.24, -0.16), 0.14, rimmed=True)
        ear = [(-0.3, -0.72), (-0.74, -0.6), (-1.02, 0.1), (-0.86, 0.7), (-0.5, 0.66)]
        canvas.blob([*ear, (-0.28, 0)], model.shade)
