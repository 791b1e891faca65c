"""Scenes made by hand, thing by thing."""

from mmcourse.world.scenes.scene import Scene, Thing
from mmcourse.world.scenes.vocabulary import KINDS


def thing(kind: str = "cat", colour: str = "red", x: float = 0.5, **changes: object) -> Thing:
    """Return a thing of ordinary size on the ground, in its kind's ordinary pose."""
    known = {"size": 0.3, "position": (x, 0.6), "pose": KINDS[kind].poses[0]}
    return Thing(kind=kind, colour=colour, **{**known, **changes})


def scene_of(*things: Thing, setting: str = "plain", **changes: object) -> Scene:
    """Return a flat, square scene with these things in it."""
    return Scene(setting=setting, objects=things, **changes)
