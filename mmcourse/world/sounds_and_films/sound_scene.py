"""Three seconds in which something happens: one or two kinds call, again and again.

Each kind calls once, twice or three times; of two kinds the second waits until the first is
done ("then"), or they call across each other ("while"). Below lies the bed of a setting, with
noise over all. One repeat in ten falls into the call before it, where a plain listener misses
it: what such a one could know is known, too (`Calls.heard`, `SoundScene.clear`). Leaves out
pictures: nothing here is seen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from jaxtyping import Int16

from mmcourse.world.scenes.randomness import pick, require_generator
from mmcourse.world.scenes.sampling import known_names
from mmcourse.world.scenes.vocabulary import KINDS, SCENES
from mmcourse.world.sounds_and_films.beds import ambience
from mmcourse.world.sounds_and_films.sound import (
    FULL_SCALE,
    LOUDEST_SUM,
    SAMPLE_RATE,
    require_rate,
)
from mmcourse.world.sounds_and_films.synth import Synth
from mmcourse.world.sounds_and_films.voices import CALL_SECONDS, perform

SCENE_SECONDS = 3.0
MOST_CALLS = 3
TWO_KINDS = 0.7
"""Share of recordings in which two kinds call."""

HIDDEN = 0.1
"""Share of repeats that begin while the call before them has hardly begun."""

HIDDEN_GAPS = (0.02, 0.2)
CLEAR_GAPS = (0.42, 1.0)
"""Seconds from one call's beginning to the next of its kind, from and to."""

REST = 0.1
"""Least seconds between two kinds, or in which they overlap."""

CALL_LEVELS = (0.2, 0.8)
"""Largest sample of a call, from and to, where 1 is full scale."""

BED_FACTORS = (1.0, 2.0)
"""How much louder than under a picture's sound the bed is, from and to."""

NOISE_LEVELS = (0.002, 0.02)
"""Root-mean-square loudness of the noise over all, from and to."""

NEVER_TOGETHER = frozenset(
    frozenset((first, second))
    for one, first in enumerate(KINDS)
    for other, second in enumerate(KINDS)
    if one < other and (3 * one + other) % 10 == 0
)
"""Pairs of kinds that are never heard together, but where `held_out` asks for them."""


@final
@dataclass(frozen=True)
class Calls:
    """One kind, and when it calls.

    Args:
        kind: a name in `KINDS`.
        starts: seconds at which its calls begin, in order.
        levels: the largest sample of each, where 1 is full scale.
        lucks: numbers in [0, 1) that decide how each sounds.
    """

    kind: str
    starts: tuple[float, ...]
    levels: tuple[float, ...]
    lucks: tuple[float, ...]

    @property
    def count(self) -> int:
        """Return how often it calls."""
        return len(self.starts)

    @property
    def end(self) -> float:
        """Return when its last call is over at the latest, in seconds."""
        return self.starts[-1] + CALL_SECONDS

    @property
    def heard(self) -> int:
        """Return how many calls a plain listener counts: those that begin when none sounds.

        >>> Calls("cat", (0.2, 0.3, 1.0), (0.5,) * 3, (0.5,) * 3).heard
        2
        """
        gaps = [later - sooner for sooner, later in pairwise(self.starts)]
        return 1 + sum(gap >= CALL_SECONDS for gap in gaps)


@final
@dataclass(frozen=True)
class SoundScene:
    """What happens in three seconds, and in which place.

    Args:
        calls: of one kind, or of two: of "then" in the order in which they are heard, of
            "while" in the order of `KINDS`.
        relation: "then", "while", or "" where one kind calls.
        setting: a name in `SCENES`.
        bed: how much louder the bed is than under a picture's sound.
        noise: root mean square of the noise, where 1 is full scale.
        luck: a number in [0, 1) that decides how bed and noise sound.
    """

    calls: tuple[Calls, ...]
    relation: str
    setting: str
    bed: float
    noise: float
    luck: float

    @property
    def clear(self) -> bool:
        """Whether every call can be told from the one before it.

        A plain listener, who takes calls that overlap for one, and guesses nothing, is right as
        often as this is true. A finer ear, which notices that one begins twice, may be so more
        often.
        """
        return all(each.heard == each.count for each in self.calls)

    @property
    def end(self) -> float:
        """Return when the last call is over at the latest, in seconds."""
        return max(each.end for each in self.calls)


