"""What can be said of a scene: the few facts that its captions depend on.

Leaves out how they are said (`phrases.py`, `caption.py`).
"""

from collections.abc import Sequence
from math import dist
from typing import NamedTuple

from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import KINDS


class ThingFacts(NamedTuple):
    """What can be said of one object, or of several alike.

    Args:
        kind: a name in `KINDS`.
        colour: a name in `COLOURS`.
        pose: what it is doing, or what all of them are doing; "" where they differ.
        word: what is written on it, or on all of them; "" where they differ.
    """

    kind: str
    colour: str
    pose: str
    word: str


class Facts(NamedTuple):
    """All that a caption depends on; the order of a scene's objects plays no part.

    Args:
        setting: a name in `SCENES`.
        style: a name in `STYLES`.
        level: "ground", "air" or "water" where everything is on it or in it; "" otherwise.
        things: one entry for a single object or several alike, two for a pair.
        number: how many objects the first entry stands for.
        size: "small" or "big" for a single object; "" where no word is clearly true.
        side: "left", "right" or "middle" for a single object; "" where none is clearly true.
        relation: where the first of a pair is seen from the second; "" without a pair.
        near: whether the centres of a pair are at most twice the sum of their sizes apart.
    """

    setting: str
    style: str
    level: str
    things: tuple[ThingFacts, ...]
    number: int = 1
    size: str = ""
    side: str = ""
    relation: str = ""
    near: bool = False


def facts(scene: Scene, operation: str = "facts") -> Facts:
    """Return what a caption of this scene depends on: a key that can be hashed.

    Args:
        scene: one thing, two different ones, or two to four alike.
        operation: whose name an error bears.

    Raises:
        ValueError: the scene holds nothing, more than four, or three that differ.
        TypeError: `scene` is not a Scene.

    >>> bus = Thing(kind="bus", colour="red", size=0.4, position=(0.5, 0.6))
    >>> known = facts(Scene(setting="street", objects=(bus,)))
    >>> known.size, known.side
    ('big', 'middle')
    """
    if not isinstance(scene, Scene):
        raise TypeError(
            f"{operation}: scene must be a Scene; got {type(scene).__name__}; make one with "
            "sample_scene or Scene(setting=..., objects=(...,))."
        )
    things, layout = scene.objects, scene.layout
    if not 1 <= len(things) <= (2 if layout == "pair" else 4):
        raise ValueError(
            f"{operation}: a scene must hold one thing, two that differ, or two to four alike; "
            f"got {_number(scene)}."
        )
    level = _shared([_level(thing) for thing in things])
    if layout == "pair":
        first, second = sorted(things, key=_describe)
        pair, where = (_describe(first), _describe(second)), relation(first, second)
        near = _near(first, second)
        return Facts(scene.setting, scene.style, level, pair, relation=where, near=near)
    known = Facts(scene.setting, scene.style, level, (_describe(*things),), number=len(things))
    if len(things) > 1:
        return known
    size, side = things[0].size_word or "", scene.side(things[0]) or ""
    return known._replace(size=size, side=side)


def _number(scene: Scene) -> str:
    """Return how many things a scene that has no caption holds, with what to do about it."""
    if not scene.objects:
        return "none; add one"
    differ = " that differ" if scene.layout == "pair" else ""
    return f"{len(scene.objects)}{differ}; leave some out"


def _near(first: Thing, second: Thing) -> bool:
    return dist(first.position, second.position) <= 2 * (first.size + second.size)


def _describe(*things: Thing) -> ThingFacts:
    """Return what can be said of one thing, or of all of several that are alike."""
    first = things[0]
    if len(things) == 1:
        return ThingFacts(first.kind, first.colour, first.pose, first.word)
    pose = _shared([thing.pose for thing in things])
    return ThingFacts(first.kind, first.colour, pose, _shared([thing.word for thing in things]))


def _shared(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _level(thing: Thing) -> str:
    if KINDS[thing.kind].swims:
        return "water"
    return "air" if thing.airborne else "ground"
