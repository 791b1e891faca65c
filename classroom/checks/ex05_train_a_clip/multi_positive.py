"""05.2: equal captions share the right answer.

Leaves out captions that mean the same in other words or letters: they are compared as they are.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from classroom.checks.ex05_train_a_clip.wrong_targets import MISTAKES, build, equal_pairs
from classroom.checks.invariances import sums_to
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

COLOURS = ("red", "green", "blue", "yellow", "white", "black")
KINDS = ("cat", "dog", "bird", "car", "bus", "boat")


def multi_positive_targets(captions: Sequence[str]) -> Tensor:
    """Return how right text j is for picture i: 1 shared by the captions equal to i's own."""
    same = equal_pairs(captions)
    return same / same.sum(dim=1, keepdim=True)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("a cat, a dog, a cat", ["a cat", "a dog", "a cat"]),
        shown("nothing repeats", ["a cat", "a dog"]),
        shown("a caption that another begins with", ["a cat", "a cat at sea", "a cat"]),
        shown("captions that differ in a letter's size", ["a cat", "A cat", "a cat"]),
    ]


def _texts(rng: np.random.Generator, count: int, words: Sequence[str]) -> list[str]:
    chosen = rng.permutation(np.array(words))[:count]
    return [f"a photo of a {word}" for word in chosen]


def _shuffled(rng: np.random.Generator, captions: list[str]) -> list[str]:
    return [captions[place] for place in rng.permutation(len(captions))]


def _repeated(rng: np.random.Generator) -> Sequence[Case]:
    two, three = _texts(rng, 2, KINDS), _texts(rng, 3, KINDS)
    return [
        hidden("one caption three times", _shuffled(rng, two + two[:1] * 2)),
        hidden("seven captions of three kinds", _shuffled(rng, three * 2 + three[:1])),
        hidden("all the same", three[:1] * 3),
        hidden("all different", _texts(rng, 5, KINDS)),
    ]


def _longer(rng: np.random.Generator) -> Sequence[Case]:
    """Return captions of which some hold others, or the same words in another order."""
    first, second, third = _texts(rng, 3, KINDS)
    colour, other = rng.permutation(np.array(COLOURS))[:2].tolist()
    pair = [
        f"a {colour} {KINDS[0]} and a {other} {KINDS[1]}",
        f"a {other} {KINDS[0]} and a {colour} {KINDS[1]}",
    ]
    return [
        hidden(
            "one caption goes on", _shuffled(rng, [first, f"{first} at sea", first, second])
        ),
        hidden("the same words, exchanged", _shuffled(rng, [*pair, pair[0], first, second])),
        hidden(
            "letters large and small",
            _shuffled(rng, [first, first.title(), first, second, second.upper(), third]),
        ),
        hidden(
            "spaces, and a full stop",
            _shuffled(rng, [first, f" {first}", first, second, f"{second}.", third]),
        ),
    ]


def _is_alike(table: Any, captions: Sequence[str], *, equal: bool) -> bool:
    """Return whether a row's own shares, or those of others, are all its first, or 0."""
    shares, same = np.asarray(table, dtype=float), equal_pairs(captions).numpy() == 1
    if not equal:
        return bool(np.allclose(shares[~same], 0, atol=1e-3))
    wanted = np.where(same, shares.diagonal()[:, None], shares)
    return bool(np.allclose(shares, wanted, atol=1e-3))


MULTI_POSITIVE_TARGETS = Question(
    number="05.2",
    function="multi_positive_targets",
    reference=multi_positive_targets,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="equal captions share", points=2, cases=_repeated),
        Property(name="others, however alike, do not", points=1, cases=_longer),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="others",
            message="A text got a share in the row of a caption that differs from it. Captions "
            "are compared as they are: equal is what == says.",
            holds=lambda run, captions: _is_alike(run(captions), captions, equal=False),
        ),
        Invariance(
            name="equals",
            message="Equal captions must get equal shares of a row; yours do not.",
            holds=lambda run, captions: _is_alike(run(captions), captions, equal=True),
        ),
        sums_to("Each row must add up to 1; one of yours does not."),
    ),
    left_out="Comparing pictures instead of captions (compared-images): no pictures are given.",
)
