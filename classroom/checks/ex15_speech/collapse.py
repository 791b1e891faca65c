"""15.2: from the likeliest unit of each step to a text.

Leaves out the likeliest text, whose many paths may be likelier together.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex15_speech.collapse_answers import (
    MISTAKES,
    Path,
    Steps,
    collapse,
    merged,
)
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

ALPHABET = "_ abcde"
ANOTHER = "-_vwxyz"
"""An alphabet in which the blank is written otherwise, and `_` is a letter."""


def _scores(rng: np.random.Generator, path: Path, units: int, spread: float) -> np.ndarray:
    """Return scores of which the path's are the largest at each step; all are below 0."""
    scores = -1 - spread * rng.random((len(path), units))
    scores[np.arange(len(path)), path] = -0.9 * rng.random(len(path))
    return scores


def _path(rng: np.random.Generator, text: str, alphabet: str) -> Path:
    """Return a path of a text, whose letters and blanks last for one to three steps."""
    path: Path = []
    for place, letter in enumerate(text):
        unit = alphabet.index(letter)
        if (place and text[place - 1] == letter) or rng.random() < 0.5:
            path += [0] * int(rng.integers(1, 3))
        path += [unit] * int(rng.integers(1, 4))
    return path + [0] * int(rng.integers(0, 3))


def _drawn(rng: np.random.Generator, text: str) -> tuple[np.ndarray, str]:
    """Return scores of a path of a text that has letters which last, in this alphabet.

    The letters of `text` stand for others, drawn anew.
    """
    letters = "".join(str(one) for one in rng.permutation(list(ALPHABET[2:])))
    text = text.translate(str.maketrans("abcde", letters))
    while True:
        path = _path(rng, text, ALPHABET)
        if len(merged(path)) < len(path) and 0 in path[1:-1]:
            return _scores(rng, path, len(ALPHABET), 4.0), ALPHABET


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)

    def of(path: Path) -> np.ndarray:
        return _scores(fixed, path, 3, 2.0).round(1)

    return [
        shown("one letter that lasts", of([1, 1, 0]), "_ab"),
        shown("a letter twice", of([1, 0, 1]), "_ab"),
        shown("two letters", of([2, 2, 1, 0]), "_ab"),
        shown("silence", of([0, 0]), "_ab"),
    ]


def _doubled(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("a doubled letter", *_drawn(rng, "abbc")),
        hidden("two doubled letters", *_drawn(rng, "aabcc")),
    ]


def _words(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two words", *_drawn(rng, "abc dba")),
        hidden("a space at both ends", *_drawn(rng, " ade ")),
        hidden("letters that come again", *_drawn(rng, "abacad")),
    ]


def _to_the_end(rng: np.random.Generator) -> Sequence[Case]:
    one, other = (int(unit) for unit in rng.permutation(np.arange(2, 7))[:2])
    last = [other, other, 1, 0, one]
    return [
        hidden("a letter at the last step", _scores(rng, last, 7, 4.0), ANOTHER),
        hidden("one step", _scores(rng, [one], 7, 4.0), ANOTHER),
        hidden("scores of thousands", 5_000 * _scores(rng, [0, *last], 7, 4.0), ANOTHER),
        hidden("the last of the alphabet", _scores(rng, [0, 6, one, 6, 6], 7, 4.0), ALPHABET),
    ]


def _slower(run: Callable[..., Any], scores: np.ndarray, alphabet: str) -> bool:
    """Return whether speech of half the speed gives the same text."""
    return bool(run(np.repeat(scores, 2, axis=0), alphabet) == run(scores, alphabet))


def _louder(run: Callable[..., Any], scores: np.ndarray, alphabet: str) -> bool:
    return bool(run(2 * scores - 3, alphabet) == run(scores, alphabet))


COLLAPSE = Question(
    number="15.2",
    function="collapse",
    reference=collapse,
    build=Steps,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="doubled letters", points=1, cases=_doubled),
        Property(name="words", points=1, cases=_words),
        Property(name="from the first step to the last", points=1, cases=_to_the_end),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="slower",
            message="The same at half the speed, every step twice, must give the same text; "
            "with yours it does not. Merge equal neighbours.",
            holds=_slower,
        ),
        Invariance(
            name="louder",
            message="Only which score is the largest may count; with yours their size does.",
            holds=_louder,
        ),
    ),
)
