"""Two things that drift and hop for two seconds, and the call that one of them hops to.

Both hop as often, never at the same moment, and either may face away from where it drifts; the
call is of a kind that need not be there, as in a dubbed film. So which way a thing drifts lies
in the order of the frames alone, and whose hops are heard in sound and picture together. Leaves
out how it is drawn and played (`duet_film`), and what may be asked of it (`film_question`).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np

from mmcourse.boundary.scalars import real, whole
from mmcourse.world.scenes.randomness import pick, require_generator
from mmcourse.world.scenes.sampling import MAX_TRIES, known_names
from mmcourse.world.scenes.scene import Scene, Thing
from mmcourse.world.scenes.vocabulary import KINDS, SPLITS

FRAMES = 10
"""Of two seconds."""

CAST = ("cat", "dog", "bird", "bus", "mushroom", "house")
CAST_COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")
STAGES = ("meadow", "beach", "desert", "snow")
"""Settings in which everybody of the cast is at home."""

MOST_HOPS = 3
SIZE = 0.19
FEET = 0.92
COLUMNS = (0.25, 0.75)
JITTER = 0.02
SEEN_SPEAKS = 0.5
"""How often the call is of a kind that is to be seen."""


@final
@dataclass(frozen=True)
class Dancer:
    """One thing, where it drifts to, and when it hops.

    Args:
        thing: where it is in the middle of its way.
        heading: "left" or "right".
        hops: frames, from 0 to 9 and in order, in which it is in the air.

    Raises:
        TypeError: the thing is no Thing, or a hop no whole number.
        ValueError: the heading is no such word, or the hops are not such frames.
    """

    thing: Thing
    heading: str
    hops: tuple[int, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.thing, Thing):
            raise TypeError(f"Dancer: thing must be a Thing; got {type(self.thing).__name__}.")
        if self.heading not in ("left", "right"):
            raise ValueError(
                f"Dancer: heading must be 'left' or 'right'; got {self.heading!r:.40}."
            )
        if not isinstance(self.hops, tuple) or not self.hops:
            raise ValueError(
                f"Dancer: hops must be a tuple of frames, at least one; got {self.hops!r:.40}."
            )
        for hop in self.hops:
            whole("Dancer", "a hop", hop, least=0, most=FRAMES - 1)
        if any(later <= sooner for sooner, later in pairwise(self.hops)):
            raise ValueError(f"Dancer: hops must be in order; got {self.hops!r:.40}.")


@final
@dataclass(frozen=True)
class Duet:
    """Two dancers, and who is heard.

    Args:
        dancers: the left one, then the right one, of two kinds.
        heard: whose hops the call sounds at, 0 or 1.
        voice: a name in `KINDS`: whose call it is.
        setting: a name in `SCENES`.
        look: seed of the backdrop's small differences.
        luck: a number from 0 to below 1 that decides how call, bed and noise sound.

    Raises:
        TypeError: the dancers are no two dancers, or a number is none.
        ValueError: they are of one kind, stand the other way round, do not hop as often, or hop
            in the same frame; or a name or number is not one of those above.
    """

    dancers: tuple[Dancer, Dancer]
    heard: int
    voice: str
    setting: str = "meadow"
    look: int = 0
    luck: float = 0.5

    def __post_init__(self) -> None:
        two = self.dancers if isinstance(self.dancers, tuple) else ()
        if len(two) != 2 or not all(isinstance(one, Dancer) for one in two):
            raise TypeError(
                f"Duet: dancers must be a tuple of two Dancers; got {self.dancers!r:.60}."
            )
        left, right = two
        if left.thing.kind == right.thing.kind:
            raise ValueError(f"Duet: dancers must be of two kinds; got two {left.thing.kind}s.")
        if left.thing.position[0] >= right.thing.position[0]:
            raise ValueError(
                "Duet: dancers must stand left and right; got the right one first."
            )
        if len(left.hops) != len(right.hops) or set(left.hops) & set(right.hops):
            raise ValueError(
                "Duet: dancers must hop as often as each other, and never in the same frame; "
                f"got {left.hops} and {right.hops}."
            )
        whole("Duet", "heard", self.heard, least=0, most=1)
        if self.voice not in KINDS:
            raise ValueError(f"Duet: voice must be a name in KINDS; got {self.voice!r:.40}.")
        real("Duet", "luck", self.luck, least=0)
        if self.luck >= 1:
            raise ValueError(f"Duet: luck must be below 1; got {self.luck}.")
        _ = self.still  # the scene refuses its own

    @property
    def still(self) -> Scene:
        """Return the scene in which nobody drifts or hops; the duet belongs to its split."""
        left, right = self.dancers
        return Scene(setting=self.setting, objects=(left.thing, right.thing), look=self.look)

    @property
    def first(self) -> int:
        """Return who hops first, 0 or 1."""
        left, right = self.dancers
        return int(right.hops[0] < left.hops[0])


def sample_duet(rng: np.random.Generator, *, split: str = "train") -> Duet:
    """Return a random duet of one split.

    Args:
        rng: a numpy Generator; it is advanced.
        split: a name in `SPLITS` but "hard", whose things are not drawn here.

    Raises:
        TypeError: `rng` is no Generator.
        ValueError: there is no such split.

    >>> duet = sample_duet(np.random.default_rng(0), split="test")
    >>> duet.still.split, [len(one.hops) for one in duet.dancers]
    ('test', [3, 3])
    """
    require_generator(rng, "sample_duet")
    known_names("split", [split], [name for name in SPLITS if name != "hard"], "sample_duet")
    for _ in range(MAX_TRIES):
        duet = _draw(rng)
        if duet.still.split == split:
            return duet
    raise AssertionError("one duet in ten is of the rarest split")


def _draw(rng: np.random.Generator) -> Duet:
    """Return a duet of whatever split."""
    setting = pick(rng, STAGES)
    kinds, colours = _two(rng, CAST), _two(rng, CAST_COLOURS)
    hops = _hops(rng, 1 + int(MOST_HOPS * rng.random()))
    dancers = [
        Dancer(_thing(rng, kind, colour, column), pick(rng, ("left", "right")), frames)
        for kind, colour, column, frames in zip(kinds, colours, COLUMNS, hops, strict=True)
    ]
    seen = rng.random() < SEEN_SPEAKS
    voices = kinds if seen else [kind for kind in CAST if kind not in kinds]
    return Duet(
        (dancers[0], dancers[1]),
        heard=int(2 * rng.random()),
        voice=pick(rng, voices),
        setting=setting,
        look=int(rng.random() * 2**31),
        luck=float(rng.random()),
    )


def _two(rng: np.random.Generator, options: tuple[str, ...]) -> tuple[str, str]:
    """Return two different ones."""
    first = pick(rng, options)
    return first, pick(rng, [each for each in options if each != first])


def _thing(rng: np.random.Generator, kind: str, colour: str, column: float) -> Thing:
    """Return a thing on the ground; where it faces says nothing of where it drifts."""
    return Thing(
        kind=kind,
        colour=colour,
        size=SIZE,
        position=(round(column + JITTER * (2 * rng.random() - 1), 3), round(FEET - SIZE, 3)),
        pose=KINDS[kind].poses[0],
        facing=pick(rng, ("left", "right")),
        look=int(rng.random() * 2**31),
    )


def _hops(rng: np.random.Generator, count: int) -> list[tuple[int, ...]]:
    """Return frames for both; nobody hops twice running, or it would look like one hop."""
    while True:
        order = np.argsort(rng.random(FRAMES), kind="stable").tolist()
        both = [tuple(sorted(order[:count])), tuple(sorted(order[count : 2 * count]))]
        gaps = [later - sooner for hops in both for sooner, later in pairwise(hops)]
        if min(gaps, default=2) > 1:
            return both
