"""Drawings of car, bus and boat."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import GLASS, LAMP, WHITE, WOOD, Model, pane, wheel
from mmcourse.world.looks.tones import lighter

REAR_LAMP = (240, 80, 70)


def car(canvas: Canvas, model: Model) -> None:
    """Draw a small car, round or angular."""
    if model.variety.chance(0.5):
        roof = [(-0.66, 0.24), (-0.52, -0.2), (-0.2, -0.38), (0.2, -0.38), (0.46, -0.1)]
        canvas.blob([*roof, (0.64, 0.24)], model.colour)
        rear = [(-0.46, 0.14), (-0.38, -0.14), (-0.06, -0.25), (-0.06, 0.14)]
        front = [(0.04, 0.14), (0.04, -0.25), (0.22, -0.22), (0.44, 0.14)]
    else:
        roof = [(-0.72, 0.24), (-0.46, -0.32), (0.3, -0.32), (0.64, 0.24)]
        canvas.polygon(roof, model.colour)
        rear = [(-0.55, 0.14), (-0.4, -0.21), (-0.08, -0.21), (-0.08, 0.14)]
        front = [(0.02, 0.14), (0.02, -0.21), (0.25, -0.21), (0.48, 0.14)]
    canvas.polygon(rear, GLASS, edge=False)
    canvas.polygon(front, GLASS, edge=False)
    body = [(-0.98, 0.3), (-0.9, 0.14), (-0.4, 0.1), (0.5, 0.12), (0.92, 0.24), (1, 0.5)]
    canvas.blob([*body, (0.96, 0.72), (0.4, 0.77), (-0.5, 0.77), (-0.98, 0.7)], model.colour)
    gleam = [(-0.8, 0.24), (-0.2, 0.2), (0.5, 0.22), (0.78, 0.28)]
    canvas.curve(gleam, 0.06, model.glow)
    canvas.rounded((-0.96, 0.58, 0.97, 0.69), 0.05, model.shade, edge=False)
    canvas.line([(-0.02, 0.2), (-0.02, 0.58)], 0.035, model.shade)  # door
    canvas.line([(0.08, 0.34), (0.2, 0.34)], 0.05, model.shade)  # its handle
    canvas.ellipse((0.9, 0.4), (0.09, 0.1), LAMP, edge=False)
    canvas.ellipse((-0.93, 0.4), (0.06, 0.09), REAR_LAMP, edge=False)
    for x in (-0.55, 0.55):
        wheel(canvas, (x, 0.76), 0.24)


def bus(canvas: Canvas, model: Model) -> None:
    """Draw a city bus with a row of windows and a door."""
    canvas.rounded((-0.6, -0.66, 0.3, -0.5), 0.06, model.shade)  # air conditioning
    canvas.rounded((-1, -0.56, 1, 0.78), 0.16, model.colour)
    canvas.rectangle((-0.99, 0.2, 0.99, 0.31), lighter(model.colour, 0.6), edge=False)
    canvas.rectangle((-0.98, 0.62, 0.98, 0.72), model.shade, edge=False)
    for left in (-0.9, -0.5, -0.1):
        pane(canvas, (left, -0.38, left + 0.33, 0.1))
    canvas.rounded((0.34, -0.38, 0.66, 0.72), 0.05, model.glow, edge=False)  # door
    canvas.rectangle((0.38, -0.32, 0.48, 0.64), GLASS, edge=False)
    canvas.rectangle((0.52, -0.32, 0.62, 0.64), GLASS, edge=False)
    canvas.rounded((0.76, -0.38, 0.98, 0.22), 0.06, GLASS, edge=False)  # windscreen
    canvas.ellipse((0.93, 0.48), (0.06, 0.09), LAMP, edge=False)
    canvas.ellipse((-0.97, 0.46), (0.03, 0.08), REAR_LAMP, edge=False)
    for x in (-0.56, 0.16):
        wheel(canvas, (x, 0.78), 0.22)


def boat(canvas: Canvas, model: Model) -> None:
    """Draw a sailing boat with a striped sail."""
    canvas.line([(0, 0.5), (0, -0.95)], 0.07, WOOD, edge=True)  # mast
    canvas.polygon([(0.07, -0.92), (0.07, 0.25), (0.8, 0.25)], WHITE)  # main sail
    stripe = [(0.07, -0.42), (0.07, -0.1), (0.58, -0.1), (0.38, -0.42)]
    canvas.polygon(stripe, model.colour, edge=False)
    foresail = [(-0.07, -0.75), (-0.07, 0.25), (-0.62, 0.25)]
    canvas.polygon(foresail, lighter(model.colour, 0.72))
    canvas.polygon([(0, -1), (-0.3, -0.96), (-0.3, -0.86), (0, -0.78)], model.colour)  # flag
    hull = [(-1, 0.38), (-0.3, 0.42), (0.4, 0.42), (1.02, 0.32), (0.8, 0.8), (0.6, 0.95)]
    canvas.blob([*hull, (-0.6, 0.95), (-0.8, 0.78)], model.colour)
    canvas.line([(-0.9, 0.51), (0.9, 0.48)], 0.06, model.clear_of(WHITE, (90, 120, 180)))
    for x in (-0.42, 0, 0.42):  # portholes
        canvas.disc((x, 0.7), 0.11, WHITE, edge=False)
        canvas.disc((x, 0.7), 0.075, (112, 170, 210), edge=False)
