"""Answers to 15.2, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from classroom.checks.question import Mistake

Path = list[int]


def _best(scores: np.ndarray) -> Path:
    return scores.argmax(axis=1).tolist()


def merged(path: Path) -> Path:
    """Return a path in which no two neighbours are equal."""
    return [unit for unit, _ in groupby(path)]


def _without(path: Path, blank: int) -> Path:
    return [unit for unit in path if unit != blank]


def _tidy(path: Path, blank: int) -> Path:
    return _without(merged(path), blank)


def _written(path: Path, alphabet: str) -> str:
    return "".join(alphabet[unit] for unit in path)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`collapse`, with steps that may be replaced."""

    best: Callable[[np.ndarray], Path] = _best
    blank: Callable[[str], int] = lambda _: 0
    tidy: Callable[[Path, int], Path] = _tidy
    written: Callable[[Path, str], str] = _written
    last: Callable[[str], Any] = lambda text: text

    def __call__(self, scores: np.ndarray, alphabet: str) -> Any:
        """Return the text of the likeliest path."""
        path = self.tidy(self.best(scores), self.blank(alphabet))
        return self.last(self.written(path, alphabet))


collapse = Steps()
"""The text of the likeliest path."""


def _without_a_sign(text: str) -> str:
    return text.replace("_", "")


MISTAKES = (
    Mistake(
        name="repeats-kept",
        message="A letter that lasts for several steps is written several times. Merge "
        "neighbours that are equal before blanks are dropped.",
        changes={"tidy": _without},
    ),
    Mistake(
        name="blanks-removed-first",
        message="You dropped the blanks before you merged, so two equal letters with a "
        "blank between them become one. Merge first: that is what the blank is for.",
        changes={"tidy": lambda path, blank: merged(_without(path, blank))},
    ),
    Mistake(
        name="blanks-kept",
        message="Blanks stand in your text. They are no letters: drop them after merging.",
        changes={"tidy": lambda path, _: merged(path)},
        variants=({"tidy": lambda path, _: path},),
    ),
    Mistake(
        name="each-letter-once",
        message="Every letter comes once in your text. Merge neighbours alone: a letter "
        "may come again.",
        changes={"tidy": lambda path, blank: _without(list(dict.fromkeys(path)), blank)},
        variants=({"tidy": lambda path, blank: sorted(set(_without(path, blank)))},),
    ),
    Mistake(
        name="wrong-axis",
        message="You looked for the best step of each unit. Look for the best unit of each "
        "step: argmax over axis 1.",
        changes={
            "best": lambda scores: [int(i) % scores.shape[1] for i in scores.argmax(axis=0)]
        },
        variants=({"best": lambda scores: scores.argmax(axis=0).tolist()},),
    ),
    Mistake(
        name="least-likely",
        message="You took the least likely unit of each step. Scores that are larger are "
        "likelier, below 0 too.",
        changes={"best": lambda scores: scores.argmin(axis=1).tolist()},
        variants=({"best": lambda scores: np.abs(scores).argmax(axis=1).tolist()},),
    ),
    Mistake(
        name="last-step-lost",
        message="Your last step is missing, or the first one is.",
        changes={"best": lambda scores: _best(scores)[:-1]},
        variants=({"best": lambda scores: _best(scores)[1:]},),
    ),
    Mistake(
        name="alphabet-shifted",
        message="You write the neighbour in the alphabet: unit i is alphabet[i], and "
        "alphabet[0] is the blank.",
        changes={"written": lambda path, letters: _written([u - 1 for u in path], letters)},
        variants=(
            {"written": lambda path, letters: _written(path, letters[1:] + letters[:1])},
        ),
    ),
    Mistake(
        name="blank-is-last",
        message="You dropped the last of the alphabet. The blank is the first, unit 0.",
        changes={"blank": lambda alphabet: len(alphabet) - 1},
    ),
    Mistake(
        name="blank-by-its-sign",
        message="You dropped a sign, `_`, from the text. The blank is unit 0, whatever is "
        "written for it, and another unit may be written `_`.",
        changes={
            "tidy": lambda path, _: merged(path),
            "last": _without_a_sign,
        },
        variants=(
            {"blank": lambda alphabet: alphabet.find("_")},
            {"last": _without_a_sign},
        ),
    ),
    Mistake(
        name="spaces-lost",
        message="A space is a letter as any other, at both ends too: keep it, without "
        "strip or split.",
        changes={"last": str.strip},
        variants=(
            {"last": lambda text: text.replace(" ", "")},
            {"last": str.lstrip},
            {"last": str.rstrip},
        ),
    ),
    Mistake(
        name="no-text",
        message="You return the letters in a list, or as numbers. Write one text: ''.join.",
        changes={"last": list},
        variants=({"written": lambda path, _: path},),
    ),
    Mistake(
        name="turned-round",
        message="Your text runs backwards.",
        changes={"last": lambda text: text[::-1]},
    ),
)
