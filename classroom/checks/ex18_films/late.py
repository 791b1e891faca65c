"""18.2: a film's sound, some frames late or early, with silence where none is left.

Leaves out sound that comes round to the beginning, as in a film that is played in a loop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

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

Asked = tuple[Array, int, float]


def _drawn(rng: np.random.Generator, frames: int, *shape: int) -> Asked:
    silence = round(float(rng.uniform(-16, -9)), 2)
    return rng.standard_normal(shape), frames, silence


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    film = np.arange(1.0, 6.0).reshape(1, 5, 1)
    return [
        shown("two frames late", film, 2, -9.0),
        shown("one frame early", film, -1, -9.0),
        shown("in time", film, 0, -9.0),
        shown("after the film has ended", film, 7, -9.0),
    ]


def _late(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two frames late", *_drawn(rng, 2, 3, 7, 4, 2)),
        hidden("three frames late, one number a frame", *_drawn(rng, 3, 4, 8, 1)),
        hidden("as many films as frames", *_drawn(rng, 2, 6, 6, 6)),
        hidden("in time", *_drawn(rng, 0, 2, 5, 3)),
    ]


def _early(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two frames early", *_drawn(rng, -2, 3, 7, 4)),
        hidden("four frames early", *_drawn(rng, -4, 2, 9, 3, 5)),
    ]


def _beyond(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("as late as the film is long", *_drawn(rng, 5, 3, 5, 2)),
        hidden("later still", *_drawn(rng, 9, 2, 4, 3)),
        hidden("earlier than the film is long", *_drawn(rng, -8, 2, 6, 3)),
        hidden("all but one frame late", *_drawn(rng, 4, 3, 5, 4)),
    ]


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


def _and_back(run: Callable[..., Any], sounds: Array, frames: int, silence: float) -> bool:
    """Return whether late, then early, leaves the middle as it was."""
    once = np.asarray(run(sounds, frames, silence))
    again = np.asarray(run(once, -frames, silence))
    kept = max(0, sounds.shape[1] - abs(frames))
    part = slice(0, kept) if frames >= 0 else slice(sounds.shape[1] - kept, None)
    return bool(np.allclose(again[:, part], sounds[:, part]))


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

LATE = Question(
    number="18.2",
    function="late",
    reference=late,
    build=Steps,
    rtol=1e-6,
    atol=1e-9,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="late, and in time", points=2, cases=_late),
        Property(name="early", points=1, cases=_early),
        Property(name="as far as the film is long", points=1, cases=_beyond),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="and-back",
            message="Late by some frames, then early by as many, must leave what was not moved "
            "out of the film as it was; yours does not.",
            holds=_and_back,
        ),
    ),
)
