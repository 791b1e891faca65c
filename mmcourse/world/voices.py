"""The call of every kind: a cat meows, a house rings its bell, an umbrella is rained on.

Each voice is a few lines of tone, noise and envelope, with its pitch, tempo and breath
drawn anew every time. Leaves out pose, colour and size: a voice tells the kind alone.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from mmcourse.world.synth import Synth, Wave, arch, fade, strike

CALL_SECONDS = 0.4
"""The longest a call can last."""

VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))
"""First three resonances, in Hz, of a, e, i, o, u: Peterson and Barney 1952, table II, men."""


def perform(kind: str, luck: float, sr: int) -> Wave:
    """Return one call of a kind, with a largest sample of 1 and silent ends.

    Args:
        kind: a name in `KINDS`.
        luck: a number in [0, 1) that decides everything random.
        sr: samples per second.
    """
    synth = Synth(luck, sr)
    call = VOICES[kind](synth)
    call = call * fade(synth.clock(len(call) / sr), 0.004, 0.008)
    return call / np.abs(call).max()


# Animals


def _meow(s: Synth) -> Wave:
    t = s.clock(s.between(0.30, 0.40))
    pitch = s.between(380, 760) * (1 + s.between(0.15, 0.6) * arch(t))
    voice = s.tone(t, pitch, (1, 0.8, 0.6, 0.4, 0.2))
    return fade(t, 0.07, 0.12) * (voice + s.between(0.02, 0.25) * s.noise(t, 800, 5000))


def _woof(s: Synth) -> Wave:
    pitch, rough = s.between(150, 400), s.between(0.2, 0.8)

    def bark() -> Wave:
        t = s.clock(s.between(0.11, 0.16))
        voice = s.tone(t, pitch * (1.3 - 3 * t), (1, 0.9, 0.8, 0.6, 0.5, 0.3))
        return strike(t, 0.05) * (voice + rough * s.noise(t, 300, 2500))

    return s.several(1, 2, 0.4, bark)


def _thump(s: Synth) -> Wave:
    pitch = s.between(50, 110)

    def foot() -> Wave:
        t = s.clock(0.09)
        return strike(t, 0.02) * (s.tone(t, pitch, (1, 0.3)) + 0.3 * s.noise(t, 60, 700))

    return s.several(2, 4, 0.38, foot)


def _chirp(s: Synth) -> Wave:
    pitch, sweep, trill = s.between(2200, 4600), s.between(-9000, 9000), s.between(18, 45)

    def note() -> Wave:
        t = s.clock(s.between(0.04, 0.09))
        glide = pitch + sweep * t + 200 * np.sin(2 * np.pi * trill * t)
        return arch(t) * s.tone(t, glide, (1, 0.1))

    return s.several(2, 5, 0.36, note)


def _trumpet(s: Synth) -> Wave:
    """Return a crane's call: high, brassy and rolled."""
    t = s.clock(s.between(0.30, 0.40))
    pitch = s.between(480, 900) * (1 + s.between(-0.15, 0.25) * arch(t))
    brass = s.tone(t, pitch, (0.6, 1, 0.9, 0.6, 0.4, 0.2))
    return fade(t, 0.02, 0.08) * s.wobble(t, s.between(22, 40), 0.9) * brass


def _bubbles(s: Synth) -> Wave:
    def bubble() -> Wave:
        t = s.clock(s.between(0.04, 0.08))
        return arch(t) * s.tone(t, s.between(250, 800) * (1 + s.between(6, 14) * t), (1, 0.1))

    return s.several(3, 6, 0.38, bubble)


def _flutter(s: Synth) -> Wave:
    t = s.clock(s.between(0.30, 0.40))
    beat = s.wobble(t, s.between(13, 26), 1.0) ** 2
    return fade(t, 0.03, 0.08) * beat * s.noise(t, 60, s.between(500, 1100))


# What has an engine


