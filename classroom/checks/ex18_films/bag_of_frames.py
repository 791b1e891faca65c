"""18.3: films without their order, for a control that is not told what came first.

Leaves out training on them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classroom.checks.ex18_films.bag_answers import MISTAKES, Steps, bag_of_frames
from classroom.checks.ex18_films.bag_seen import LAWS, measure
from classroom.checks.question import Answer, Case, Property, Question, hidden, shown

Array = np.ndarray


def harness(answer: "Answer", pictures: "Array", sounds: "Array", seed: int) -> "list[Any]":
    """Return what calls with a seed, again, the next, and the first generator once more gave.

    Of each call: pictures, sounds, and those that were passed in, afterwards.
    """
    import numpy as np

    def once(rng: "Any") -> "list[Any]":
        given = pictures.copy(), sounds.copy()
        seen, heard = answer(*given, rng)
        return [np.array(seen), np.array(heard), *given]

    first = np.random.default_rng(seed)
    others = [np.random.default_rng(number) for number in (seed, seed + 1)]
    return [once(rng) for rng in (first, *others, first)]


def _drawn(rng: np.random.Generator, films: int, frames: int, *sizes: int) -> tuple[Any, ...]:
    """Return films of which every number is another, and a seed."""
    pictures = rng.standard_normal((films, frames, *sizes)).round(6)
    return pictures, rng.standard_normal((films, frames, 2)).round(6), int(rng.integers(2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [shown("two hundred films of five frames", *_drawn(fixed, 200, 5, 2))]


def _many(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("films of six frames", *_drawn(rng, 200, 6, 2)),
        hidden("as many films as frames", *_drawn(rng, 12, 12, 3)),
    ]


def _orders(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("many films of four frames", *_drawn(rng, 300, 4, 2)),
        hidden("many films of seven frames", *_drawn(rng, 300, 7, 2)),
    ]


def _pictures(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("frames with rows and columns", *_drawn(rng, 150, 5, 3, 2))]


BAG_OF_FRAMES = Question(
    number="18.3",
    function="bag_of_frames",
    reference=bag_of_frames,
    harness=harness,
    told="It calls bag_of_frames(pictures, sounds, rng) with one seed twice, with the next and "
    "with the first generator again, and looks where each frame and its sound went.",
    measure=measure,
    build=Steps,
    rtol=1e-9,
    atol=1e-9,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="each film's own frames, with their sound", points=1, cases=_many),
        Property(name="all orders alike", points=2, cases=_orders),
        Property(name="frames of any shape", points=1, cases=_pictures),
    ),
    mistakes=MISTAKES,
    invariances=LAWS,
)
