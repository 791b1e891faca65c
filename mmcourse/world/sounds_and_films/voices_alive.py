"""The calls of animals and people.

Each call lasts up to 0.4 s and takes its pitch, tempo and breath from the performer's luck.
Leaves out pose, colour and size: a voice tells the kind alone.
"""

from collections.abc import Sequence

import numpy as np

from mmcourse.world.sounds_and_films.synth import Synth, Wave, arch, fade, strike

VOWELS = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (270, 2290, 3010),
    (570, 840, 2410),
    (300, 870, 2240),
)
"""First three resonances, in Hz, of a, e, i, o, u: Peterson and Barney 1952, table II, men."""


def meow(s: Synth) -> Wave:
    """Return a cat: one gliding note, mouth opening and shutting."""
    t = s.clock(s.between(0.30, 0.40))
    pitch = s.between(380, 760) * (1 + s.between(0.15, 0.6) * arch(t))
    voice = s.tone(t, pitch, (1, 0.8, 0.6, 0.4, 0.2))
    return fade(t, 0.07, 0.12) * (voice + s.between(0.02, 0.25) * s.noise(t, 800, 5000))


def woof(s: Synth) -> Wave:
    """Return a dog: one or two rough, falling barks."""
    pitch, rough = s.between(150, 400), s.between(0.2, 0.8)

    def bark() -> Wave:
        t = s.clock(s.between(0.11, 0.16))
        voice = s.tone(t, pitch * (1.3 - 3 * t), (1, 0.9, 0.8, 0.6, 0.5, 0.3))
        return strike(t, 0.05) * (voice + rough * s.noise(t, 300, 2500))

    return s.several(1, 2, 0.4, bark)


def thump(s: Synth) -> Wave:
    """Return a rabbit: its hind foot on the ground."""
    pitch = s.between(50, 110)

    def foot() -> Wave:
        t = s.clock(0.09)
        return strike(t, 0.02) * (s.tone(t, pitch, (1, 0.3)) + 0.3 * s.noise(t, 60, 700))

    return s.several(2, 4, 0.38, foot)


def chirp(s: Synth) -> Wave:
    """Return a bird: short high notes that slide."""
    pitch, sweep, trill = s.between(1900, 3000), s.between(-8000, 8000), s.between(18, 45)

    def note() -> Wave:
        t = s.clock(s.between(0.04, 0.09))
        glide = pitch + sweep * t + 200 * np.sin(2 * np.pi * trill * t)
        return arch(t) * s.tone(t, glide, (1, 0.1))

    return s.several(2, 5, 0.36, note)


def trumpet(s: Synth) -> Wave:
    """Return a crane that calls: high, brassy and rolled."""
    t = s.clock(s.between(0.30, 0.40))
    pitch = s.between(480, 900) * (1 + s.between(-0.15, 0.25) * arch(t))
    brass = s.tone(t, pitch, (0.6, 1, 0.9, 0.6, 0.4, 0.2))
    return fade(t, 0.02, 0.08) * s.wobble(t, s.between(22, 40), 0.9) * brass


def bubbles(s: Synth) -> Wave:
    """Return a fish: bubbles that rise, higher and higher."""

    def bubble() -> Wave:
        t = s.clock(s.between(0.04, 0.08))
        return arch(t) * s.tone(t, s.between(250, 800) * (1 + s.between(6, 14) * t), (1, 0.1))

    return s.several(3, 6, 0.38, bubble)


def flutter(s: Synth) -> Wave:
    """Return a butterfly: soft wing beats."""
    t = s.clock(s.between(0.30, 0.40))
    beat = s.wobble(t, s.between(13, 26), 1.0) ** 2
    return fade(t, 0.03, 0.08) * beat * s.noise(t, 60, s.between(500, 1100))


def speech(s: Synth) -> Wave:
    """Return a person: one vowel that turns into another."""
    t = s.clock(s.between(0.32, 0.40))
    mean = s.between(95, 260)
    pitch = mean * (1 + s.between(-0.5, 0.3) * t + 0.015 * np.sin(2 * np.pi * 5.5 * t))
    mouth = s.between(0.9, 1.2)  # a shorter throat resonates higher
    first, second = (_vowel(mean, mouth, VOWELS[int(s.between(0, len(VOWELS)))]) for _ in "ab")
    turn = np.clip(6 * t / t[-1] - 2.5, 0, 1)
    return fade(t, 0.04, 0.09) * (
        (1 - turn) * s.tone(t, pitch, first) + turn * s.tone(t, pitch, second)
    )


def _vowel(pitch: float, mouth: float, resonances: Sequence[float]) -> list[float]:
    """Return the partials of a hummed pitch after it has passed through a mouth."""
    count = int(3600 / pitch)
    return [
        sum(1 / (1 + ((k * pitch - mouth * peak) / 90) ** 2) for peak in resonances) / k**0.5
        for k in range(1, count + 1)
    ]
