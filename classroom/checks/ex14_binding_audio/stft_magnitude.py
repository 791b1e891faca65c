"""14.1: the short-time Fourier transform of a sound, its magnitudes.

Leaves out phases, and padding at both ends.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex14_binding_audio.stft_answers import MISTAKES, Steps, stft_magnitude
from classroom.checks.invariances import unchanged
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown


def _drawn(
    rng: np.random.Generator, win: int, hop: int, frames: int, rest: int
) -> tuple[np.ndarray, int, int]:
    """Return noise of so many frames and so many samples left over."""
    return rng.standard_normal(win + (frames - 1) * hop + rest), win, hop


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    turns = np.arange(12) / 4
    return [
        shown("a constant", np.ones(4), 4, 2),
        shown("a tone that turns every four samples", np.cos(2 * np.pi * turns), 8, 4),
        shown("one sample left over", np.array([0.0, 1, 0, 0, 2, 0, 0]), 4, 2),
    ]


def _frames(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("nine frames", *_drawn(rng, 16, 6, 9, 3)),
        hidden("as many frames as frequencies", *_drawn(rng, 12, 5, 7, 2)),
        hidden("frames that do not overlap", *_drawn(rng, 10, 13, 5, 4)),
    ]


def _fits(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("the last frame just fits", *_drawn(rng, 16, 6, 5, 0)),
        hidden("one frame", *_drawn(rng, 14, 5, 1, 0)),
        hidden("one sample too few for one more", *_drawn(rng, 12, 4, 3, 3)),
    ]


def _odd(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("eleven samples a frame", *_drawn(rng, 11, 4, 6, 1)),
        hidden("fifteen, the last just fits", *_drawn(rng, 15, 7, 4, 0)),
    ]


def _later(run: Callable[..., Any], wave: np.ndarray, win: int, hop: int) -> bool:
    later = np.asarray(run(np.concatenate([np.zeros(hop), wave]), win, hop))
    return bool(np.allclose(later[:, 1:], run(wave, win, hop), rtol=1e-3, atol=1e-3))


def _louder(run: Callable[..., Any], wave: np.ndarray, win: int, hop: int) -> bool:
    found = np.asarray(run(wave, win, hop))
    return bool(np.allclose(run(3 * wave, win, hop), 3 * found, rtol=1e-3, atol=1e-3))


STFT_MAGNITUDE = Question(
    number="14.1",
    function="stft_magnitude",
    reference=stft_magnitude,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="frames and frequencies", points=2, cases=_frames),
        Property(name="every frame that fits", points=1, cases=_fits),
        Property(name="frames of odd length", points=1, cases=_odd),
    ),
    mistakes=MISTAKES,
    invariances=(
        unchanged(
            "turned-round",
            "The same sound with its sign turned round must look the same; yours does not. "
            "Take the magnitude, np.abs, of what the transform gives.",
            lambda wave, win, hop: (-wave, win, hop),
        ),
        Invariance(
            name="louder",
            message="A sound three times as loud must be three times as strong everywhere; "
            "yours is not.",
            holds=_louder,
        ),
        Invariance(
            name="later",
            message="The same sound, `hop` samples later, must look the same one frame later; "
            "yours does not. Frame i holds the samples from i · hop on, as they are.",
            holds=_later,
        ),
    ),
)
