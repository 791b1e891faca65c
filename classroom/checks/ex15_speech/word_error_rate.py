"""15.3: how many errors a machine makes for each word that is said.

Leaves out bringing words to one spelling.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex15_speech.rate_answers import MISTAKES, Steps, word_error_rate
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

WORDS = ("a", "red", "dog", "big", "car", "and", "blue", "bird", "tree", "on", "the", "beach")
OTHERS = ("read", "dock", "pig", "card", "end", "blew", "burned", "three", "in", "each")
Texts = tuple[list[str], list[str]]


def _text(rng: np.random.Generator, length: int) -> list[str]:
    return [str(one) for one in rng.permutation(WORDS)[:length]]


def _misheard(
    rng: np.random.Generator, said: list[str], wrong: int, lost: int, added: int
) -> str:
    """Return a text with so many errors of each kind, in places of their own."""
    heard = list(said)
    places = rng.permutation(len(said))
    others = [str(one) for one in rng.permutation(OTHERS)]
    for place in places[:wrong]:
        heard[place] = others.pop()
    gone = set(places[wrong : wrong + lost].tolist())
    heard = [word for place, word in enumerate(heard) if place not in gone]
    for _ in range(added):
        heard.insert(int(rng.integers(len(heard) + 1)), others.pop())
    return " ".join(heard)


def _corpus(rng: np.random.Generator, *errors: tuple[int, int, int, int]) -> Texts:
    """Return texts heard and said; for each its length, wrong, lost and added words."""
    heard, said = [], []
    for length, *counts in errors:
        words = _text(rng, length)
        said.append(" ".join(words))
        heard.append(_misheard(rng, words, *counts))
    return heard, said


def _often(rng: np.random.Generator) -> Texts:
    """Return one text heard and one said, in which the same words come again and again."""
    heard, said = (" ".join(str(one) for one in rng.choice(WORDS[:3], n)) for n in (6, 7))
    return [heard], [said]


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("one wrong word of three", ["a red dock"], ["a red dog"]),
        shown("one lost", ["red dog"], ["a red dog"]),
        shown("one added", ["a red red dog"], ["a red dog"]),
        shown("two texts", ["a dog", "bird"], ["a dog", "a blue bird"]),
        shown("more errors than words", ["on the on the"], ["bird"]),
        shown("nothing heard", ["", "a tree"], ["a dog", "a tree"]),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    words = _text(rng, 6)
    return [
        hidden("one text, wrong words", *_corpus(rng, (7, 2, 0, 0))),
        hidden("one text, lost words", *_corpus(rng, (7, 0, 2, 0))),
        hidden("one text, added words", *_corpus(rng, (5, 0, 0, 2))),
        hidden("few words, often", *_often(rng)),
        hidden("words in another order", [" ".join(words[1:] + words[:1])], [" ".join(words)]),
        hidden("two words exchanged", [" ".join(words[1::-1] + words[2:])], [" ".join(words)]),
        hidden("capitals", [" ".join(words).title()], [" ".join(words)]),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    turned = _text(rng, 4)
    heard, said = _corpus(rng, (9, 2, 1, 1), (2, 1, 0, 0), (5, 0, 0, 0), (6, 1, 0, 2))
    first, *rest = _text(rng, 5)
    across = (
        [" ".join(rest), " ".join([first, *turned])],
        [" ".join([*rest, first]), " ".join(turned)],
    )
    return [
        hidden("four texts", heard, said),
        hidden("three texts", *_corpus(rng, (3, 1, 1, 0), (8, 1, 0, 1), (4, 0, 1, 0))),
        hidden("a word heard in the next text", *across),
    ]


def _beyond(rng: np.random.Generator) -> Sequence[Case]:
    heard, said = _corpus(rng, (3, 0, 0, 0), (4, 1, 0, 0))
    return [
        hidden("more errors than words", *_corpus(rng, (2, 1, 0, 3), (1, 0, 0, 2))),
        hidden("one text not heard at all", ["", heard[1]], said),
    ]


def _any_order(run: Callable[..., Any], heard: list[str], said: list[str]) -> bool:
    return bool(np.isclose(run(heard, said), run(heard[::-1], said[::-1])))


def _backwards(run: Callable[..., Any], heard: list[str], said: list[str]) -> bool:
    turned = [[" ".join(text.split()[::-1]) for text in texts] for texts in (heard, said)]
    return bool(np.isclose(run(heard, said), run(*turned)))


def _right(run: Callable[..., Any], _: list[str], said: list[str]) -> bool:
    return bool(np.isclose(run(list(said), said), 0))


WORD_ERROR_RATE = Question(
    number="15.3",
    function="word_error_rate",
    reference=word_error_rate,
    build=Steps,
    rtol=1e-6,
    atol=1e-9,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="errors of each kind", points=2, cases=_one),
        Property(name="several texts", points=1, cases=_several),
        Property(name="beyond 1, and nothing heard", points=1, cases=_beyond),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="all-right",
            message="Where all is heard as it was said, the rate must be 0; yours is not.",
            holds=_right,
        ),
        Invariance(
            name="any-order",
            message="The order of the texts must change nothing.",
            holds=_any_order,
        ),
        Invariance(
            name="backwards",
            message="The same texts with their words backwards must have the same rate; with "
            "yours they have not. Look for the fewest changes, wherever they are.",
            holds=_backwards,
        ),
    ),
)
