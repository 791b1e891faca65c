"""11.1: a caption with its two colours exchanged: false, with the same words.

Captions name each colour right before its thing, and no colour touches a punctuation mark.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex11_what_clip_misses.swap_answers import (
    COLOURS,
    MISTAKES,
    agreeing,
    build,
)
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

THINGS = ("cat", "dog", "car", "boat", "bird", "house", "tree", "kite", "ball", "lamp")
FRAMES = (
    "a photo of {} and {}",
    "{} to the left of {}",
    "in a meadow stand {} and {}",
    "an old picture: {} above {}",
    "{} next to {} on the beach",
)
PLAIN = [colour for colour in COLOURS if colour != "orange"]
WITHIN = {
    "red": "under a covered roof",
    "green": "in front of a greenhouse",
    "blue": "among many bluebells",
    "black": "beside a blackboard",
    "white": "by the whitewashed wall",
    "brown": "above a plate of brownies",
}
"""Words that hold a colour, and are none."""


def _caption(
    rng: np.random.Generator,
    colours: Sequence[str],
    before: Sequence[str] = ("a", "a"),
) -> str:
    """Return a caption of two things with these colours, and these words before them."""
    things = rng.choice(THINGS, 2, replace=False)
    plural = ["s" if word in ("two", "three") else "" for word in before]
    parts = [
        f"{word} {colour} {thing}{end}"
        for word, colour, thing, end in zip(before, colours, things, plural, strict=True)
    ]
    return agreeing(str(rng.choice(FRAMES)).format(*parts))


def _two(rng: np.random.Generator, names: Sequence[str] = PLAIN) -> list[str]:
    return [str(one) for one in rng.choice(names, 2, replace=False)]


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("two colours", "a red cat and a blue dog"),
        shown("an article that must follow", "a photo of an orange car on a white boat"),
        shown("other words before", "the red cats and two orange dogs"),
        shown("a word that holds a colour", "a blue car and a red boat under a covered roof"),
        shown("one colour twice", "a red cat and a red dog"),
    ]


def _places(rng: np.random.Generator) -> Sequence[Case]:
    words = [str(one) for one in rng.permutation(["the", "two", "three"])]
    return [
        hidden("an article before each", _caption(rng, _two(rng))),
        hidden("an article before the first", _caption(rng, _two(rng), ("a", words[0]))),
        hidden("none before either", _caption(rng, _two(rng), words[1:])),
    ]


def _articles(rng: np.random.Generator) -> Sequence[Case]:
    other = _two(rng)
    return [
        hidden("orange first", _caption(rng, ["orange", other[0]])),
        hidden("orange last", _caption(rng, [other[1], "orange"])),
        hidden("orange after a number", _caption(rng, ["orange", other[1]], ("two", "a"))),
        hidden("orange before a number", _caption(rng, ["orange", other[0]], ("a", "three"))),
    ]


def _within(rng: np.random.Generator) -> Sequence[Case]:
    cases = []
    for place in ("first", "last"):
        word = str(rng.choice(list(WITHIN)))
        other = str(rng.choice([colour for colour in PLAIN if colour != word]))
        text = _caption(rng, [word, other] if place == "first" else [other, word])
        cases.append(hidden(f"{place} colour within a word", f"{WITHIN[word]} {text}"))
    return cases


def _same(rng: np.random.Generator) -> Sequence[Case]:
    twice = [str(rng.choice(PLAIN))] * 2
    return [
        hidden("one colour twice", _caption(rng, twice)),
        hidden("orange twice", _caption(rng, ["orange", "orange"], ("a", "the"))),
        hidden("two colours", _caption(rng, _two(rng))),
    ]


def _words(text: str) -> list[str]:
    return sorted(re.sub(r"\ban\b", "a", text).split())


def _same_words(run: Callable[..., Any], caption: str) -> bool:
    swapped = run(caption)
    return swapped is None or _words(swapped) == _words(caption)


def _back_again(run: Callable[..., Any], caption: str) -> bool:
    swapped = run(caption)
    return swapped is None or run(swapped) == caption


SWAP_ATTRIBUTES = Question(
    number="11.1",
    function="swap_attributes",
    reference=build(),
    build=build,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="colours change places", points=1, cases=_places),
        Property(name="articles follow", points=1, cases=_articles),
        Property(name="whole words alone", points=1, cases=_within),
        Property(name="one colour twice", points=1, cases=_same),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="same-words",
            message="But for a and an, your caption must hold the same words as often as "
            "before: a bag of words must not see any difference.",
            holds=_same_words,
        ),
        Invariance(
            name="back-again",
            message="Exchanging twice must give the caption back.",
            holds=_back_again,
        ),
    ),
)
