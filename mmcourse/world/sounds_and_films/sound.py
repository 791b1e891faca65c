"""One second of what a scene sounds like: every object calls once, over a quiet bed.

The picture is read from left to right: what stands further right calls later, and what
is larger calls louder. Leaves out colour, pose and style, which cannot be heard.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int16

from mmcourse.world.scenes.randomness import require_generator
from mmcourse.world.scenes.scene import Scene, Thing
from mmcourse.world.sounds_and_films.beds import ambience
from mmcourse.world.sounds_and_films.voices import CALL_SECONDS, perform

SECONDS = 1.0
SAMPLE_RATE = 16_000
SAMPLE_RATES = (8_000, 48_000)
"""The least and the greatest number of samples per second."""

LOUDEST_CALL = 0.8
LOUDEST_SUM = 0.95
FULL_SCALE = 32_767


def sound(
    scene: Scene, rng: np.random.Generator, sr: int = SAMPLE_RATE
) -> Int16[np.ndarray, " samples"]:
    """Return one second of a scene's sound: mono, `sr` samples, never clipped or silent.

    The same state of `rng` gives the same sound at every sampling rate, and on every
    machine to within one step of int16.

    Args:
        scene: what is heard.
        rng: a numpy Generator; it is advanced by one number for the bed and one per object.
        sr: samples per second, from 8000 to 48000.

    Raises:
        TypeError: `scene` is no Scene, or `rng` no Generator.
        ValueError: `sr` is not a whole number in its range.

    >>> cat = Thing(kind="cat", colour="red", size=0.2, position=(0.5, 0.7), pose="sitting")
    >>> scene = Scene(setting="meadow", objects=(cat,))
    >>> sound(scene, np.random.default_rng(0)).shape
    (16000,)
    """
    require_playable("sound", scene, rng, sr)
    starts = [call_time(scene, thing) for thing in scene.objects]
    return mix(scene, starts, SECONDS, rng, sr)


def call_time(scene: Scene, thing: Thing) -> float:
    """Return when a thing's call starts, in seconds: 0 at the left edge, 0.6 at the right.

    >>> cat = Thing(kind="cat", colour="red", size=0.2, position=(0.5, 0.7), pose="sitting")
    >>> call_time(Scene(setting="meadow", objects=(cat,)), cat)
    0.3
    """
    share = min(max(thing.position[0] / scene.aspect, 0.0), 1.0)
    return share * (SECONDS - CALL_SECONDS)


def mix(
    scene: Scene, starts: Sequence[float], seconds: float, rng: np.random.Generator, sr: int
) -> Int16[np.ndarray, " samples"]:
    """Return a scene's bed with one call per object laid on it, each from its start.

    A sum that would pass full scale is turned down as a whole.

    Args:
        scene: what is heard.
        starts: when each object's call starts, in seconds, in the order of `scene.objects`.
        seconds: length of the whole.
        rng: a numpy Generator; it is advanced by one number for the bed and one per object.
        sr: samples per second.
    """
    luck = [float(number) for number in rng.random(1 + len(scene.objects))]
    total = ambience(scene.setting, luck[0], seconds, sr)
    for thing, start, chance in zip(scene.objects, starts, luck[1:], strict=True):
        first = round(start * sr)
        call = loudness(thing) * perform(thing.kind, chance, sr)[: len(total) - first]
        total[first : first + len(call)] += call
    peak = float(np.abs(total).max())
    return np.rint(total * (FULL_SCALE * min(1.0, LOUDEST_SUM / peak))).astype(np.int16)


def loudness(thing: Thing) -> float:
    """Return the largest sample of a thing's call, where 1 is full scale.

    It grows with the size: 1.6 times half its height in picture heights, at most 0.8.

    >>> loudness(Thing(kind="car", colour="red", size=0.25, position=(0.5, 0.7)))
    0.4
    """
    return min(1.6 * thing.size, LOUDEST_CALL)


def require_playable(
    operation: str, scene: object, rng: np.random.Generator, sr: object
) -> None:
    """Return nothing; refuse what cannot be played, in the operation's name.

    Raises:
        TypeError: `scene` is no Scene, or `rng` no Generator.
        ValueError: `sr` is not a whole number from 8000 to 48000.
    """
    if not isinstance(scene, Scene):
        raise TypeError(
            f"{operation}: expected a Scene; got {type(scene).__name__}. "
            "Make one with sample_scene."
        )
    require_generator(rng, operation)
    require_rate(operation, sr)


def require_rate(operation: str, sr: object) -> None:
    """Return nothing; refuse what is no sampling rate, in the operation's name.

    Raises:
        ValueError: `sr` is not a whole number from 8000 to 48000.
    """
    low, high = SAMPLE_RATES
    if isinstance(sr, bool) or not isinstance(sr, int | np.integer) or not low <= sr <= high:
        raise ValueError(
            f"{operation}: sr must be a whole number of samples per second, "
            f"from {low} to {high}; got {sr!r}."
        )
