"""What stands in front of a thing: the wave a boat sits in, the bush that half hides a cat."""

from collections.abc import Mapping
from types import MappingProxyType

from mmcourse.world.looks.backdrops import BACKDROPS
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.tones import darker, lighter
from mmcourse.world.scenes.scene import Thing
from mmcourse.world.scenes.vocabulary import KINDS, RGB

WATER: RGB = (38, 116, 186)
FOAM: RGB = (150, 208, 238)

HEIGHTS: Mapping[tuple[str, str], float] = MappingProxyType(
    {
        ("cat", "sleeping"): 0.55,
        ("dog", "standing"): 0.82,
        ("dog", "running"): 0.82,
        ("dog", "sleeping"): 0.44,
        ("crane_bird", "wading"): 0.87,  # without its head
        ("car", ""): 0.66,
        ("bus", ""): 0.83,
        ("boat", ""): 0.84,  # without the tip of its sail
        ("plane", ""): 0.81,
    }
)
"""How high the bulk of a (kind, pose) reaches, as a share of its frame; the others fill it."""


def draw_covers(canvas: Canvas, thing: Thing, setting: str) -> None:
    """Draw what hides the lowest part of a thing, if anything does.

    A thing's `cover` is a share of its own height, so a bush before a cat asleep is low.
    """
    x, y = thing.position
    backdrop = BACKDROPS[setting]
    floats = thing.airborne or (setting == "underwater" and KINDS[thing.kind].swims)
    height = 2 * thing.cover * HEIGHTS.get((thing.kind, thing.pose), 1)
    with canvas.placed((x, y + thing.size), thing.size):
        if setting == "sea" and not thing.airborne:
            _wave(canvas)
        if thing.cover > 0 and floats:
            _cloud(canvas, height, backdrop.cloud)
        elif thing.cover > 0:
            _bush(canvas, height, backdrop.cover)


def _wave(canvas: Canvas) -> None:
    crest = [(-1.3, -0.08), (-0.9, -0.2), (-0.45, -0.1), (0, -0.2), (0.45, -0.1), (0.9, -0.2)]
    canvas.blob([*crest, (1.3, -0.08), (0.7, 0.12), (-0.7, 0.12)], WATER)
    canvas.curve([*crest, (1.3, -0.08)], 0.05, FOAM)


def _bush(canvas: Canvas, height: float, colour: RGB) -> None:
    """Draw a rounded bush, rock or drift from (0, 0) up to about `height`."""
    top = [(-1.24, 0.08), (-1.18, -0.6), (-0.74, -1.02), (-0.36, -0.94), (0.06, -1.06)]
    outline = [*top, (0.48, -0.95), (0.84, -1), (1.2, -0.55), (1.26, 0.08)]
    canvas.blob([(x, y * height) for x, y in outline], colour)
    for x, y in ((-0.7, -0.72), (0.1, -0.78), (0.78, -0.66)):  # where light falls
        at, radii = (x, y * height), (0.24, 0.13 * height)
        canvas.ellipse(at, radii, lighter(colour, 0.14), edge=False)
    for x, y in ((-0.3, -0.3), (0.5, -0.26)):
        at, radii = (x, y * height), (0.26, 0.11 * height)
        canvas.ellipse(at, radii, darker(colour, 0.12), edge=False)


def _cloud(canvas: Canvas, height: float, colour: RGB) -> None:
    """Draw a cloud that reaches from a little under (0, 0) up to about `height`."""
    top = [(-1.3, -0.05), (-1.26, -0.62), (-0.86, -0.8), (-0.5, -1.08), (-0.1, -0.9)]
    outline = [*top, (0.3, -1.1), (0.76, -0.86), (1.14, -0.74), (1.34, -0.1)]
    crown = [(x, y * height) for x, y in outline]
    canvas.blob([*crown, (0.8, 0.12), (-0.8, 0.12)], colour)
    belly = [(-1, -0.1 * height), (0, -0.22 * height), (1, -0.1 * height), (0, 0.06)]
    canvas.blob(belly, darker(colour, 0.08), edge=False)
