"""Answers to 18.2, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from classroom.checks.question import Mistake

Array = np.ndarray
Move = Callable[[Array, int, float], Array]


def _moved(sounds: Array, frames: int, silence: float, axis: int = 1) -> Array:
    """Return the sounds so many places further along an axis, silence where none is left."""
    sounds = np.moveaxis(sounds, axis, 0)
    late, n = np.full_like(sounds, silence), len(sounds)
    kept = max(0, n - abs(frames))
    if frames >= 0:
        late[n - kept :] = sounds[:kept]
    else:
        late[:kept] = sounds[n - kept :]
    return np.moveaxis(late, 0, axis)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`late`, with steps that may be replaced."""

    count: Callable[[int], int] = lambda frames: frames
    quiet: Callable[[Array, float], float] = lambda _, silence: silence
    move: Move = _moved

    def __call__(self, sounds: Array, frames: int, silence: float) -> Array:
        """Return the sounds, so many frames late."""
        return self.move(sounds, self.count(frames), self.quiet(sounds, silence))


late = Steps()
"""The sounds of films, some frames late or early."""


def _rolled(sounds: Array, frames: int, _: float) -> Array:
    return np.roll(sounds, frames, axis=1)


def _edge(sounds: Array, frames: int, _: float) -> Array:
    n = sounds.shape[1]
    return sounds[:, (np.arange(n) - frames).clip(0, n - 1)]


def _shorter(sounds: Array, frames: int, _: float) -> Array:
    return sounds[:, : max(0, sounds.shape[1] - frames)] if frames >= 0 else sounds[:, -frames:]


def _longer(sounds: Array, frames: int, silence: float) -> Array:
    quiet = np.full((len(sounds), abs(frames), *sounds.shape[2:]), silence)
    return np.concatenate([quiet, sounds] if frames >= 0 else [sounds, quiet], axis=1)


def _muted(sounds: Array, frames: int, silence: float) -> Array:
    """Return the sounds where they are, with silence in the frames that a delay would free."""
    muted = sounds.copy()
    if frames >= 0:
        muted[:, :frames] = silence
    else:
        muted[:, frames:] = silence
    return muted


def _loops(sounds: Array, frames: int, silence: float) -> Array:
    """Return what is right as long as the film is longer than the delay."""
    return _moved(sounds, int(np.fmod(frames, sounds.shape[1])), silence)


def _sliced(sounds: Array, frames: int, silence: float) -> Array:
    late = np.roll(sounds, frames, axis=1)
    late[:, :frames] = silence  # all but the end, where frames is below 0
    return late


def _filled(sounds: Array, frames: int, silence: float) -> Array:
    late = np.full_like(sounds, silence)
    late[:, frames:] = sounds[:, :-frames]
    return late


MISTAKES = (
    Mistake(
        name="rolled-round",
        message="The end of your sound comes round to the beginning, as np.roll does it. "
        "Nothing was recorded there: silence.",
        changes={"move": _rolled},
    ),
    Mistake(
        name="early-for-late",
        message="Your sound is early where it is to be late: what belongs to frame t is heard "
        "at frame t + frames.",
        changes={"count": lambda frames: -frames},
    ),
    Mistake(
        name="counted-from-the-end",
        message="A slice with a number below 0 counts from the end, so that [:, :frames] is "
        "another part when the sound is early. Being early needs slices of its own.",
        changes={"move": _sliced},
        variants=(
            {"move": _filled},
            {"move": lambda *asked: _filled(*asked) if asked[1] else asked[0]},
        ),
    ),
    Mistake(
        name="never-early",
        message="Fewer than 0 frames late is early; yours is late then, too.",
        changes={"count": abs},
    ),
    Mistake(
        name="early-is-in-time",
        message="Fewer than 0 frames late is early; yours does nothing then.",
        changes={"count": lambda frames: max(0, frames)},
    ),
    Mistake(
        name="one-too-many",
        message="Your sound is one frame later than asked for.",
        changes={"count": lambda frames: frames + 1},
        variants=({"count": lambda frames: frames + (frames > 0) - (frames < 0)},),
    ),
    Mistake(
        name="one-too-few",
        message="Your sound is one frame earlier than asked for.",
        changes={"count": lambda frames: frames - 1},
        variants=({"count": lambda frames: frames - (frames > 0) + (frames < 0)},),
    ),
    Mistake(
        name="zero-for-silence",
        message="You filled up with 0. In a log-mel that is loud: silence is the number that "
        "is passed in.",
        changes={"quiet": lambda *_: 0.0},
        variants=(
            {"quiet": lambda sounds, _: sounds.min()},
            {"quiet": lambda *_: np.nan},
        ),
    ),
    Mistake(
        name="edge-repeated",
        message="You repeated the first or the last piece where none is left. Silence is asked "
        "for.",
        changes={"move": _edge},
    ),
    Mistake(
        name="cut-off",
        message="Your sound is shorter than the film. Fill up with silence, so that there is a "
        "piece for every frame.",
        changes={"move": _shorter},
    ),
    Mistake(
        name="longer-than-the-film",
        message="Your sound is longer than the film. What is moved beyond its end is lost.",
        changes={"move": _longer},
    ),
    Mistake(
        name="muted-not-moved",
        message="You silenced some frames, and left the others where they were. Move them.",
        changes={"move": _muted},
    ),
    Mistake(
        name="other-axis",
        message="You moved along another axis: films take each other's sound, or bands move. "
        "Frames are axis 1.",
        changes={"move": partial(_moved, axis=0)},
        variants=({"move": partial(_moved, axis=2)},),
    ),
    Mistake(
        name="in-a-loop",
        message="A delay longer than the film begins anew with you. Nothing is heard then.",
        changes={"move": _loops},
    ),
)
