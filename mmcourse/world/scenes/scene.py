"""A scene of the drawn world: what is there, exactly.

A `Scene` is plain data. It is drawn by `render`, described by `caption`, asked about by
`questions`, heard by `sound` and set in motion by `film`; none of them adds a fact.
Leaves out how scenes are chosen (`sampling.py`).
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from numbers import Integral, Real

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.vocabulary import COLOURS, HELD_OUT, KINDS, SCENES, STYLES

HARD_SIZE = 0.115
"""An object smaller than this makes its scene a hard one."""

MAX_ASPECT = 3.0
"""The widest picture, in picture heights."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One object of a scene.

    Args:
        kind: a name in `KINDS`.
        colour: a name in `COLOURS`.
        size: half its height, in picture heights, above 0 and at most 1.
        position: (x, y) of its centre in picture heights, from the left and from the top.
        pose: what it is doing, one of its kind's poses.
        facing: "left" or "right".
        word: what is written on it, in letters from a to z (signs only).
        contrast: 1 is ordinary; less, down to 0, fades it into the background.
        cover: share of its own height, from its feet up, hidden behind a bush (in the air or
            swimming underwater, a cloud); 0 is ordinary.
        look: seed of its small differences (stripes, window light, hair), never of a fact.

    Raises:
        ValueError: a name is unknown, or a number is outside its range.
    """

    kind: str
    colour: str
    size: float
    position: tuple[float, float]
    pose: str = ""
    facing: str = "right"
    word: str = ""
    contrast: float = 1.0
    cover: float = 0.0
    look: int = 0

    def __post_init__(self) -> None:
        _check("Thing", "kind", self.kind, KINDS)
        _check("Thing", "colour", self.colour, COLOURS)
        _check("Thing", "pose", self.pose, KINDS[self.kind].poses)
        _check("Thing", "facing", self.facing, ("left", "right"))
        _check_number("Thing", "size", self.size, 1e-3, 1)
        _check_number("Thing", "contrast", self.contrast, 0, 1)
        _check_number("Thing", "cover", self.cover, 0, 1)
        _check_look("Thing", self.look)
        if not isinstance(self.position, tuple) or len(self.position) != 2:
            raise ValueError(
                f"Thing: position must be (x, y) in picture heights; got {self.position!r}."
            )
        for number in self.position:
            _check_number("Thing", "position", number, -MAX_ASPECT, 2 * MAX_ASPECT)
        if self.word and (self.kind != "sign" or not _is_word(self.word)):
            raise ValueError(
                "Thing: word must be letters from a to z, on a sign; "
                f"got {self.word!r} on a {self.kind}."
            )

    @property
    def airborne(self) -> bool:
        """Whether it needs no ground under it."""
        return self.pose in KINDS[self.kind].airborne

    @property
    def size_word(self) -> str | None:
        """Return "small", "big", or None for the sizes in between, which have no word."""
        if self.size <= 0.225:
            return "small"
        return "big" if self.size >= 0.37 else None

    @property
    def hard(self) -> bool:
        """Whether it is tiny, faded or partly hidden."""
        return self.size < HARD_SIZE or self.contrast < 1 or self.cover > 0

    def __str__(self) -> str:
        words = [self.colour, self.kind, self.pose, f'"{self.word}"' if self.word else ""]
        x, y = self.position
        return f"{' '.join(filter(None, words))} at ({x:.2f}, {y:.2f}) size {self.size:.2f}"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A picture's whole truth.

    Args:
        setting: a name in `SCENES`.
        objects: what is in it, in no particular order.
        style: a name in `STYLES`.
        aspect: width divided by height, from 1 to 3.
        look: seed of its background's small differences (clouds, hills), never of a fact.

    Raises:
        ValueError: a name is unknown, or `aspect` is not from 1 to 3.
        TypeError: `objects` is not a tuple of things.
    """

    setting: str
    objects: tuple[Thing, ...]
    style: str = "flat"
    aspect: float = 1.0
    look: int = 0

    def __post_init__(self) -> None:
        _check("Scene", "setting", self.setting, SCENES)
        _check("Scene", "style", self.style, STYLES)
        _check_number("Scene", "aspect", self.aspect, 1, MAX_ASPECT)
        _check_look("Scene", self.look)
        things = self.objects if isinstance(self.objects, tuple) else (None,)
        if not all(isinstance(thing, Thing) for thing in things):
            raise TypeError(
                "Scene: objects must be a tuple of things; "
                f"got {self.objects!r}; write (thing,) for a single one."
            )

    @property
    def layout(self) -> str:
        """Return "single", "group" (several of one kind and colour), or else "pair"."""
        if len(self.objects) == 1:
            return "single"
        alike = {(thing.kind, thing.colour) for thing in self.objects}
        return "group" if len(alike) == 1 else "pair"

    @cached_property
    def split(self) -> str:
        """Return the split that this scene belongs to, decided by what it contains.

        `look` and `style` play no part: the same things under other clouds, or drawn in
        another style, stay in the same split. Positions and sizes count to two decimals.
        """
        if any((thing.kind, thing.colour) in HELD_OUT for thing in self.objects):
            return "held-out"
        if any(thing.hard for thing in self.objects):
            return "hard"
        share = int.from_bytes(sha256(self._content().encode()).digest()[:4]) / 2**32
        if share < 0.8:
            return "train"
        return "validation" if share < 0.9 else "test"

    def _content(self) -> str:
        things = sorted(
            f"{thing.kind} {thing.colour} {thing.pose} {thing.word} {thing.facing} "
            f"{thing.position[0]:.2f} {thing.position[1]:.2f} {thing.size:.2f}"
            for thing in self.objects
        )
        return "; ".join([self.setting, f"{self.aspect:.2f}", *things])

    @checked
    def side(self, thing: Thing) -> str | None:
        """Return "left", "right" or "middle"; None where no word is clearly true."""
        share = thing.position[0] / self.aspect
        if share <= 0.36:
            return "left"
        if share >= 0.64:
            return "right"
        return "middle" if 0.45 <= share <= 0.55 else None

    def __str__(self) -> str:
        things = "\n".join(f"  {thing}" for thing in self.objects)
        wide = f", {self.aspect:g} times as wide as high" if self.aspect != 1 else ""
        return f"{self.setting}, {self.style}{wide}:\n{things}"


