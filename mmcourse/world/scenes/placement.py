"""Decide where the things of a scene stand, swim or fly, and how large they are.

Heights are in picture heights from the top; x runs from 0 to the picture's aspect.
Leaves out what the things are (`sampling.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mmcourse.world.scenes.scene import Thing
from mmcourse.world.scenes.vocabulary import KINDS, SCENES

MARGIN = 0.02
STACKED_SHARE = 0.45
"""How often one of a pair hangs above the other, where it can."""

SIZES = {"small": (0.17, 0.22), "medium": (0.26, 0.33), "big": (0.38, 0.43)}
ROW_SIZES = {2: (0.19, 0.215), 3: (0.145, 0.155), 4: (0.115, 0.119)}
ZIGZAG_SIZES = {2: (0.19, 0.215), 3: (0.155, 0.175), 4: (0.125, 0.14)}
COLUMNS = {2: (0.27, 0.73), 3: (0.18, 0.50, 0.82), 4: (0.14, 0.38, 0.62, 0.86)}
GRIDS = {
    3: ((0.50, 0.26), (0.28, 0.66), (0.72, 0.66)),
    4: ((0.28, 0.26), (0.72, 0.26), (0.28, 0.66), (0.72, 0.66)),
}


@dataclass(frozen=True)
class Slot:
    """A place for one thing.

    Args:
        x: centre, from the left.
        size: half the height.
        y: centre, from the top; None leaves it to the setting and the thing.
        depth: where its feet stand on the ground, from 0 (back) to 1 (front).
    """

    x: float
    size: float
    y: float | None = None
    depth: float = 0.5


def place(
    rng: np.random.Generator, things: list[Thing], setting: str, aspect: float
) -> list[Thing]:
    """Return the things with their size, position, facing and look decided.

    Args:
        rng: a numpy Generator; it is advanced.
        things: one thing, two of different kinds, or two to four alike.
        setting: a name in `SCENES` that none of them avoids.
        aspect: width of the picture in picture heights.
    """
    if len(things) == 1:
        slots = [_alone(rng, aspect)]
    elif things[0].kind == things[1].kind:
        slots = list(_group(rng, things, setting, aspect))
    elif (upper := _upper(rng, things, setting)) is None:
        slots = _side_by_side(rng, things, aspect)
    else:
        things = list(things)
        things = [
            _lifted(thing) if index == upper else thing for index, thing in enumerate(things)
        ]
        slots = _stacked(rng, upper, aspect)
    return [
        _settle(rng, thing, slot, setting) for thing, slot in zip(things, slots, strict=True)
    ]


def _alone(rng: np.random.Generator, aspect: float) -> Slot:
    share = rng.random()
    name = "small" if share < 0.25 else "medium" if share < 0.7 else "big"
    size = _between(rng, *SIZES[name])
    edge = size + MARGIN + 0.04 * rng.random()
    side = rng.random()
    if side < 0.25 and name != "big":
        x = edge
    elif side < 0.5 and name != "big":
        x = aspect - edge
    else:
        x = aspect / 2 + _between(rng, -0.03, 0.03)
    return Slot(x, size, depth=rng.random())


def _side_by_side(rng: np.random.Generator, things: list[Thing], aspect: float) -> list[Slot]:
    """Return two slots at about one height, so that left and right are plain to see."""
    columns = [0.27, 0.73] if rng.random() < 0.5 else [0.73, 0.27]
    return [
        Slot(
            x=(column + _between(rng, -0.02, 0.02)) * aspect,
            size=_between(rng, 0.20, 0.245),
            y=_beside(rng, thing),
            depth=rng.random(),
        )
        for column, thing in zip(columns, things, strict=True)
    ]


def _beside(rng: np.random.Generator, thing: Thing) -> float | None:
    """Return a height at which left and right stay plainer than above and below."""
    if thing.airborne:
        return _between(rng, 0.46, 0.52)
    return _between(rng, 0.56, 0.64) if KINDS[thing.kind].swims else None


def _upper(rng: np.random.Generator, things: list[Thing], setting: str) -> int | None:
    """Return which of a pair hangs above the other; None where they stand side by side."""
    able = [
        index
        for index, thing in enumerate(things)
        if floats(thing, setting) or KINDS[thing.kind].airborne
    ]
    if not able or rng.random() > STACKED_SHARE:
        return None
    return able[int(rng.random() * len(able))]


def floats(thing: Thing, setting: str) -> bool:
    """Return whether a thing needs no ground: it flies, swims in the deep, or is a sticker."""
    swims = KINDS[thing.kind].swims and setting == "underwater"
    return thing.airborne or swims or SCENES[setting].ground is None


def _lifted(thing: Thing) -> Thing:
    airborne = KINDS[thing.kind].airborne
    return replace(thing, pose=min(airborne)) if airborne else thing


def _stacked(rng: np.random.Generator, upper: int, aspect: float) -> list[Slot]:
    """Return two slots, the one numbered `upper` above the other."""
    above = Slot(aspect / 2 + _between(rng, -0.06, 0.06), _between(rng, 0.18, 0.21), y=0.24)
    below = Slot(aspect / 2 + _between(rng, -0.06, 0.06), _between(rng, 0.18, 0.21), y=0.72)
    return [above, below] if upper == 0 else [below, above]


def _group(
    rng: np.random.Generator, things: list[Thing], setting: str, aspect: float
) -> Iterator[Slot]:
    """Yield slots for things that are alike: a grid in the air, or a zigzag on the ground."""
    count, ground, swims = len(things), SCENES[setting].ground, KINDS[things[0].kind].swims
    free = floats(things[0], setting)
    if free and count > 2 and rng.random() < 0.6:
        size = _between(rng, 0.15, 0.175)
        for x, y in GRIDS[count]:
            yield Slot((x + _jitter(rng)) * aspect, size, y=y + _jitter(rng))
        return
    zigzag = ground is not None and ground[1] - ground[0] > 0.1 and not free and not swims
    size = _between(rng, *(ZIGZAG_SIZES if zigzag else ROW_SIZES)[count])
    start = 0 if rng.random() < 0.5 else 1
    for index, x in enumerate(COLUMNS[count]):
        depth = (index + start) % 2 if zigzag else 0.5
        yield Slot((x + _jitter(rng)) * aspect, size, depth=depth)


def _settle(rng: np.random.Generator, thing: Thing, slot: Slot, setting: str) -> Thing:
    y = _height(rng, thing, slot, setting)
    y = min(max(y, slot.size + MARGIN), 1 - slot.size - MARGIN)
    return replace(
        thing,
        size=round(slot.size, 3),
        position=(round(slot.x, 3), round(y, 3)),
        facing="left" if rng.random() < 0.5 else "right",
        look=int(rng.random() * 2**31),
    )


def _height(rng: np.random.Generator, thing: Thing, slot: Slot, setting: str) -> float:
    """Return the height of a thing's centre: its slot's, or what its setting asks for."""
    facts = SCENES[setting]
    stands = facts.ground is not None and not thing.airborne and not KINDS[thing.kind].swims
    if stands and facts.ground is not None:
        low, high = facts.ground
        depth = 1.0 if slot.y is not None else slot.depth
        return low + (high - low) * depth - slot.size
    if slot.y is not None:
        return slot.y
    return _between(rng, *(facts.swim if KINDS[thing.kind].swims else facts.air))


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    return low + (high - low) * rng.random()


def _jitter(rng: np.random.Generator) -> float:
    return _between(rng, -0.01, 0.01)
