"""Choose scenes at random: which things, in which colours, and in which split.

Every choice draws through `rng.random()` alone, whose stream numpy keeps fixed, so one
seed gives the same scene on every machine and version. Leaves out where things stand
(`placement.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from numbers import Integral, Real
from typing import TypeVar

import numpy as np

from mmcourse.world.scenes.placement import floats, place
from mmcourse.world.scenes.randomness import pick, require_generator
from mmcourse.world.scenes.scene import MAX_ASPECT, Scene, Thing
from mmcourse.world.scenes.vocabulary import (
    COLOURS,
    HELD_OUT,
    KINDS,
    PLANTED_BIAS,
    SCENES,
    SIGN_WORDS,
    SPLITS,
    STYLES,
    noun,
)

LAYOUT_SHARES = {"single": 0.36, "pair": 0.42, "group": 0.22}
COUNT_SHARES = {2: 0.4, 3: 0.35, 4: 0.25}
MAX_TRIES = 2_000

T = TypeVar("T")


def sample_scene(  # noqa: PLR0913 - each argument cuts out one kind of sub-world
    rng: np.random.Generator,
    *,
    n_objects: int | None = None,
    kinds: Collection[str] = tuple(KINDS),
    colours: Collection[str] = tuple(COLOURS),
    scenes: Collection[str] = tuple(SCENES),
    split: str = "train",
    style: str = "flat",
    aspect: float = 1.0,
) -> Scene:
    """Return a random scene of one split.

    With `rng` alone it is ordinary, flat and square: one object (36 %), a pair of
    different kinds (42 %), or two to four alike (22 %).

    Args:
        rng: a numpy Generator; it is advanced.
        n_objects: 1 to 4; None draws it. Two are mostly a pair; three or four are alike.
        kinds: names in `KINDS` to draw from.
        colours: names in `COLOURS` to draw from.
        scenes: names in `SCENES` to draw from.
        split: "train", "validation", "test", "held-out" (a kind in a colour that it has in
            no other split) or "hard" (tiny, faded or partly hidden objects).
        style: a name in `STYLES`.
        aspect: width divided by height, from 1 to 3.

    Raises:
        ValueError: a name or number is not one of those above, or they leave no such scene.
        TypeError: `rng` is not a numpy Generator.

    >>> scene = sample_scene(np.random.default_rng(0), kinds=["cat"], n_objects=3)
    >>> [thing.kind for thing in scene.objects]
    ['cat', 'cat', 'cat']
    """
    require_generator(rng, "sample_scene")
    world = _sub_world(
        known_names("kinds", kinds, KINDS),
        known_names("colours", colours, COLOURS),
        known_names("scenes", scenes, SCENES),
        _count(n_objects),
        known_names("split", [split], SPLITS)[0],
        known_names("style", [style], STYLES)[0],
        _width(aspect),
    )
    for _ in range(MAX_TRIES if world.layouts else 0):
        scene = world.draw(rng)
        if scene is not None and scene.split == split:
            return scene
    raise ValueError(
        f"sample_scene: no {split!r} scene can be made from kinds={list(kinds)}, "
        f"colours={list(colours)}, scenes={list(scenes)}, n_objects={n_objects}; allow "
        "more of them (`KINDS[name].avoids` says where a kind never is; see `HELD_OUT` too)."
    )


def poses(kind: str, setting: str) -> Sequence[str]:
    """Return what a kind does in a setting: on the water, what can fly flies.

    >>> poses("bird", "meadow"), poses("bird", "sea")
    (('perched', 'flying'), ['flying'])
    """
    facts = KINDS[kind]
    return sorted(facts.airborne) if SCENES[setting].water and facts.airborne else facts.poses


@dataclass(frozen=True)
class _SubWorld:
    """The part of the world that one call of `sample_scene` draws from."""

    kinds: tuple[str, ...]
    colours: tuple[str, ...]
    scenes: tuple[str, ...]
    n_objects: int | None
    split: str
    style: str
    aspect: float

    @cached_property
    def homes(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for every setting, the kinds that may appear in it."""
        return {
            setting: tuple(kind for kind in self.kinds if setting not in KINDS[kind].avoids)
            for setting in self.scenes
        }

    @cached_property
    def layouts(self) -> dict[str, tuple[str, ...]]:
        """Return, for every layout that is possible, the settings that can hold it."""
        one = tuple(setting for setting, kinds in self.homes.items() if kinds)
        two = tuple(setting for setting, kinds in self.homes.items() if _nouns(kinds) > 1)
        wanted = {
            "single": one if self.n_objects in (None, 1) else (),
            "pair": two if self.n_objects in (None, 2) else (),
            "group": one if self.n_objects != 1 else (),
        }
        return {layout: settings for layout, settings in wanted.items() if settings}

    @cached_property
    def palette(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for every kind, the colours that this split gives it."""
        held_out = self.split == "held-out"
        return {
            kind: tuple(
                colour for colour in self.colours if ((kind, colour) in HELD_OUT) == held_out
            )
            for kind in self.kinds
        }

    def draw(self, rng: np.random.Generator) -> Scene | None:
        """Return one scene, of whatever split; None where the colours drawn do not exist."""
        layout = self._draw_layout(rng)
        setting = pick(rng, self.layouts[layout])
        kinds = _draw_kinds(rng, self.homes[setting], 2 if layout == "pair" else 1)
        colours = [
            self._draw_colour(rng, kind, first=index == 0) for index, kind in enumerate(kinds)
        ]
        if None in colours:
            return None
        things = [
            Thing(
                kind=kind,
                colour=str(colour),
                size=1,
                position=(0, 0),
                pose=pick(rng, poses(kind, setting)),
                word=pick(rng, SIGN_WORDS) if kind == "sign" else "",
            )
            for kind, colour in zip(kinds, colours, strict=True)
        ]
        if layout == "group":
            things *= self.n_objects or _weighted(rng, COUNT_SHARES)
        placed = place(rng, things, setting, self.aspect)
        if self.split == "hard":
            ways = ("faded", "covered") if layout == "pair" else ("faded", "covered", "tiny")
            placed = [_harden(rng, thing, setting, pick(rng, ways)) for thing in placed]
        return Scene(
            setting=setting,
            objects=tuple(placed),
            style=self.style,
            aspect=self.aspect,
            look=_seed(rng),
        )

    def _draw_layout(self, rng: np.random.Generator) -> str:
        shares = {layout: LAYOUT_SHARES[layout] for layout in self.layouts}
        if self.n_objects == 2 and "group" in shares:
            shares["group"] *= COUNT_SHARES[2]
        return _weighted(rng, shares)

    def _draw_colour(self, rng: np.random.Generator, kind: str, *, first: bool) -> str | None:
        """Return a colour for one kind; held-out scenes hold out their first object."""
        bias_kind, bias_colour, bias_share = PLANTED_BIAS
        biased = self.split == "train" and kind == bias_kind and bias_colour in self.colours
        if biased and rng.random() < bias_share:
            return bias_colour
        allowed = self.palette[kind] if self.split != "held-out" or first else self.colours
        return pick(rng, allowed) if allowed else None


_sub_world = lru_cache(maxsize=64)(_SubWorld)


def _draw_kinds(
    rng: np.random.Generator, kinds: tuple[str, ...], count: int
) -> tuple[str, ...]:
    """Return kinds that a caption can tell apart: never both cranes."""
    first = pick(rng, kinds)
    if count == 1:
        return (first,)
    others = [kind for kind in kinds if noun(kind) != noun(first)]
    return first, pick(rng, others)


def _harden(rng: np.random.Generator, thing: Thing, setting: str, way: str) -> Thing:
    """Return the same object "faded", partly "covered" or "tiny".

    A tiny thing keeps its feet where they were. In a pair it could then lie as much below
    the other as beside it, so nothing in a pair is made tiny.
    """
    amount = rng.random()
    if way == "tiny":
        size = round(0.09 + 0.024 * amount, 3)
        x, y = thing.position
        centre = y + (0 if floats(thing, setting) else thing.size - size)  # feet stay put
        return replace(thing, size=size, position=(x, round(centre, 3)))
    if way == "faded":
        return replace(thing, contrast=round(0.5 + 0.25 * amount, 2))
    return replace(thing, cover=round(0.1 + 0.2 * amount, 2))


def _nouns(kinds: Sequence[str]) -> int:
    return len({noun(kind) for kind in kinds})


def _seed(rng: np.random.Generator) -> int:
    return int(rng.random() * 2**31)


def _weighted(rng: np.random.Generator, shares: Mapping[T, float]) -> T:
    """Return a key, drawn in proportion to its share; shares need not sum to 1."""
    point = rng.random() * sum(shares.values())
    for option, share in shares.items():
        point -= share
        if point < 0:
            return option
    return option


def known_names(
    argument: str,
    names: Collection[str],
    allowed: Collection[str],
    operation: str = "sample_scene",
) -> tuple[str, ...]:
    """Return the names in the order of `allowed`: a set gives the same scenes as a list."""
    if isinstance(names, str) or not isinstance(names, Collection):
        raise ValueError(
            f"{operation}: {argument} must be a list of names; got {names!r}; "
            f"write {argument}=[{names!r}]."
        )
    names = list(names)  # of an array it could not be asked whether it is empty
    unknown = [name for name in names if not isinstance(name, str) or name not in allowed]
    if not names or unknown:
        received = f"unknown {', '.join(map(repr, unknown))}" if unknown else "nothing"
        raise ValueError(
            f"{operation}: {argument} must be among {', '.join(allowed)}; got {received}; "
            "leave it out for the default."
        )
    return tuple(name for name in allowed if name in names)


def _count(n_objects: object) -> int | None:
    whole = isinstance(n_objects, Integral) and not isinstance(n_objects, bool)
    if n_objects is not None and not (whole and 1 <= n_objects <= 4):  # type: ignore[operator]
        raise ValueError(
            f"sample_scene: n_objects must be 1, 2, 3, 4 or None; got {n_objects!r}."
        )
    return None if n_objects is None else int(n_objects)  # type: ignore[call-overload]


def _width(aspect: object) -> float:
    real = isinstance(aspect, Real) and not isinstance(aspect, bool)
    if not (real and 1 <= aspect <= MAX_ASPECT):  # type: ignore[operator]
        raise ValueError(
            f"sample_scene: aspect must be a number from 1 to {MAX_ASPECT:g}; got {aspect!r}."
        )
    return float(aspect)  # type: ignore[arg-type]