@checked
def relation(a: Thing, b: Thing) -> str:
    """Return where `a` is seen from `b`: "left of", "right of", "above" or "below".

    The larger of the two distances decides.

    >>> cat = Thing(kind="cat", colour="red", size=0.2, position=(0.2, 0.7), pose="sitting")
    >>> car = Thing(kind="car", colour="blue", size=0.2, position=(0.7, 0.75))
    >>> relation(cat, car)
    'left of'
    """
    dx = a.position[0] - b.position[0]
    dy = a.position[1] - b.position[1]
    if abs(dx) >= abs(dy):
        return "left of" if dx < 0 else "right of"
    return "above" if dy < 0 else "below"


def _check(owner: str, field: str, value: object, allowed: Collection[str]) -> None:
    if not isinstance(value, str) or value not in allowed:
        choices = ", ".join(repr(name) for name in allowed)
        raise ValueError(f"{owner}: {field} must be one of {choices}; got {value!r}.")


def _check_number(owner: str, field: str, value: object, low: float, high: float) -> None:
    real = isinstance(value, Real) and not isinstance(value, bool)
    if not real or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type, operator]
        raise ValueError(
            f"{owner}: {field} must be a number from {low:g} to {high:g}; got {value!r}."
        )


def _check_look(owner: str, look: object) -> None:
    if not isinstance(look, Integral) or isinstance(look, bool):
        raise ValueError(f"{owner}: look must be a whole number, a seed; got {look!r}.")


def _is_word(word: object) -> bool:
    return isinstance(word, str) and word.isascii() and word.isalpha() and word.islower()
