"""Drawing of a person: what they wear has the thing's colour, the rest varies."""

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.parts import INK, SIDES, Model, eye, symmetric
from mmcourse.world.looks.tones import brightness, mix
from mmcourse.world.scenes.vocabulary import RGB

SKINS: tuple[RGB, ...] = (
    (252, 218, 188),
    (238, 196, 156),
    (206, 154, 110),
    (168, 114, 78),
    (136, 90, 64),
    (106, 70, 54),
)
HAIRS: tuple[RGB, ...] = (
    (52, 36, 30),
    (32, 30, 38),
    (112, 70, 40),
    (206, 158, 84),
    (158, 78, 44),
    (176, 174, 178),
)
HAIRCUTS = ("short", "long", "curly", "bun", "scarf")


def person(canvas: Canvas, model: Model) -> None:
    """Draw a person standing, walking or waving, in trousers or a dress."""
    skin, hair = model.variety.pick(SKINS), model.variety.pick(HAIRS)
    haircut = model.variety.pick(HAIRCUTS)
    in_dress = haircut != "short" and model.variety.chance(0.5)
    if haircut == "long":  # falls behind the shoulders
        canvas.blob(symmetric((0.34, -0.7), (0.42, -0.2), (0.3, -0.02)), hair)
    _legs(canvas, model, skin, in_dress=in_dress)
    _arms(canvas, model, skin)
    if in_dress:
        dress = symmetric((0.26, -0.14), (0.32, 0.2), (0.5, 0.66))
        canvas.polygon(dress, model.colour)
        canvas.line([(-0.3, 0.2), (0.3, 0.2)], 0.07, model.shade)  # belt
    else:
        canvas.rounded((-0.33, -0.15, 0.33, 0.46), 0.12, model.colour)  # pullover
        canvas.line([(-0.28, 0.42), (0.28, 0.42)], 0.06, model.shade)
    if haircut == "scarf":
        _head_in_scarf(canvas, skin, model.clear_of((120, 98, 150), (214, 190, 150)))
    else:
        _head_with_hair(canvas, skin, hair, haircut)
    _face(canvas, skin)


def _legs(canvas: Canvas, model: Model, skin: RGB, *, in_dress: bool) -> None:
    stride = 0.22 if model.pose == "walking" else 0.0
    trousers = model.clear_of((70, 84, 130), (116, 98, 86))
    for side in SIDES:
        hip, foot = 0.15 * side, (0.15 + stride) * side
        if in_dress:
            canvas.line([(hip, 0.5), (foot, 0.92)], 0.14, skin, edge=True)
        else:
            canvas.line([(hip, 0.36), (foot, 0.9)], 0.22, trousers, edge=True)
        canvas.ellipse((foot + 0.05, 0.94), (0.16, 0.08), INK)  # shoe


def _arms(canvas: Canvas, model: Model, skin: RGB) -> None:
    waving = model.pose == "waving"
    reach = 0.52 if model.pose == "walking" else 0.43
    if waving:
        canvas.disc((0.7, -0.7), 0.12, skin)
        canvas.curve([(0.26, 0), (0.56, -0.2), (0.67, -0.58)], 0.17, model.colour, edge=True)
    for side in (-1,) if waving else SIDES:
        canvas.disc((side * (reach + 0.02), 0.48), 0.1, skin)
        canvas.line([(side * 0.27, 0), (side * reach, 0.4)], 0.17, model.colour, edge=True)


def _head_in_scarf(canvas: Canvas, skin: RGB, cloth: RGB) -> None:
    wrap = symmetric((0, -0.95), (0.38, -0.72), (0.4, -0.3), (0.2, -0.06))
    canvas.blob(wrap, cloth)
    canvas.ellipse((0, -0.48), (0.27, 0.33), skin)


def _head_with_hair(canvas: Canvas, skin: RGB, hair: RGB, haircut: str) -> None:
    if haircut == "curly":
        for x, y in ((-0.3, -0.62), (0.3, -0.62), (-0.18, -0.82), (0.18, -0.82), (0, -0.86)):
            canvas.disc((x, y), 0.19, hair)
    if haircut == "bun":
        canvas.disc((0, -0.94), 0.15, hair)
    canvas.ellipse((0, -0.48), (0.32, 0.33), skin)
    fringe = symmetric((0, -0.93), (0.33, -0.8), (0.35, -0.45), (0.2, -0.66))
    canvas.blob(fringe, hair, edge=False)


def _face(canvas: Canvas, skin: RGB) -> None:
    cheek = mix(skin, (230, 90, 90), 0.4)
    for side in SIDES:
        eye(canvas, (side * 0.12, -0.47), 0.058)
        canvas.ellipse((side * 0.19, -0.37), (0.06, 0.04), cheek, edge=False)
    lips = (206, 84, 84) if brightness(skin) < 110 else (146, 52, 56)
    canvas.curve([(-0.1, -0.33), (0, -0.28), (0.1, -0.33)], 0.045, lips)