def sound_scene(
    rng: np.random.Generator,
    *,
    n_kinds: int | None = None,
    kinds: Collection[str] = tuple(KINDS),
    held_out: bool = False,
) -> SoundScene:
    """Return three random seconds of sound, as a description; `play` makes them heard.

    Args:
        rng: a numpy Generator; it is advanced.
        n_kinds: how many kinds call, 1 or 2; None draws it, two in 70 %.
        kinds: names in `KINDS` to draw from.
        held_out: whether only pairs of `NEVER_TOGETHER` call; otherwise they never do.

    Raises:
        TypeError: `rng` is no Generator.
        ValueError: a name or number is not one of those above, or they leave no such scene.

    >>> scene = sound_scene(np.random.default_rng(0), n_kinds=1, kinds=["dog"])
    >>> [each.kind for each in scene.calls], scene.relation
    (['dog'], '')
    """
    require_generator(rng, "sound_scene")
    if n_kinds is not None and (type(n_kinds) is not int or n_kinds not in (1, 2)):
        raise ValueError(f"sound_scene: n_kinds must be 1, 2 or None; got {n_kinds!r}.")
    several = held_out or (rng.random() < TWO_KINDS if n_kinds is None else n_kinds == 2)
    chosen = _kinds(rng, kinds, several=several, held_out=held_out)
    relation = pick(rng, ("then", "while")) if several else ""
    if relation == "while":
        chosen = sorted(chosen, key=list(KINDS).index)
    counts = [1 + int(MOST_CALLS * rng.random()) for _ in chosen]
    starts = _starts(rng, counts, relation)
    calls = tuple(
        Calls(
            kind,
            tuple(begun),
            tuple(_between(rng, CALL_LEVELS) for _ in begun),
            tuple(float(rng.random()) for _ in begun),
        )
        for kind, begun in zip(chosen, starts, strict=True)
    )
    return SoundScene(
        calls,
        relation,
        pick(rng, tuple(SCENES)),
        _between(rng, BED_FACTORS),
        _between(rng, NOISE_LEVELS),
        float(rng.random()),
    )


def play(scene: SoundScene, sr: int = SAMPLE_RATE) -> Int16[np.ndarray, " samples"]:
    """Return three seconds of sound: mono, `sr` samples a second, never clipped or silent.

    Args:
        scene: what happens.
        sr: samples per second, from 8000 to 48000.

    Raises:
        TypeError: `scene` is no SoundScene.
        ValueError: `sr` is not a whole number in its range.

    >>> play(sound_scene(np.random.default_rng(0))).shape
    (48000,)
    """
    if not isinstance(scene, SoundScene):
        raise TypeError(
            f"play: expected a SoundScene; got {type(scene).__name__}. Make one with "
            "sound_scene."
        )
    require_rate("play", sr)
    total = scene.bed * ambience(scene.setting, scene.luck, SCENE_SECONDS, sr)
    total = total + scene.noise * Synth(scene.luck, sr).hiss(total)
    for calls in scene.calls:
        for start, level, luck in zip(calls.starts, calls.levels, calls.lucks, strict=True):
            first = round(start * sr)
            call = level * perform(calls.kind, luck, sr)[: len(total) - first]
            total[first : first + len(call)] += call
    peak = float(np.abs(total).max())
    return np.rint(total * (FULL_SCALE * min(1.0, LOUDEST_SUM / peak))).astype(np.int16)


def _kinds(
    rng: np.random.Generator, kinds: Collection[str], *, several: bool, held_out: bool
) -> list[str]:
    """Return one kind, or two that may be heard together."""
    names = known_names("kinds", kinds, KINDS, "sound_scene")
    if not several:
        return [pick(rng, names)]
    options = [
        (first, second)
        for first in names
        for second in names
        if first != second and (frozenset((first, second)) in NEVER_TOGETHER) == held_out
    ]
    if not options:
        how = "never" if held_out else "ever"
        raise ValueError(
            f"sound_scene: kinds must leave two that are {how} heard together; got "
            f"{', '.join(names)}; pass more kinds."
        )
    return list(pick(rng, options))


def _starts(
    rng: np.random.Generator, counts: Sequence[int], relation: str
) -> list[list[float]]:
    """Return when the calls of each kind begin, so that the relation is true of them."""
    repeats = sum(counts) - len(counts) if relation == "then" else max(counts) - 1
    blocks = len(counts) if relation == "then" else 1
    room = SCENE_SECONDS - blocks * (CALL_SECONDS + REST)
    most = min(CLEAR_GAPS[1], room / max(repeats, 1))
    groups = [_group(rng, count, most) for count in counts]
    lengths = [group[-1] + CALL_SECONDS for group in groups]
    if relation == "while":
        long, short = (0, 1) if lengths[0] >= lengths[1] else (1, 0)
        first = rng.random() * (SCENE_SECONDS - lengths[long])
        low = max(0.0, first - lengths[short] + CALL_SECONDS / 2 + REST)
        last = first + lengths[long] - CALL_SECONDS / 2 - REST
        high = min(SCENE_SECONDS - lengths[short], last)
        offsets = {long: first, short: low + (high - low) * rng.random()}
    else:
        spare = SCENE_SECONDS - sum(lengths) - REST * (len(counts) - 1)
        cuts = sorted(spare * rng.random() for _ in counts)
        offsets = {0: cuts[0]}
        if len(counts) == 2:
            offsets[1] = cuts[1] + lengths[0] + REST
    return [[offsets[row] + start for start in group] for row, group in enumerate(groups)]


def _group(rng: np.random.Generator, count: int, most: float) -> list[float]:
    """Return when some calls begin, the first of them at 0."""
    starts = [0.0]
    for _ in range(count - 1):
        gaps = HIDDEN_GAPS if rng.random() < HIDDEN else (CLEAR_GAPS[0], most)
        starts.append(starts[-1] + _between(rng, gaps))
    return starts


def _between(rng: np.random.Generator, limits: tuple[float, float]) -> float:
    return limits[0] + (limits[1] - limits[0]) * float(rng.random())
