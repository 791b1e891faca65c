"""Sounds from nothing: tones, noise, and the shapes that make them begin and end.

A sound is a float64 array on a short time axis of its own, in arbitrary units; a zero is
silence. Leaves out what any sound stands for (`voices.py`, `beds.py`) and when it is heard
(`sound.py`).
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias, final

import numpy as np
from jaxtyping import Float64

Wave: TypeAlias = Float64[np.ndarray, " samples"]
Part: TypeAlias = Float64[np.ndarray, " _"]
"""A wave whose length no other wave must share."""

SINE_BLOCK = 128
"""Samples that share one step of a long sine."""

NOISE_BLOCK = 320
"""Noise is made in whole blocks of samples: lengths with small factors transform fast."""


@final
class Synth:
    """One performer, with its own luck and its own sampling rate.

    Two private streams of chance, one for numbers (pitch, tempo) and one for noise, let
    the same luck play the same notes at every sampling rate.

    Args:
        luck: a number in [0, 1) that decides everything random.
        sr: samples per second.
    """

    def __init__(self, luck: float, sr: int) -> None:
        key = int(luck * 2**53)
        self.sr = sr
        self._numbers = Random(key)
        self._noise = np.random.default_rng(key)

    def between(self, low: float, high: float) -> float:
        """Return a random number, evenly from `low` to `high`."""
        return low + (high - low) * self._numbers.random()

    def clock(self, seconds: float) -> Wave:
        """Return a time axis in seconds: 0, 1/sr, 2/sr, ...

        >>> Synth(0.5, sr=8_000).clock(0.0005).tolist()
        [0.0, 0.000125, 0.00025, 0.000375]
        """
        return np.arange(round(seconds * self.sr)) / self.sr

    def tone(self, t: Wave, pitch: float | Wave, partials: Sequence[float]) -> Wave:
        """Return partials[k-1] · sin(k · phase), summed over k = 1, 2, ...

        Partials above half the sampling rate would come back as false low tones (aliases),
        so they are left out.

        Args:
            t: time axis in seconds.
            pitch: frequency of the first partial in Hz, fixed or one value per sample.
            partials: amplitude of each partial.
        """
        if isinstance(pitch, np.ndarray):
            phase = 2 * np.pi / self.sr * np.cumsum(pitch)
            sine, cosine = np.sin(phase), np.cos(phase)
        else:
            sine = sinusoid(len(t), pitch / self.sr)
            cosine = sinusoid(len(t), pitch / self.sr, 0.25)
        audible = int(self.sr / 2 / np.max(pitch))
        total = before = np.zeros(len(t))
        # sin(k·p) = 2·cos(p)·sin((k-1)·p) - sin((k-2)·p): one pair serves every partial.
        current, twice = sine, 2 * cosine
        for amplitude in partials[:audible]:
            total = total + amplitude * current
            before, current = current, twice * current - before
        return total

    def hiss(self, t: Wave) -> Wave:
        """Return white noise, every frequency alike, of mean power 1."""
        # Numbers drawn evenly from -1 to 1 have power 1/3.
        return (2 * self._noise.random(len(t)) - 1) * np.sqrt(3)

    def noise(self, t: Wave, low: float, high: float) -> Wave:
        """Return noise of mean power 1 whose frequencies are mostly from `low` to `high` Hz.

        Outside them it falls by 12 dB an octave, as through a second-order filter.

        Args:
            t: time axis in seconds.
            low: above 0 Hz.
            high: in Hz; half the sampling rate is the most that can be heard.
        """
        length = NOISE_BLOCK * -(-len(t) // NOISE_BLOCK)
        spectrum = np.fft.rfft(self.hiss(np.zeros(length)))
        hz = np.arange(1, len(spectrum)) * (self.sr / length)
        below, above = np.square(low / hz), np.square(hz / high)
        power = 1 / ((1 + np.square(below)) * (1 + np.square(above)))
        spectrum[0] = 0
        spectrum[1:] *= np.sqrt(power / power.mean())
        return np.fft.irfft(spectrum, length)[: len(t)]

    def wobble(self, t: Wave, rate: float, depth: float) -> Wave:
        """Return a factor that swings between 1 and 1 - depth, `rate` times a second."""
        swing = sinusoid(len(t), rate / self.sr, self.between(0, 1))
        return 1 - depth / 2 + depth / 2 * swing

    def several(self, fewest: int, most: int, seconds: float, play: Callable[[], Part]) -> Wave:
        """Return `fewest` to `most` plays of a short sound, unevenly spread over `seconds`."""
        count = fewest + int(self.between(0, most - fewest + 1))
        parts = [play() for _ in range(count)]
        room = seconds - max(len(part) for part in parts) / self.sr
        gap = room / max(count - 1, 1)
        late = [0.0, *(self.between(-0.3, 0.3) for _ in parts[2:]), 0.0][:count]
        return self.lay(seconds, [((i + late[i]) * gap, part) for i, part in enumerate(parts)])

    def lay(self, seconds: float, parts: Sequence[tuple[float, Part]]) -> Wave:
        """Return the sum of (start in seconds, sound) parts; what runs past the end is cut."""
        total = np.zeros(round(seconds * self.sr))
        for start, part in parts:
            first = round(start * self.sr)
            stretch = total[first : first + len(part)]
            stretch += part[: len(stretch)]
        return total


def sinusoid(count: int, step: float, start: float = 0.0) -> Wave:
    """Return a steady sine: sin(2π (start + n · step)) for n = 0, 1, ..., count - 1.

    Since sin(a + b) = sin(a) cos(b) + cos(a) sin(b), a few hundred values make them all.

    Args:
        count: how many samples.
        step: full turns from one to the next.
        start: full turns before the first; 0.25 makes a cosine.

    >>> sinusoid(4, 0.25).round(9).tolist()
    [0.0, 1.0, 0.0, -1.0]
    """
    coarse = 2 * np.pi * (start + step * np.arange(0, count, SINE_BLOCK))
    fine = 2 * np.pi * step * np.arange(SINE_BLOCK)
    sines = np.outer(np.sin(coarse), np.cos(fine)) + np.outer(np.cos(coarse), np.sin(fine))
    return sines.ravel()[:count]


def fade(t: Wave, rise: float, fall: float) -> Wave:
    """Return an envelope: from 0 to 1 in `rise` seconds, back to 0 in the last `fall`.

    >>> fade(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), rise=2.0, fall=1.0).tolist()
    [0.0, 0.5, 1.0, 1.0, 0.0]
    """
    return np.minimum(1, np.minimum(t / rise, (t[-1] - t) / fall))


def strike(t: Wave, half_life: float) -> Wave:
    """Return an envelope: loud at once, then halved every `half_life` seconds, ending at 0."""
    return fade(t, 0.002, 0.02) * np.exp2(-t / half_life)


def arch(t: Wave) -> Wave:
    """Return a rise from 0 to 1 and back over the whole axis, as a mouth opens and shuts.

    >>> arch(np.array([0.0, 1.0, 2.0])).round(3).tolist()
    [0.0, 1.0, 0.0]
    """
    return np.sin(np.pi * t / t[-1])