def _engine(s: Synth) -> Wave:
    t = s.clock(0.40)
    pitch = s.between(55, 125) * (1 + s.between(-0.4, 0.9) * t)
    motor = s.tone(t, pitch, (1, 0.8, 0.9, 0.5, 0.6, 0.3, 0.3))
    road = s.between(0.2, 0.9) * s.noise(t, 100, 900)
    return fade(t, 0.04, 0.1) * (motor * s.wobble(t, s.between(10, 22), 0.5) + road)


def _horn(s: Synth) -> Wave:
    """Return a bus: a horn of two notes over a diesel's rattle."""
    t = s.clock(s.between(0.34, 0.40))
    pitch = s.between(240, 420)
    horn = s.tone(t, pitch, (1, 0.8, 0.6, 0.5, 0.4)) + s.tone(t, 1.26 * pitch, (1, 0.8, 0.6, 0.5))
    diesel = s.tone(t, s.between(34, 60), (1, 0.9, 0.8, 0.5, 0.4, 0.3))
    return fade(t, 0.03, 0.06) * (horn + s.between(0.4, 1.6) * diesel)


def _creak(s: Synth) -> Wave:
    """Return a building crane: steel that sticks and slips, over a motor's hum."""
    t = s.clock(0.40)
    slips = s.wobble(t, s.between(22, 50), 1.0) ** 4
    steel = s.tone(t, s.between(320, 620) * (1 + s.between(-0.5, 0.5) * t), (1, 0.2, 0.9, 0.1, 0.6))
    hum = s.between(0.2, 0.7) * s.tone(t, s.between(90, 130), (1, 0.5, 0.4))
    return fade(t, 0.03, 0.08) * (slips * steel + hum)


def _bell_on_water(s: Synth) -> Wave:
    """Return a boat: its bell, and a wave against the hull."""
    t = s.clock(0.40)
    bell = s.between(0.5, 1.2) * strike(t, 0.09) * _clang(s, t, s.between(380, 700))
    return bell + 0.5 * arch(t) * s.noise(t, 120, s.between(900, 2500))


def _jet(s: Synth) -> Wave:
    t = s.clock(0.40)
    whine = s.tone(t, s.between(600, 1300) * (1 - s.between(0.1, 0.9) * t), (1, 0.4))
    return arch(t) * (s.between(0.4, 1.4) * whine + s.noise(t, 200, 5000))


def _roar(s: Synth) -> Wave:
    """Return a rocket: a deep roar that grows, and crackles."""
    t = s.clock(0.40)
    roar = s.noise(t, 30, s.between(700, 1600))
    crackle = np.abs(s.noise(t, 20, 400)) * s.noise(t, 500, 5000)
    return fade(t, s.between(0.1, 0.35), 0.04) * (roar + s.between(0.1, 0.5) * crackle)


# What stands still


def _leaves(s: Synth) -> Wave:
    t = s.clock(0.40)
    gust = arch(t) * s.wobble(t, s.between(4, 14), s.between(0.3, 0.9))
    return gust * s.noise(t, s.between(900, 2200), s.between(5000, 7600))


def _bee(s: Synth) -> Wave:
    """Return a flower: the bee that visits it."""
    t = s.clock(s.between(0.34, 0.40))
    pitch = s.between(150, 290) * (1 + 0.05 * np.sin(2 * np.pi * s.between(4, 9) * t))
    buzz = s.tone(t, pitch, (0.6, 1, 0.7, 0.5, 0.5, 0.3, 0.2))
    return arch(t) * (buzz + s.between(0.02, 0.3) * s.noise(t, 200, 3000))


def _boing(s: Synth) -> Wave:
    """Return a mushroom: something springs off its cap."""
    t = s.clock(s.between(0.32, 0.40))
    spring = 1 + s.between(1, 4) * t + 0.25 * np.sin(2 * np.pi * s.between(11, 22) * t)
    return strike(t, 0.12) * s.tone(t, s.between(120, 260) * spring, (1, 0.6, 0.3, 0.1))


