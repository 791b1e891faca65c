"""Drawings of bird, crane (the bird), fish and butterfly."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import AMBER, INK, SIDES, WHITE, Model, eye
from mmcourse.world.looks.tones import darker
from mmcourse.world.scenes.vocabulary import RGB


def _beak(model: Model) -> RGB:
    return model.clear_of(AMBER, (110, 80, 60))


def bird(canvas: Canvas, model: Model) -> None:
    """Draw a small round bird, perched or flying."""
    if model.pose == "flying":
        _flying(canvas, model)
    else:
        _perched(canvas, model)


def _flying(canvas: Canvas, model: Model) -> None:
    canvas.polygon([(-0.5, 0.14), (-1, -0.06), (-0.96, 0.34)], model.shade)  # tail
    far_wing = [(-0.05, 0.05), (-0.5, -0.5), (-0.66, -0.92), (-0.12, -0.74), (0.2, -0.1)]
    canvas.blob(far_wing, model.shade)
    body = [(-0.66, 0.16), (-0.2, -0.1), (0.4, -0.16), (0.72, 0), (0.56, 0.32), (0.1, 0.48)]
    canvas.blob([*body, (-0.35, 0.38)], model.colour)
    canvas.ellipse((0.14, 0.3), (0.36, 0.16), model.belly, edge=False)
    canvas.polygon([(0.8, -0.21), (1.06, -0.1), (1.06, 0), (0.8, 0.07)], _beak(model))
    canvas.ellipse((0.56, -0.1), (0.31, 0.29), model.colour)  # head
    eye(canvas, (0.64, -0.16), 0.085, rimmed=True)
    near_wing = [(0.14, 0.14), (-0.2, -0.38), (-0.2, -0.9), (0.3, -0.64), (0.42, 0.02)]
    canvas.blob(near_wing, model.glow)


def _perched(canvas: Canvas, model: Model) -> None:
    for x in (-0.05, 0.18):  # legs and toes
        canvas.line([(x, 0.55), (x, 0.97)], 0.07, _beak(model))
        canvas.line([(x, 0.97), (x + 0.15, 0.97)], 0.07, _beak(model))
    tail = [(-0.4, 0.16), (-1.02, 0.46), (-0.94, 0.7), (-0.3, 0.52)]
    canvas.polygon(tail, darker(model.shade, 0.2))
    body = [(-0.55, 0.3), (-0.2, -0.08), (0.2, -0.3), (0.52, 0), (0.5, 0.42), (0.15, 0.7)]
    canvas.blob([*body, (-0.3, 0.64)], model.colour)
    canvas.ellipse((0.26, 0.34), (0.27, 0.3), model.belly, edge=False)
    canvas.polygon([(0.62, -0.52), (0.98, -0.36), (0.98, -0.26), (0.62, -0.12)], _beak(model))
    canvas.ellipse((0.3, -0.34), (0.41, 0.38), model.colour)  # head
    eye(canvas, (0.42, -0.42), 0.11, rimmed=True)
    wing = [(0.08, 0), (-0.2, 0), (-0.62, 0.4), (-0.3, 0.54), (0.08, 0.4)]
    canvas.blob(wing, model.shade)


def crane_bird(canvas: Canvas, model: Model) -> None:
    """Draw a crane wading in a puddle: long legs, long neck, long bill, a red crown."""
    canvas.ellipse((0, 0.93), (0.72, 0.09), (150, 204, 232), edge=False)  # puddle
    canvas.ellipse((0.02, 0.92), (0.46, 0.045), (204, 234, 246), edge=False)
    leg = model.clear_of((84, 78, 84), (150, 110, 80))
    for joints in (((-0.1, 0.3), (-0.16, 0.94)), ((0.04, 0.3), (0.2, 0.6), (0.08, 0.92))):
        canvas.line(joints, 0.06, leg, edge=True)
    plumes = [(-0.2, -0.08), (-0.66, 0.1), (-0.9, 0.44), (-0.6, 0.4), (-0.3, 0.36)]
    canvas.blob(plumes, model.shade)
    neck = [(0.22, 0.12), (0.46, -0.08), (0.36, -0.36), (0.3, -0.62), (0.44, -0.8)]
    canvas.curve(neck, 0.15, model.colour, edge=True)
    body = [(-0.56, 0.1), (-0.2, -0.14), (0.2, -0.06), (0.38, 0.14), (0.14, 0.36), (-0.3, 0.36)]
    canvas.blob(body, model.colour)
    wing = [(-0.6, 0.16), (-0.2, -0.02), (0.12, 0.1), (-0.2, 0.26)]
    canvas.blob(wing, model.glow, edge=False)
    canvas.polygon([(0.5, -0.89), (1, -0.8), (1, -0.72), (0.5, -0.71)], _beak(model))
    canvas.ellipse((0.44, -0.82), (0.17, 0.14), model.colour)  # head
    crown = model.clear_of((220, 50, 54), WHITE)
    canvas.ellipse((0.4, -0.92), (0.13, 0.07), crown, edge=False)
    eye(canvas, (0.49, -0.83), 0.05, rimmed=model.is_dark)


def fish(canvas: Canvas, model: Model) -> None:
    """Draw a fish with fins, striped or scaled."""
    tail = [(-0.5, 0), (-1, -0.56), (-0.86, 0), (-1, 0.56)]
    back_fin = [(-0.3, -0.4), (-0.05, -0.94), (0.42, -0.68), (0.4, -0.36)]
    low_fin = [(-0.08, 0.44), (-0.22, 0.96), (0.04, 0.86), (0.3, 0.5)]
    for outline in (tail, back_fin, low_fin):
        canvas.blob(outline, model.shade)
    body = [(-0.64, 0), (-0.2, -0.5), (0.35, -0.58), (0.8, -0.24), (0.92, 0.05), (0.7, 0.36)]
    canvas.blob([*body, (0.3, 0.58), (-0.2, 0.48)], model.colour)
    under = [(-0.3, 0.24), (0.3, 0.36), (0.7, 0.26), (0.3, 0.55), (-0.1, 0.48)]
    canvas.blob(under, model.belly, edge=False)
    if model.variety.chance(0.5):  # bands
        band = model.clear_of(WHITE, AMBER)
        for x in (-0.27, 0.05):
            canvas.curve([(x, -0.42), (x + 0.1, 0), (x, 0.42)], 0.13, band)
    else:  # scales
        for x, y in ((-0.3, 0), (-0.06, -0.16), (-0.06, 0.14)):
            canvas.curve([(x, y - 0.14), (x - 0.1, y), (x, y + 0.14)], 0.06, model.shade)
    canvas.curve([(0.4, -0.42), (0.28, 0), (0.4, 0.42)], 0.06, model.shade)  # gill
    near_fin = [(0.2, 0.05), (-0.08, 0), (-0.1, 0.3), (0.12, 0.26)]
    canvas.blob(near_fin, model.shade, edge=False)
    eye(canvas, (0.6, -0.12), 0.12, rimmed=model.is_dark)
    canvas.curve([(0.72, 0.16), (0.8, 0.17), (0.87, 0.11)], 0.06, model.marks)  # smile


def butterfly(canvas: Canvas, model: Model) -> None:
    """Draw a butterfly with open wings."""
    spot = (110, 108, 138) if model.is_dark else darker(model.colour, 0.45)
    upper = [(0, -0.1), (0.35, -0.84), (0.95, -0.9), (0.98, -0.3), (0.4, 0.06)]
    lower = [(0, 0.05), (0.6, 0.05), (0.8, 0.5), (0.45, 0.88), (0.1, 0.45)]
    for side in SIDES:
        canvas.blob([(side * x, y) for x, y in lower], model.shade)
        canvas.blob([(side * x, y) for x, y in upper], model.colour)
        canvas.disc((side * 0.66, -0.54), 0.2, model.belly, edge=False)
        canvas.disc((side * 0.66, -0.54), 0.1, spot, edge=False)
        canvas.ellipse((side * 0.45, 0.45), (0.14, 0.17), model.belly, edge=False)
        feeler = [(side * 0.02, -0.42), (side * 0.14, -0.75), (side * 0.28, -0.9)]
        canvas.curve(feeler, 0.05, INK, edge=True)
    canvas.ellipse((0, 0.1), (0.09, 0.5), INK)  # body
    canvas.disc((0, -0.42), 0.12, INK)  # head
