"""Drawings of what is built: house, crane (the machine), sign and umbrella."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import (
    GLASS,
    INK,
    METAL,
    SIDES,
    STONE,
    WHITE,
    WOOD,
    Model,
    symmetric,
)
from mmcourse.world.looks.lettering import write
from mmcourse.world.looks.tones import brightness, darker, lighter


def house(canvas: Canvas, model: Model) -> None:
    """Draw a house with a tiled roof, a chimney, a door and windows."""
    roof = model.clear_of((158, 72, 58), (84, 84, 112))
    light = model.variety.pick(((255, 226, 130), GLASS))
    canvas.rectangle((0.36, -0.9, 0.6, -0.35), darker(roof, 0.25))  # chimney
    canvas.rectangle((0.32, -0.96, 0.64, -0.86), darker(roof, 0.4))
    canvas.rectangle((-0.8, -0.12, 0.8, 1), model.colour)
    canvas.rectangle((-0.8, -0.12, 0.8, 0), model.shade, edge=False)  # shadow of the eaves
    canvas.polygon([(-1, -0.06), (0, -0.98), (1, -0.06)], roof)
    canvas.polygon([(-0.8, -0.12), (0, -0.84), (0.8, -0.12)], lighter(roof, 0.14), edge=False)
    canvas.rounded((-0.22, 0.36, 0.22, 1), 0.08, model.clear_of(WOOD, (236, 200, 120)))  # door
    canvas.disc((0.12, 0.7), 0.045, (255, 220, 120), edge=False)
    for x in (-0.52, 0.52):  # windows
        canvas.rectangle((x - 0.19, 0.12, x + 0.19, 0.52), WHITE, edge=False)
        canvas.rectangle((x - 0.14, 0.17, x + 0.14, 0.47), light, edge=False)
        canvas.line([(x, 0.17), (x, 0.47)], 0.035, WHITE)
        canvas.line([(x - 0.14, 0.32), (x + 0.14, 0.32)], 0.035, WHITE)
    canvas.disc((0, -0.4), 0.17, WHITE, edge=False)
    canvas.disc((0, -0.4), 0.12, light, edge=False)


def crane_machine(canvas: Canvas, model: Model) -> None:
    """Draw a tower crane lifting a load."""
    canvas.rounded((-0.66, 0.86, 0.02, 1), 0.04, STONE)  # footing
    with canvas.placed((-0.32, 0), 1):
        _mast(canvas, model)
    _jib(canvas, model)
    canvas.rounded((-0.34, -0.42, 0.02, -0.12), 0.05, model.colour)  # cab
    canvas.rectangle((-0.22, -0.36, -0.04, -0.2), GLASS, edge=False)
    for rope in (((0.66, -0.42), (0.66, 0.12)), ((0.48, 0.3), (0.66, 0.12), (0.84, 0.3))):
        canvas.line(rope, 0.04, INK)
    canvas.rounded((0.42, 0.28, 0.9, 0.5), 0.03, WOOD)  # load


def _mast(canvas: Canvas, model: Model) -> None:
    for step in range(5):  # lattice
        bottom = 0.86 - 0.24 * step
        for side in SIDES:
            brace = [(-0.13 * side, bottom), (0.13 * side, bottom - 0.24)]
            canvas.line(brace, 0.05, model.shade)
    for x in (-0.13, 0.13):
        canvas.line([(x, 0.88), (x, -0.5)], 0.08, model.colour, edge=True)
    for x in (-0.6, 1.22):  # stays
        canvas.line([(x, -0.56), (0, -0.95)], 0.04, METAL)
    canvas.polygon([(-0.14, -0.5), (-0.05, -1), (0.05, -1), (0.14, -0.5)], model.colour)


def _jib(canvas: Canvas, model: Model) -> None:
    for step in range(6):  # lattice
        x = -0.14 + 0.18 * step
        canvas.line([(x, -0.44), (x + 0.09, -0.56), (x + 0.18, -0.44)], 0.045, model.shade)
    for y in (-0.58, -0.42):
        canvas.line([(-0.96, y), (0.97, y)], 0.08, model.colour, edge=True)
    canvas.rounded((-1, -0.52, -0.72, -0.2), 0.04, STONE)  # counterweight


def sign(canvas: Canvas, model: Model) -> None:
    """Draw a board on a post, its word in capitals."""
    canvas.rounded((-0.09, 0, 0.09, 1), 0.03, WOOD)
    canvas.rounded((-1, -0.78, 1, 0.3), 0.12, model.shade)
    canvas.rounded((-0.93, -0.71, 0.93, 0.23), 0.1, model.colour, edge=False)
    ink = INK if brightness(model.colour) > 150 else WHITE
    write(canvas, model.word, (-0.84, -0.58, 0.84, 0.1), ink)


def umbrella(canvas: Canvas, model: Model) -> None:
    """Draw an open umbrella on its handle."""
    handle = [(0, -0.3), (0, 0.74), (0.08, 0.94), (0.26, 0.94), (0.33, 0.78)]
    canvas.curve(handle, 0.085, WOOD, edge=True)
    canvas.line([(0, -0.86), (0, -0.97)], 0.07, WOOD)
    top, hem = [(0, -0.88), (0.4, -0.78), (0.86, -0.4), (1, 0.12)], [(0.66, 0.02), (0.34, 0.12)]
    canvas.blob(symmetric(*top, *hem, (0, 0.02)), model.colour)
    bright = brightness(model.colour) > 210
    stripe = darker(model.colour, 0.15) if bright else lighter(model.colour)
    middle = symmetric((0, -0.86), (0.27, -0.4), (0.34, 0.12), (0, 0.02))
    canvas.blob(middle, stripe, edge=False)
    for side in SIDES:  # ribs
        rib = [(side * 0.34, 0.1), (side * 0.27, -0.4), (0, -0.86)]
        canvas.curve(rib, 0.035, model.shade)