def _doorbell(s: Synth) -> Wave:
    pitch, third = s.between(480, 880), s.between(0.74, 0.85)
    t = s.clock(0.22)
    ding, dong = (strike(t, 0.07) * s.tone(t, note, (1, 0.1, 0.3)) for note in (pitch, third * pitch))
    return s.lay(0.40, [(0.0, ding), (s.between(0.14, 0.18), dong)])


def _speech(s: Synth) -> Wave:
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


def _squeak(s: Synth) -> Wave:
    """Return a balloon: rubber, rubbed."""
    t = s.clock(s.between(0.28, 0.40))
    jerk = s.wobble(t, s.between(14, 34), s.between(0.1, 0.35))
    rub = s.tone(t, s.between(750, 1700) * (1 + s.between(-0.6, 0.8) * t) * jerk, (1, 0.6, 0.4))
    return fade(t, 0.02, 0.05) * s.wobble(t, s.between(25, 60), 0.6) * rub


def _rain(s: Synth) -> Wave:
    """Return an umbrella: rain falls on it."""
    t = s.clock(0.40)
    drop = s.clock(0.02)
    splash = strike(drop, 0.0012) * s.noise(drop, 800, 7500)
    drops = [(s.between(0, 0.38), s.between(0.3, 1.5) * splash) for _ in range(40)]
    return s.lay(0.40, drops) + s.between(0.02, 0.3) * s.noise(t, 1000, 7500)


def _swinging_board(s: Synth) -> Wave:
    """Return a sign: its board squeaks as it swings, and knocks against its chain."""
    t = s.clock(0.40)
    swing = 1 + 0.25 * arch(t) * s.between(-1, 1.5)
    hinge = s.tone(t, s.between(500, 1100) * swing, (1, 0.2, 0.7, 0.2))
    squeak = fade(t, 0.05, 0.2) * s.wobble(t, s.between(30, 60), 0.9) * hinge
    knock = s.clock(0.16)
    clank = s.between(0.8, 2.2) * strike(knock, 0.03) * _clang(s, knock, s.between(700, 1500))
    return squeak + s.lay(0.40, [(s.between(0.15, 0.24), clank)])


# Shared bodies


def _clang(s: Synth, t: Wave, pitch: float) -> Wave:
    """Return struck metal: partials that are no whole multiples of the lowest."""
    ratios = ((1.0, 1.0), (2.0, 0.6), (2.4, 0.5), (3.0, 0.3), (4.5, 0.25))
    return np.sum([s.tone(t, ratio * pitch, (level,)) for ratio, level in ratios], axis=0)


def _vowel(pitch: float, mouth: float, resonances: Sequence[float]) -> list[float]:
    """Return the partials of a hummed pitch after it has passed through a mouth."""
    count = int(3600 / pitch)
    return [
        sum(1 / (1 + ((k * pitch - mouth * peak) / 90) ** 2) for peak in resonances) / k**0.5
        for k in range(1, count + 1)
    ]


VOICES: Mapping[str, Callable[[Synth], Wave]] = MappingProxyType(
    {
        "cat": _meow,
        "dog": _woof,
        "rabbit": _thump,
        "bird": _chirp,
        "crane_bird": _trumpet,
        "fish": _bubbles,
        "butterfly": _flutter,
        "car": _engine,
        "bus": _horn,
        "crane_machine": _creak,
        "boat": _bell_on_water,
        "plane": _jet,
        "rocket": _roar,
        "tree": _leaves,
        "flower": _bee,
        "mushroom": _boing,
        "house": _doorbell,
        "person": _speech,
        "balloon": _squeak,
        "umbrella": _rain,
        "sign": _swinging_board,
    }
)
"""What each kind of `KINDS` sounds like: a function from a performer to a call."""
