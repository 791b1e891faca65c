"""Two scenes that differ in one fact and in nothing else, for every fact that we test.

Each function draws a scene, changes the fact, and returns two pairs of a scene and its twin:
in the first pair the scene is the one that was drawn, in the second the one that was changed.
Both scenes belong to the split asked for, for which the second pair may be nudged, scene and
twin alike; a twin is only held out, or only hard, where its scene is. A function draws once and
returns None where that draw has no twin; the caller draws again. Leaves out the captions that
tell them apart (`minimal_pairs.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from mmcourse.world.scenes.randomness import pick
from mmcourse.world.scenes.sampling import poses, sample_scene
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import (
    COLOURS,
    HELD_OUT,
    KINDS,
    SCENES,
    SIGN_WORDS,
    confusable,
)

Twins: TypeAlias = tuple[tuple[Scene, Scene], tuple[Scene, Scene]]
"""Two pairs of a scene and its twin: scene and twin of the second show what twin and scene of
the first show, but perhaps nudged."""

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
    """Return two scenes with one thing each, of different kinds, in one place and one colour.

    The new kind takes the pose if it can, and a sign gets a word. It must be at home where
    the other was: what flies makes room for what flies, what stands for what stands.
    """
    scene = sample_scene(rng, n_objects=1, split=split)
    thing = scene.objects[0]
    others = [kind for kind in KINDS if _may_replace(kind, thing, scene.setting)]
    if not others:
        return None
    kind = pick(rng, others)
    able = _poses_alike(kind, thing, scene.setting)
    pose = thing.pose if thing.pose in able else pick(rng, able)
    word = pick(rng, SIGN_WORDS) if kind == "sign" else ""
    return _twins(scene, [replace(thing, kind=kind, pose=pose, word=word)])


def count_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with things that are alike, three or four of them and one less.

    One is taken away, and the others stay where they are: neither size nor place tells.
    """
    scene = sample_scene(rng, n_objects=pick(rng, (3, 4)), split=split)
    gone = pick(rng, range(len(scene.objects)))
    rest = [thing for number, thing in enumerate(scene.objects) if number != gone]
    return _twins(replace(scene, objects=(*rest, scene.objects[gone])), rest)


def written_word_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with one sign, on which different words are written."""
    scene = sample_scene(rng, n_objects=1, kinds=("sign",), split=split)
    sign = scene.objects[0]
    others = [word for word in SIGN_WORDS if word != sign.word]
    return _twins(scene, [replace(sign, word=pick(rng, others))])


def binding_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with the same two things, each in the other's colour."""
    scene = sample_scene(rng, n_objects=2, split=split)
    other = colours_exchanged(scene)
    return None if other is None else _twins(scene, list(other.objects))


def left_right_twins(rng: np.random.Generator, split: str) -> Twins | None:
    """Return two scenes with the same two things beside each other, their sides exchanged."""
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


def colours_exchanged(scene: Scene) -> Scene | None:
    """Return the scene with its two things each in the other's colour, and all else as it was.

    None where there are not two things of kinds and colours that differ, and where one of
    them would get a colour that is held out for its kind though nothing in the scene is.

    >>> cat = Thing(kind="cat", colour="green", size=0.2, position=(0.3, 0.7), pose="sitting")
    >>> car = Thing(kind="car", colour="blue", size=0.2, position=(0.7, 0.7))
    >>> swapped = colours_exchanged(Scene(setting="meadow", objects=(cat, car)))
    >>> [thing.colour for thing in swapped.objects]
    ['blue', 'green']
    """
    if len(scene.objects) != 2:
        return None
    first, second = scene.objects
    if first.colour == second.colour or confusable(first.kind, second.kind):
        return None
    swapped = replace(first, colour=second.colour), replace(second, colour=first.colour)
    other = replace(scene, objects=swapped)
    return None if other.split == "held-out" != scene.split else other


TWINS: Mapping[str, Callable[[np.random.Generator, str], Twins | None]] = MappingProxyType(
    {
        "colour": colour_twins,
        "kind": kind_twins,
        "count": count_twins,
        "binding": binding_twins,
        "left-right": left_right_twins,
        "above-below": above_below_twins,
        "negation": kind_twins,
        "written word": written_word_twins,
    }
)


def _twins(scene: Scene, things: list[Thing]) -> Twins | None:
    """Return the scene and its like with other things, nudged until the splits agree.

    Thing i takes the place of the scene's object i; further objects have no like. In either
    pair both face the same way.
    """
    as_drawn = [
        replace(thing, facing=drawn.facing)
        for thing, drawn in zip(things, scene.objects, strict=False)
    ]
    for shift, facings in product(SHIFTS, product(*map(_facings, things))):
        other = _nudged(scene, things, shift, facings)
        if other.split == scene.split:
            back = _nudged(scene, scene.objects, shift, facings)
            return (scene, replace(scene, objects=tuple(as_drawn))), (other, back)
    return None


def _nudged(
    scene: Scene, things: Sequence[Thing], shift: float, facings: Sequence[str]
) -> Scene:
    """Return the scene with these things, all moved sideways, the first ones turned."""
    turned = (*facings, *(thing.facing for thing in things[len(facings) :]))
    moved = (_moved(thing, shift, way) for thing, way in zip(things, turned, strict=True))
    return replace(scene, objects=tuple(moved))


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


def _may_replace(kind: str, thing: Thing, setting: str) -> bool:
    """Return whether a thing of this kind may be where the thing is, and be told from it."""
    return (
        setting not in KINDS[kind].avoids
        and not confusable(kind, thing.kind)
        and _alike_held_out(thing, kind, thing.colour)
        and bool(_poses_alike(kind, thing, setting))
    )


def _poses_alike(kind: str, thing: Thing, setting: str) -> list[str]:
    """Return the poses in which a kind stands, flies or swims as the thing does.

    On a plain background all are stickers, and any pose will do.
    """
    able = poses(kind, setting)
    if SCENES[setting].ground is None:
        return list(able)
    if KINDS[kind].swims != KINDS[thing.kind].swims:
        return []
    return [pose for pose in able if (pose in KINDS[kind].airborne) == thing.airborne]
