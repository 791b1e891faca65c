"""Draw a scene, and say exactly which pixels show which object.

`render` gives the picture, `masks` the truth behind it; both draw the same shapes in the same
order. Leaves out what things and places look like (`kinds/`, `backdrops/`).
"""

from operator import index
from typing import SupportsIndex

import numpy as np
from jaxtyping import Bool, UInt8

from mmcourse.world.looks.backdrops import BACKDROPS
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.covers import draw_covers
from mmcourse.world.looks.kinds import DRAWINGS
from mmcourse.world.looks.kinds.parts import Model
from mmcourse.world.looks.styles import DRAWN, Style, noisy
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.scene import Scene, Thing
from mmcourse.world.scenes.vocabulary import COLOURS, RGB

SMALLEST, LARGEST = 16, 2048
RIM = 0.011
"""Width in picture heights of the line around things at night and in the snow."""


def render(
    scene: Scene, size: SupportsIndex = 64, style: str | None = None
) -> UInt8[np.ndarray, "height width 3"]:
    """Return the picture of a scene: red, green and blue from 0 to 255.

    The scene alone decides it: equal scenes give equal bytes, on every platform.

    Args:
        scene: what to draw.
        size: height in pixels, 16 to 2048; the width is `size` times the scene's aspect.
        style: a name in `STYLES`; None takes the scene's own.

    Raises:
        TypeError: `scene` is not a Scene, or `size` not a whole number.
        ValueError: `size` or `style` is not one of those above.

    >>> render(Scene(setting="plain", objects=(), aspect=1.5), size=20).shape
    (20, 30, 3)
    """
    height = _checked_height("render", scene, size)
    chosen = DRAWN[_checked_style(scene, style)]
    backdrop = BACKDROPS[scene.setting]
    canvas = Canvas(height, round(height * scene.aspect), _fineness(height))
    with canvas.dressed(chosen.backdrop, chosen.backdrop_edge):
        backdrop.paint(canvas, Variety(scene.look))
    for _, thing in _back_to_front(scene):
        before = canvas.snapshot() if thing.contrast < 1 else None
        _draw_thing(canvas, thing, scene.setting, chosen)
        if before is not None:
            canvas.fade(before, thing.contrast)
        with canvas.dressed(chosen.backdrop, chosen.thing_edge):
            draw_covers(canvas, thing, scene.setting)
    if backdrop.weather is not None:
        backdrop.weather(canvas, Variety(scene.look + 1))
    picture = chosen.finish(canvas.pixels())
    return noisy(picture, chosen.noise, scene.look) if chosen.noise else picture


def masks(scene: Scene, size: SupportsIndex = 64) -> Bool[np.ndarray, "objects height width"]:
    """Return for each object the pixels at least half covered by what can be seen of it.

    Row i belongs to `scene.objects[i]`. What hides an object (another in front of it, a
    bush, a wave) is no part of it, nor is its shadow. Falling snow hides nothing: it is thin
    enough to see through. Colour, style and contrast play no role.

    Args:
        scene: what to draw.
        size: height in pixels, as for `render`.

    Raises:
        TypeError: `scene` is not a Scene, or `size` not a whole number.
        ValueError: `size` is not from 16 to 2048.

    >>> masks(Scene(setting="plain", objects=()), size=20).shape
    (0, 20, 20)
    """
    height = _checked_height("masks", scene, size)
    backdrop = BACKDROPS[scene.setting]
    canvas = Canvas(height, round(height * scene.aspect), _fineness(height), labels=True)
    for number, thing in _back_to_front(scene):
        if backdrop.rim is not None:
            with canvas.stencil(0, RIM):
                _draw_model(canvas, thing)
        with canvas.stencil(number + 1):
            _draw_model(canvas, thing)
        with canvas.stencil(0):
            draw_covers(canvas, thing, scene.setting)
    return canvas.shares(len(scene.objects)) >= 0.5


def _fineness(size: int) -> int:
    """Return how much finer the surface is than the picture; large pictures need less."""
    return 3 if size <= 128 else 2


def _back_to_front(scene: Scene) -> list[tuple[int, Thing]]:
    """Return the objects with their numbers: whose feet are lower in the picture come later."""
    return sorted(
        enumerate(scene.objects),
        key=lambda item: (item[1].position[1] + item[1].size, item[1].position[0]),
    )


def _draw_thing(canvas: Canvas, thing: Thing, setting: str, style: Style) -> None:
    """Draw a thing with its shadow and its rim."""
    backdrop = BACKDROPS[setting]
    tone = style.things or backdrop.light
    if backdrop.shadow and not thing.airborne:
        foot = (thing.position[0], thing.position[1] + 0.97 * thing.size)
        with canvas.see_through(0.26):
            radii = (0.82 * thing.size, 0.13 * thing.size)
            canvas.ellipse(foot, radii, (20, 20, 40), edge=False)
    if backdrop.rim is not None:
        with canvas.stencil(tone(backdrop.rim), RIM):
            _draw_model(canvas, thing)
    with canvas.dressed(tone, style.thing_edge):
        _draw_model(canvas, thing)


def _draw_model(canvas: Canvas, thing: Thing) -> None:
    variety = Variety(thing.look)
    model = Model(_paint(thing.colour, variety), thing.pose, thing.word, variety)
    mirrored = thing.facing == "left" and not thing.word
    tilt = variety.between(-0.07, 0.07) if thing.airborne else 0.0
    with canvas.placed(thing.position, thing.size, mirrored=mirrored, tilt=tilt):
        DRAWINGS[thing.kind](canvas, model)


def _paint(colour: str, variety: Variety) -> RGB:
    """Return the named colour, each part moved by up to 7 of 255."""
    red, green, blue = (part + variety.between(-7, 7) for part in COLOURS[colour])
    return _byte(red), _byte(green), _byte(blue)


def _byte(level: float) -> int:
    return min(255, max(0, int(level)))


def _checked_style(scene: Scene, style: str | None) -> str:
    chosen = scene.style if style is None else style
    if not isinstance(chosen, str) or chosen not in DRAWN:
        choices = ", ".join(map(repr, DRAWN))
        raise ValueError(
            f"render: style must be None or one of {choices}; got {style!r}; leave it out for "
            "the scene's own."
        )
    return chosen


def _checked_height(operation: str, scene: object, size: SupportsIndex) -> int:
    """Return the height of the picture in pixels, if there is something to draw."""
    if not isinstance(scene, Scene):
        raise TypeError(
            f"{operation}: scene must be a Scene; got {type(scene).__name__}; make one with "
            "sample_scene or Scene(setting=..., objects=(...,))."
        )
    height = _whole(size)
    if height is None:
        raise TypeError(
            f"{operation}: size must be a whole number of pixels; got {size!r}; pass an "
            "integer, such as 64."
        )
    if not SMALLEST <= height <= LARGEST:
        raise ValueError(
            f"{operation}: size must be from {SMALLEST} to {LARGEST} pixels; got {height}; "
            f"pass a {'larger' if height < SMALLEST else 'smaller'} one."
        )
    return height


def _whole(number: SupportsIndex) -> int | None:
    """Return an integer of Python's or numpy's as an int; None for anything else."""
    try:
        return None if isinstance(number, bool) else index(number)
    except TypeError:
        return None
