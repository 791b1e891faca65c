"""The calls of things: engines, bells, squeaks, and the weather that plays on them.

Each call lasts up to 0.4 s and takes its pitch, tempo and roughness from the performer's luck.
Leaves out colour and size: a voice tells the kind alone.
"""

import numpy as np

from mmcourse.world.sounds_and_films.synth import Synth, Wave, arch, fade, strike


def engine(s: Synth) -> Wave:
    """Return a car: a motor that speeds up or slows down, and the road."""
    t = s.clock(0.40)
    pitch = s.between(55, 125) * (1 + s.between(-0.4, 0.9) * t)
    motor = s.tone(t, pitch, (1, 0.8, 0.9, 0.5, 0.6, 0.3, 0.3))
    road = s.between(0.2, 0.9) * s.noise(t, 100, 900)
    return fade(t, 0.04, 0.1) * (motor * s.wobble(t, s.between(10, 22), 0.5) + road)


def horn(s: Synth) -> Wave:
    """Return a bus: a horn of two notes over a diesel's rattle."""
    t = s.clock(s.between(0.34, 0.40))
    pitch = s.between(240, 420)
    horn = s.tone(t, pitch, (1, 0.8, 0.6, 0.5, 0.4)) + s.tone(
        t, 1.26 * pitch, (1, 0.8, 0.6, 0.5)
    )
    diesel = s.tone(t, s.between(34, 60), (1, 0.9, 0.8, 0.5, 0.4, 0.3))
    return fade(t, 0.03, 0.06) * (horn + s.between(0.4, 1.6) * diesel)


def creak(s: Synth) -> Wave:
    """Return a building crane: steel that sticks and slips, over a motor's hum."""
    t = s.clock(0.40)
    slips = s.wobble(t, s.between(22, 50), 1.0) ** 4
    steel = s.tone(
        t, s.between(320, 620) * (1 + s.between(-0.5, 0.5) * t), (1, 0.2, 0.9, 0.1, 0.6)
    )
    hum = s.between(0.2, 0.7) * s.tone(t, s.between(90, 130), (1, 0.5, 0.4))
    return fade(t, 0.03, 0.08) * (slips * steel + hum)


def bell_on_water(s: Synth) -> Wave:
    """Return a boat: its bell, and a wave against the hull."""
    t = s.clock(0.40)
    bell = s.between(0.5, 1.2) * strike(t, 0.09) * _clang(s, t, s.between(380, 700))
    return bell + 0.5 * arch(t) * s.noise(t, 120, s.between(900, 2500))


def jet(s: Synth) -> Wave:
    """Return a plane: a whine that falls as it passes, in a rush of air."""
    t = s.clock(0.40)
    whine = s.tone(t, s.between(600, 1300) * (1 - s.between(0.1, 0.9) * t), (1, 0.4))
    return arch(t) * (s.between(0.4, 1.4) * whine + s.noise(t, 200, 5000))


def roar(s: Synth) -> Wave:
    """Return a rocket: a deep roar that grows, and crackles."""
    t = s.clock(0.40)
    roar = s.noise(t, 30, s.between(700, 1600))
    crackle = np.abs(s.noise(t, 20, 400)) * s.noise(t, 500, 5000)
    return fade(t, s.between(0.1, 0.35), 0.04) * (roar + s.between(0.1, 0.5) * crackle)


def leaves(s: Synth) -> Wave:
    """Return a tree: wind in its leaves."""
    t = s.clock(0.40)
    gust = arch(t) * s.wobble(t, s.between(4, 14), s.between(0.3, 0.9))
    return gust * s.noise(t, s.between(900, 2200), s.between(5000, 7600))


def bee(s: Synth) -> Wave:
    """Return a flower: the bee that visits it."""
    t = s.clock(s.between(0.34, 0.40))
    pitch = s.between(150, 290) * (1 + 0.05 * np.sin(2 * np.pi * s.between(4, 9) * t))
    buzz = s.tone(t, pitch, (0.6, 1, 0.7, 0.5, 0.5, 0.3, 0.2))
    return arch(t) * (buzz + s.between(0.02, 0.3) * s.noise(t, 200, 3000))


def boing(s: Synth) -> Wave:
    """Return a mushroom: something springs off its cap."""
    t = s.clock(s.between(0.32, 0.40))
    spring = 1 + s.between(1, 4) * t + 0.25 * np.sin(2 * np.pi * s.between(11, 22) * t)
    return strike(t, 0.12) * s.tone(t, s.between(120, 260) * spring, (1, 0.6, 0.3, 0.1))


def doorbell(s: Synth) -> Wave:
    """Return a house: ding, dong."""
    pitch, third = s.between(480, 880), s.between(0.74, 0.85)
    t = s.clock(0.22)
    ding, dong = (
        strike(t, 0.07) * s.tone(t, note, (1, 0.1, 0.3)) for note in (pitch, third * pitch)
    )
    return s.lay(0.40, [(0.0, ding), (s.between(0.14, 0.18), dong)])


def squeak(s: Synth) -> Wave:
    """Return a balloon: rubber, rubbed."""
    t = s.clock(s.between(0.28, 0.40))
    jerk = s.wobble(t, s.between(14, 34), s.between(0.1, 0.35))
    rub = s.tone(t, s.between(750, 1700) * (1 + s.between(-0.6, 0.8) * t) * jerk, (1, 0.6, 0.4))
    return fade(t, 0.02, 0.05) * s.wobble(t, s.between(25, 60), 0.6) * rub


def rain(s: Synth) -> Wave:
    """Return an umbrella: rain falls on it."""
    t = s.clock(0.40)
    drop = s.clock(0.02)
    splash = strike(drop, 0.0012) * s.noise(drop, 800, 7500)
    drops = [(s.between(0, 0.38), s.between(0.3, 1.5) * splash) for _ in range(40)]
    return s.lay(0.40, drops) + s.between(0.02, 0.3) * s.noise(t, 1000, 7500)


def swinging_board(s: Synth) -> Wave:
    """Return a sign: its board squeaks as it swings, and knocks against its chain."""
    t = s.clock(0.40)
    swing = 1 + 0.25 * arch(t) * s.between(-1, 1.5)
    hinge = s.tone(t, s.between(500, 1100) * swing, (1, 0.2, 0.7, 0.2))
    squeak = fade(t, 0.05, 0.2) * s.wobble(t, s.between(30, 60), 0.9) * hinge
    knock = s.clock(0.16)
    clank = s.between(0.8, 2.2) * strike(knock, 0.03) * _clang(s, knock, s.between(700, 1500))
    return squeak + s.lay(0.40, [(s.between(0.15, 0.24), clank)])


def _clang(s: Synth, t: Wave, pitch: float) -> Wave:
    """Return struck metal: partials that are no whole multiples of the lowest."""
    ratios = ((1.0, 1.0), (2.0, 0.6), (2.4, 0.5), (3.0, 0.3), (4.5, 0.25))
    return np.sum([s.tone(t, ratio * pitch, (level,)) for ratio, level in ratios], axis=0)
