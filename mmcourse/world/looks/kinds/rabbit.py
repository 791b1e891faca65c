"""Drawing of a rabbit."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import NOSE, PINK, SIDES, WHITE, Model, eye
from mmcourse.world.looks.outlines import Point


def rabbit(canvas: Canvas, model: Model) -> None:
    """Draw a rabbit: sitting up, or hopping in full stretch."""
    if model.pose == "hopping":
        _hopping(canvas, model)
    else:
        _sitting(canvas, model)


def _hopping(canvas: Canvas, model: Model) -> None:
    canvas.disc((-0.8, 0.14), 0.19, model.clear_of(WHITE, model.shade))  # tail
    hind_leg = [(-0.4, 0.45), (-0.62, 0.66), (-0.96, 0.78)]
    canvas.curve(hind_leg, 0.22, model.shade, edge=True)
    canvas.ellipse((-0.2, 0.26), (0.64, 0.42), model.colour, tilt=-0.15)
    canvas.ellipse((-0.1, 0.46), (0.42, 0.18), model.belly, tilt=-0.15, edge=False)
    canvas.line([(0.22, 0.42), (0.64, 0.78)], 0.18, model.colour, edge=True)  # front leg
    _head(canvas, model, (0.46, -0.12), lean=-0.5)


def _sitting(canvas: Canvas, model: Model) -> None:
    canvas.disc((-0.5, 0.76), 0.2, model.clear_of(WHITE, model.shade))  # tail
    body = [(0.1, 0), (0.42, 0.4), (0.42, 0.95), (0, 1), (-0.45, 0.96), (-0.5, 0.5)]
    canvas.blob([*body, (-0.2, 0.1)], model.colour)
    canvas.ellipse((-0.22, 0.76), (0.28, 0.24), model.shade, edge=False)  # thigh
    canvas.ellipse((0.18, 0.58), (0.2, 0.28), model.belly, edge=False)
    canvas.ellipse((0.3, 0.94), (0.18, 0.08), model.belly)  # paws
    canvas.ellipse((-0.12, 0.95), (0.25, 0.08), model.belly)
    _head(canvas, model, (0.12, -0.12), lean=0.0)


def _head(canvas: Canvas, model: Model, centre: Point, lean: float) -> None:
    with canvas.placed(centre, 1):
        for side in SIDES:  # ears
            turn, x = 0.16 * side + lean, 0.17 * side + 0.45 * lean
            canvas.ellipse((x, -0.56), (0.14, 0.42), model.colour, tilt=turn)
            canvas.ellipse((x, -0.53), (0.07, 0.3), PINK, tilt=turn, edge=False)
        canvas.ellipse((0, 0), (0.43, 0.38), model.colour)
        canvas.ellipse((0, 0.17), (0.22, 0.16), model.belly, edge=False)
        for side in SIDES:
            eye(canvas, (side * 0.19, -0.06), 0.08, rimmed=model.is_dark)
        canvas.rectangle((-0.06, 0.2, 0.06, 0.31), WHITE, edge=False)  # teeth
        canvas.polygon([(-0.07, 0.07), (0.07, 0.07), (0, 0.15)], NOSE, edge=False)
