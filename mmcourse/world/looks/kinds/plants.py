"""Drawings of tree, flower and mushroom."""

import math

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import WHITE, WOOD, Model, symmetric
from mmcourse.world.looks.tones import darker

STEM = (255, 242, 220)
FRUIT_AT = ((-0.4, -0.22), (0.08, -0.6), (0.5, -0.02), (-0.08, 0.04), (-0.56, 0.14))


def tree(canvas: Canvas, model: Model) -> None:
    """Draw a tree: a round leafy one, a pine, or a tall slender one."""
    bark = model.clear_of(WOOD, (88, 58, 40))
    if model.pose == "pine":
        canvas.rectangle((-0.12, 0.5, 0.12, 1), bark)
        _pine(canvas, model)
        return
    canvas.polygon([(-0.17, 1), (-0.09, 0.1), (0.09, 0.1), (0.17, 1)], bark)
    for branch in (((0, 0.52), (0.28, 0.2)), ((0, 0.64), (-0.26, 0.3))):
        canvas.line(branch, 0.09, bark)
    if model.pose == "tall":
        _poplar(canvas, model)
    else:
        _round_crown(canvas, model)


def _pine(canvas: Canvas, model: Model) -> None:
    for y, width in ((0.64, 0.7), (0.2, 0.57), (-0.2, 0.43)):
        canvas.polygon([(-width, y), (0, y - 0.8), (width, y)], model.colour)
        shady = [(width, y), (0, y - 0.8), (0.15 * width, y)]
        canvas.polygon(shady, model.shade, edge=False)


def _poplar(canvas: Canvas, model: Model) -> None:
    side = ((0.2, -0.82), (0.27, -0.58), (0.4, -0.42), (0.41, -0.14), (0.5, 0.06), (0.4, 0.32))
    canvas.blob(symmetric((0, -1), *side, (0, 0.42)), model.colour)
    in_light = ((0.0, -0.72), (-0.14, -0.42), (-0.2, -0.06), (-0.04, 0.22))
    for at in in_light:
        canvas.ellipse(at, (0.1, 0.07), model.glow, tilt=-0.6, edge=False)
    in_shade = ((0.17, -0.5), (0.2, -0.16), (0.3, 0.16), (-0.28, 0.22))
    for at in in_shade:
        canvas.ellipse(at, (0.1, 0.07), model.shade, tilt=0.6, edge=False)


def _round_crown(canvas: Canvas, model: Model) -> None:
    for at in ((-0.48, 0.0), (0.48, 0.0)):
        canvas.ellipse(at, (0.4, 0.38), model.colour)
    for at in ((-0.28, -0.45), (0.3, -0.47)):
        canvas.ellipse(at, (0.44, 0.41), model.colour)
    canvas.ellipse((0, -0.14), (0.6, 0.5), model.colour, edge=False)
    for at in ((-0.32, -0.56), (0.2, -0.44), (-0.52, -0.06)):  # leaves in the light
        canvas.ellipse(at, (0.21, 0.14), model.glow, edge=False)
    for at in ((0.46, 0.12), (-0.04, 0.2), (0.42, -0.18)):  # leaves in the shade
        canvas.ellipse(at, (0.2, 0.11), model.shade, edge=False)
    if model.variety.chance(0.4):
        for at in FRUIT_AT:
            canvas.disc(at, 0.085, model.clear_of((226, 50, 60), WHITE), edge=False)


def flower(canvas: Canvas, model: Model) -> None:
    """Draw a flower on its stem: a daisy, a tulip, or a blossom of five petals."""
    green = model.clear_of((72, 150, 70), (38, 108, 84))
    canvas.curve([(0, -0.2), (0.04, 0.4), (0, 0.95)], 0.1, green, edge=True)  # stem
    canvas.blob([(0, 0.76), (0.24, 0.42), (0.64, 0.34), (0.42, 0.7)], green)  # leaves
    canvas.blob([(0, 0.92), (-0.24, 0.56), (-0.64, 0.5), (-0.42, 0.86)], darker(green, 0.15))
    if model.pose == "tulip":
        cup = symmetric((0, -0.96), (0.2, -0.55), (0.56, -0.86), (0.5, -0.1), (0, 0.16))
        canvas.blob(cup, model.colour)
        canvas.blob([(0, 0.13), (-0.2, -0.2), (0, -0.86), (0.2, -0.2)], model.shade, edge=False)
        return
    count, width = (9, 0.13) if model.pose == "daisy" else (5, 0.27)
    for petal in range(count):
        turn = math.tau * petal / count + 0.3
        at = (0.42 * math.cos(turn), -0.38 + 0.42 * math.sin(turn))
        canvas.ellipse(at, (0.31, width), model.colour, tilt=turn)
    if model.pose == "blossom":
        canvas.disc((0, -0.38), 0.28, model.glow, edge=False)
    canvas.disc((0, -0.38), 0.21, model.clear_of((250, 200, 50), (150, 90, 40)))


def mushroom(canvas: Canvas, model: Model) -> None:
    """Draw a mushroom with a spotted cap."""
    canvas.blob(symmetric((0.24, 0.2), (0.27, 0.6), (0.38, 0.96), (0, 1.02)), STEM)
    canvas.ellipse((0.16, 0.62), (0.1, 0.34), darker(STEM, 0.12), edge=False)
    cap = symmetric((0.35, -0.8), (0.8, -0.36), (0.96, 0.2), (0.5, 0.34))
    canvas.blob(cap, model.colour)
    gills = symmetric((0.4, 0.21), (0.8, 0.24), (0.4, 0.34))
    canvas.blob(gills, model.shade, edge=False)
    spot = model.clear_of(WHITE, (214, 160, 150))
    spots = ((-0.47, -0.2, 0.17), (0.1, -0.46, 0.18), (0.52, -0.1, 0.15), (0, 0.03, 0.12))
    for x, y, size in (*spots, (-0.24, -0.6, 0.1)):
        canvas.ellipse((x, y), (size, 0.85 * size), spot, edge=False)
