"""18.2: a film's sound, some frames late or early, with silence where none is left.

Leaves out sound that comes round to the beginning, as in a film that is played in a loop.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex18_films.late_answers import MISTAKES, Steps, late
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Array = np.ndarray
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


def _and_back(run: Callable[..., Any], sounds: Array, frames: int, silence: float) -> bool:
    """Return whether late, then early, leaves the middle as it was."""
    once = np.asarray(run(sounds, frames, silence))
    again = np.asarray(run(once, -frames, silence))
    kept = max(0, sounds.shape[1] - abs(frames))
    part = slice(0, kept) if frames >= 0 else slice(sounds.shape[1] - kept, None)
    return bool(np.allclose(again[:, part], sounds[:, part]))


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
