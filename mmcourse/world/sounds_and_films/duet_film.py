"""A duet to be seen and heard: ten frames and two seconds of sound.

A call begins in the frame of its hop, at most a quarter of it late, and is over before the
frame is. Below lies the bed of the setting, with noise over all.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Int16

from mmcourse.world.scenes.scene import Scene
from mmcourse.world.sounds_and_films.beds import ambience
from mmcourse.world.sounds_and_films.duet import FRAMES, Dancer, Duet
from mmcourse.world.sounds_and_films.film import FILM_SECONDS, Film
from mmcourse.world.sounds_and_films.sound import (
    FULL_SCALE,
    LOUDEST_SUM,
    SAMPLE_RATE,
    require_rate,
)
from mmcourse.world.sounds_and_films.sound_scene import CALL_LEVELS, NOISE_LEVELS
from mmcourse.world.sounds_and_films.synth import Synth, Wave, fade
from mmcourse.world.sounds_and_films.voices import perform

DRIFT = 0.14
"""How far a thing drifts in all, in picture heights."""

LEAP = 0.32
"""How high a hop is."""

CALL = 0.15
LATEST = 0.05
"""Seconds: how long a call lasts at most, and how late in its frame it may begin."""


def duet_film(duet: Duet, sr: int = SAMPLE_RATE) -> Film:
    """Return a duet as a film; the duet alone decides every pixel and sample.

    Args:
        duet: what happens.
        sr: samples per second, from 8000 to 48000.

    Raises:
        TypeError: `duet` is no Duet.
        ValueError: `sr` is not a whole number in its range.

    >>> from mmcourse.world.sounds_and_films.duet import sample_duet
    >>> clip = duet_film(sample_duet(np.random.default_rng(0)))
    >>> clip.pictures(32).shape, clip.sound.shape
    ((10, 32, 32, 3), (32000,))
    """
    if not isinstance(duet, Duet):
        raise TypeError(
            f"duet_film: expected a Duet; got {type(duet).__name__}. Make one with sample_duet."
        )
    require_rate("duet_film", sr)
    scenes = tuple(_at(duet, frame) for frame in range(FRAMES))
    order = (duet.first, 1 - duet.first)
    return Film(duet.still, scenes, _sound(duet, sr), FILM_SECONDS, order)


def _at(duet: Duet, frame: int) -> Scene:
    """Return the scene of one frame."""
    things = []
    for dancer in duet.dancers:
        x, y = dancer.thing.position
        height = LEAP if frame in dancer.hops else 0.0
        things.append(replace(dancer.thing, position=(x + _way(dancer, frame), y - height)))
    return replace(duet.still, objects=tuple(things))


def _way(dancer: Dancer, frame: int) -> float:
    """Return how far a dancer is to the right of the middle of its way."""
    way = DRIFT * (frame / (FRAMES - 1) - 0.5)
    return way if dancer.heading == "right" else -way


def _sound(duet: Duet, sr: int) -> Int16[np.ndarray, " samples"]:
    """Return the call at every hop of who is heard, over bed and noise."""
    synth = Synth(duet.luck, sr)
    total = ambience(duet.setting, duet.luck, FILM_SECONDS, sr)
    total = total + synth.between(*NOISE_LEVELS) * synth.hiss(total)
    call = synth.between(*CALL_LEVELS) * _call(duet, sr)
    for hop in duet.dancers[duet.heard].hops:
        start = hop * FILM_SECONDS / FRAMES + synth.between(0, LATEST)
        first = round(start * sr)
        total[first : first + len(call)] += call
    peak = float(np.abs(total).max())
    return np.rint(total * (FULL_SCALE * min(1.0, LOUDEST_SUM / peak))).astype(np.int16)


def _call(duet: Duet, sr: int) -> Wave:
    """Return the beginning of the voice's call, with silent ends."""
    call = perform(duet.voice, duet.luck, sr)[: round(CALL * sr)]
    return call * fade(np.arange(len(call)) / sr, 0.004, 0.02)
