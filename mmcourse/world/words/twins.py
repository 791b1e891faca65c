"""Two scenes of one split that differ in one respect, for every respect that we test.

Leaves out the captions that tell them apart (`minimal_pairs.py`). Each function draws once
and returns None where that draw has no twin; the caller draws again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from mmcourse.world.scenes.randomness import pick
from mmcourse.world.scenes.sampling import sample_scene
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import COLOURS, HELD_OUT, KINDS, confusable

Twins: TypeAlias = tuple[Scene, Scene]

SHIFTS = (0.0, 0.01, -0.01, 0.02, -0.02)
"""How far things may be moved sideways to bring a twin into the right split."""


def colour_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with one thing each, in different colours."""
    scene = sample_scene(rng, n_objects=1, split=split)
    thing = scene.objects[0]
    others = [
        colour
        for colour in COLOURS
        if colour != thing.colour and _alike_held_out(thing, thing.kind, colour)
    ]
    return _twins(scene, [replace(thing, colour=pick(rng, others))])


def kind_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with one thing each, of different kinds and one colour."""
    scene = sample_scene(rng, n_objects=1, split=split)
    thing, setting = scene.objects[0], scene.setting
    others = [
        kind
        for kind in KINDS
        if setting not in KINDS[kind].avoids
        and not confusable(kind, thing.kind)
        and _alike_held_out(thing, kind, thing.colour)
    ]
    if not others:
        return None
    return scene, _resample(rng, scene, kind=pick(rng, others), n_objects=1)


def count_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes that hold different numbers, two to four, of things that are alike."""
    fewer, more = pick(rng, ((2, 3), (2, 4), (3, 4)))
    scene = sample_scene(rng, n_objects=more, split=split)
    return scene, _resample(rng, scene, kind=scene.objects[0].kind, n_objects=fewer)


def binding_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with the same two things, each in the other's colour."""
    scene = sample_scene(rng, n_objects=2, split=split)
    first, second = scene.objects
    if first.colour == second.colour or confusable(first.kind, second.kind):
        return None
    swapped = [replace(first, colour=second.colour), replace(second, colour=first.colour)]
    return _twins(scene, swapped)


def left_right_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return a scene with two things beside each other, and its mirror image."""
    scene = sample_scene(rng, n_objects=2, split=split)
    first, second = scene.objects
    if confusable(first.kind, second.kind) or relation(first, second) in ("above", "below"):
        return None
    return _twins(scene, [_mirrored(thing, scene.aspect) for thing in scene.objects])


def above_below_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return a plain scene with one thing above another, and one where they change places.

    Only on a plain background may anything hang above anything: elsewhere "a fish above a
    bird" would be false at a guess.
    """
    scene = sample_scene(rng, n_objects=2, scenes=("plain",), split=split)
    first, second = scene.objects
    if confusable(first.kind, second.kind) or relation(first, second) not in ("above", "below"):
        return None
    swapped = [
        replace(first, position=second.position),
        replace(second, position=first.position),
    ]
    return _twins(scene, swapped)


TWINS: Mapping[str, Callable[[np.random.Generator, str], Twins | None]] = MappingProxyType(
    {
        "colour": colour_twins,
        "kind": kind_twins,
        "count": count_twins,
        "binding": binding_twins,
        "left-right": left_right_twins,
        "above-below": above_below_twins,
    }
)


def _twins(scene: Scene, things: list[Thing]) -> Twins | None:
    """Return the scene and its like with other things, nudged until the splits agree."""
    for shift, facings in product(SHIFTS, product(*map(_facings, things))):
        moved = [
            _moved(thing, shift, facing) for thing, facing in zip(things, facings, strict=True)
        ]
        twin = replace(scene, objects=tuple(moved))
        if twin.split == scene.split:
            return scene, twin
    return None


def _moved(thing: Thing, shift: float, facing: str) -> Thing:
    x, y = thing.position
    return replace(thing, facing=facing, position=(round(x + shift, 3), y))


def _facings(thing: Thing) -> tuple[str, str]:
    return ("left", "right") if thing.facing == "left" else ("right", "left")


def _mirrored(thing: Thing, aspect: float) -> Thing:
    return _moved(thing, aspect - 2 * thing.position[0], _facings(thing)[1])


def _alike_held_out(thing: Thing, kind: str, colour: str) -> bool:
    """Return whether kind and colour are held out just as those of the thing are."""
    return ((kind, colour) in HELD_OUT) == ((thing.kind, thing.colour) in HELD_OUT)


def _resample(rng: np.random.Generator, scene: Scene, *, kind: str, n_objects: int) -> Scene:
    """Return another scene with the same setting, colour and split."""
    return sample_scene(
        rng,
        n_objects=n_objects,
        kinds=(kind,),
        colours=(scene.objects[0].colour,),
        scenes=(scene.setting,),
        split=scene.split,
    )
