"""The quiet sound of every setting, under the calls: wind, waves, a clock on the wall.

A bed has no beginning, middle or end: cut it anywhere and put the pieces in another order,
and nothing shows. Nothing in it is one of the `KINDS`. Leaves out the calls (`voices.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import numpy as np

from mmcourse.world.sounds_and_films.synth import Part, Synth, Wave, arch, strike

BED_LEVELS = (0.006, 0.02)
"""Root-mean-square loudness of a bed, from and to, where 1 is full scale."""


def ambience(setting: str, luck: float, seconds: float, sr: int) -> Wave:
    """Return a setting's bed, whose root mean square is in `BED_LEVELS`.

    Args:
        setting: a name in `SCENES`.
        luck: a number in [0, 1) that decides everything random.
        seconds: how long.
        sr: samples per second.
    """
    synth = Synth(luck, sr)
    t = synth.clock(seconds)
    bed = BEDS[setting](synth, t)
    return bed * (synth.between(*BED_LEVELS) / np.sqrt(np.mean(bed**2)))


def _at(s: Synth, t: Wave, moments: Iterable[float], play: Callable[[], Part]) -> Wave:
    """Return short sounds at some moments; what runs past the end goes on at the start."""
    total = np.zeros_like(t)
    for moment in moments:
        part = play()
        total[(round(moment * s.sr) + np.arange(len(part))) % len(t)] += part
    return total


def _moments(s: Synth, t: Wave, per_second: int) -> list[float]:
    """Return random moments, `per_second` of them in each second."""
    seconds = len(t) / s.sr
    return [s.between(0, seconds) for _ in range(round(per_second * seconds))]


def _paper(s: Synth, t: Wave) -> Wave:
    return s.noise(t, 100, 3000)


def _breeze(s: Synth, t: Wave) -> Wave:
    return s.wobble(t, s.between(0.5, 2), 0.6) * s.noise(t, 300, 2200)


def _deep_wood(s: Synth, t: Wave) -> Wave:
    def knock() -> Part:
        click = s.clock(0.03)
        return 4 * strike(click, 0.004) * s.tone(click, s.between(700, 1100), (1, 0.4))

    rustle = s.wobble(t, s.between(1, 3), 0.7) * s.noise(t, 900, 4500)
    return rustle + _at(s, t, _moments(s, t, 3), knock)


def _city(s: Synth, t: Wave) -> Wave:
    return s.wobble(t, s.between(2, 5), 0.3) * s.noise(t, 40, 420)


def _ventilation(s: Synth, t: Wave) -> Wave:
    return s.noise(t, 150, 1200) + s.tone(t, 100, (0.8, 0.5, 0.2, 0.2))


def _surf(s: Synth, t: Wave) -> Wave:
    return s.wobble(t, s.between(0.6, 1.4), 0.9) * s.noise(t, 200, 4000)


def _swell(s: Synth, t: Wave) -> Wave:
    waves = s.wobble(t, s.between(0.5, 1), 0.7) * s.wobble(t, s.between(2, 5), 0.6)
    return waves * s.noise(t, 60, 1200)


def _deep_water(s: Synth, t: Wave) -> Wave:
    def bubble() -> Part:
        blip = s.clock(0.05)
        return 1.5 * arch(blip) * s.tone(blip, s.between(500, 900) * (1 + 8 * blip), (1,))

    return s.noise(t, 30, 260) + _at(s, t, _moments(s, t, 5), bubble)


def _crickets(s: Synth, t: Wave) -> Wave:
    song = s.tone(t, s.between(3200, 3900), (1,))
    pulses = s.wobble(t, s.between(24, 34), 1) * s.wobble(t, s.between(2, 4), 1)
    return pulses * song + 0.1 * s.hiss(t)


def _evening(s: Synth, t: Wave) -> Wave:
    return 0.4 * _crickets(s, t) + _breeze(s, t)


def _room(s: Synth, t: Wave) -> Wave:
    def tick() -> Part:
        click = s.clock(0.02)
        return 5 * strike(click, 0.002) * s.noise(click, 1500, 4500)

    ticks = np.arange(s.between(0, 0.5), len(t) / s.sr, 0.5)
    return s.noise(t, 60, 500) + _at(s, t, ticks, tick)


def _muffled(s: Synth, t: Wave) -> Wave:
    return s.wobble(t, s.between(0.5, 1.5), 0.5) * s.noise(t, 60, 380)


def _whistling_wind(s: Synth, t: Wave) -> Wave:
    low = s.between(420, 700)
    gusts = s.wobble(t, s.between(0.5, 1.5), 0.9) * s.noise(t, low, low + 120)
    return gusts + 0.2 * s.hiss(t)


BEDS: Mapping[str, Callable[[Synth, Wave], Wave]] = MappingProxyType(
    {
        "plain": _paper,
        "meadow": _breeze,
        "forest": _deep_wood,
        "street": _city,
        "building": _ventilation,
        "beach": _surf,
        "sea": _swell,
        "underwater": _deep_water,
        "night": _crickets,
        "sunset": _evening,
        "windowsill": _room,
        "snow": _muffled,
        "desert": _whistling_wind,
    }
)
"""What each setting of `SCENES` sounds like: a function from a performer and a time axis."""
