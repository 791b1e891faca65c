"""Which kind makes which call: a cat meows, a house rings its bell, an umbrella is rained on.

Leaves out how the calls are made (`voices_alive.py`, `voices_things.py`) and when they are
heard (`sound.py`).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mmcourse.world.sounds_and_films.synth import Synth, Wave, fade
from mmcourse.world.sounds_and_films.voices_alive import (
    bubbles,
    chirp,
    flutter,
    meow,
    speech,
    thump,
    trumpet,
    woof,
)
from mmcourse.world.sounds_and_films.voices_things import (
    bee,
    bell_on_water,
    boing,
    creak,
    doorbell,
    engine,
    horn,
    jet,
    leaves,
    rain,
    roar,
    squeak,
    swinging_board,
)

CALL_SECONDS = 0.4
"""The longest a call can last."""

VOICES: Mapping[str, Callable[[Synth], Wave]] = MappingProxyType(
    {
        "cat": meow,
        "dog": woof,
        "rabbit": thump,
        "bird": chirp,
        "crane_bird": trumpet,
        "fish": bubbles,
        "butterfly": flutter,
        "car": engine,
        "bus": horn,
        "crane_machine": creak,
        "boat": bell_on_water,
        "plane": jet,
        "rocket": roar,
        "tree": leaves,
        "flower": bee,
        "mushroom": boing,
        "house": doorbell,
        "person": speech,
        "balloon": squeak,
        "umbrella": rain,
        "sign": swinging_board,
    }
)
"""What each kind of `KINDS` sounds like: a function from a performer to a call."""


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
