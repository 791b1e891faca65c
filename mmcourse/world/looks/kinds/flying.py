"""Drawings of plane, rocket and balloon."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import AMBER, GLASS, SIDES, WHITE, Model, symmetric
from mmcourse.world.looks.tones import darker, lighter


def plane(canvas: Canvas, model: Model) -> None:
    """Draw an airliner."""
    far_wing = [(-0.15, 0), (0.2, 0), (-0.12, -0.62), (-0.34, -0.62)]
    canvas.polygon(far_wing, model.shade)
    fin = [(-0.96, -0.56), (-0.72, -0.56), (-0.45, 0), (-0.8, 0.05)]
    canvas.polygon(fin, model.colour)
    body = [(-1, 0), (-0.7, -0.12), (0.5, -0.24), (0.85, -0.12), (1.02, 0.08), (0.82, 0.22)]
    canvas.blob([*body, (0.3, 0.28), (-0.5, 0.24)], model.colour)
    keel = [(-0.9, 0.1), (0.3, 0.16), (0.95, 0.12), (0.7, 0.25), (0.2, 0.29), (-0.5, 0.24)]
    canvas.blob(keel, model.belly, edge=False)
    canvas.polygon([(0.6, -0.17), (0.78, -0.13), (0.92, 0), (0.62, 0.02)], GLASS, edge=False)
    for x in (-0.44, -0.22, 0, 0.22, 0.44):  # windows
        canvas.ellipse((x, -0.03), (0.068, 0.078), GLASS, edge=False)
    near_wing = [(-0.2, 0.12), (0.24, 0.12), (-0.28, 0.74), (-0.58, 0.74)]
    canvas.polygon(near_wing, model.shade)
    canvas.rounded((-0.14, 0.38, 0.2, 0.52), 0.06, (206, 208, 216))  # engine
    tailplane = [(-0.95, 0), (-0.66, 0.02), (-0.9, 0.27), (-1.06, 0.27)]
    canvas.polygon(tailplane, model.shade)


def rocket(canvas: Canvas, model: Model) -> None:
    """Draw a rocket with a porthole and a flame."""
    flame = symmetric((0.2, 0.66), (0.14, 0.94), (0, 1.06))
    canvas.blob(flame, model.clear_of(AMBER, (236, 84, 60)))
    canvas.blob([(-0.1, 0.66), (0, 0.94), (0.1, 0.66)], (255, 232, 120), edge=False)
    fin = [(0.28, 0.16), (0.68, 0.6), (0.64, 0.88), (0.24, 0.66)]
    for side in SIDES:
        canvas.polygon([(side * x, y) for x, y in fin], model.shade)
    canvas.blob(symmetric((0, -1), (0.3, -0.55), (0.4, 0.1), (0.28, 0.7)), model.colour)
    gleam = [(-0.16, -0.62), (-0.12, -0.4), (-0.22, 0.4), (-0.3, 0.1)]
    canvas.blob(gleam, model.glow, edge=False)
    nose = symmetric((0, -1), (0.22, -0.7), (0.29, -0.52))
    canvas.blob(nose, model.shade, edge=False)
    canvas.disc((0, -0.12), 0.23, WHITE)  # porthole
    canvas.disc((0, -0.12), 0.15, (120, 190, 230), edge=False)
    canvas.disc((-0.05, -0.17), 0.05, WHITE, edge=False)
    canvas.rectangle((-0.34, 0.42, 0.34, 0.54), model.clear_of(WHITE, model.shade), edge=False)


def balloon(canvas: Canvas, model: Model) -> None:
    """Draw a balloon on a string."""
    string = [(0, 0.3), (0.1, 0.5), (-0.08, 0.75), (0.04, 1)]
    canvas.curve(string, 0.045, (112, 104, 112), edge=True)
    canvas.polygon([(-0.12, 0.38), (0.12, 0.38), (0, 0.18)], model.shade)  # knot
    bag = symmetric((0, -1), (0.5, -0.78), (0.6, -0.3), (0.32, 0.12), (0, 0.27))
    canvas.blob(bag, model.colour)
    low = [(0.5, -0.5), (0.5, -0.2), (0.2, 0.16), (-0.2, 0.14), (0.2, -0.04)]
    canvas.blob(low, darker(model.colour, 0.14), edge=False)
    shine = lighter(model.colour, 0.72)
    canvas.ellipse((-0.24, -0.6), (0.11, 0.21), shine, tilt=0.4, edge=False)
