"""15.1: the loss of a text that nobody has aligned with its recording.

Leaves out batches and gradients: `mmcourse.speech` has them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex15_speech.ctc_answers import Steps, ctc_loss
from classroom.checks.ex15_speech.ctc_mistakes import MISTAKES
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Asked = tuple[np.ndarray, list[int]]
TOO_SMALL = 760
"""Nats: e to minus this is 0 in float64."""


_likeliest = Steps(**next(one.changes for one in MISTAKES if one.name == "max-for-sum"))  # type: ignore[arg-type]


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def _text(rng: np.random.Generator, length: int, units: int) -> list[int]:
    """Return letters of which no two neighbours are equal."""
    letters: list[int] = []
    while len(letters) < length:
        letter = int(rng.integers(1, units))
        if not letters or letter != letters[-1]:
            letters.append(letter)
    return letters


def _drawn(
    rng: np.random.Generator, steps: int, units: int, letters: list[int], sharp: float = 1.5
) -> Asked:
    return _log_softmax(sharp * rng.standard_normal((steps, units))), letters


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    half = np.log([[0.5, 0.5], [0.5, 0.5]])
    third = np.log(np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]]))
    return [
        shown("one letter in two steps", half, [1]),
        shown("two letters in three steps", third, [1, 2]),
        shown("the same letter twice, in three steps", third, [1, 1]),
        shown("the same letter twice, in two steps", half, [1, 1]),
        shown("silence", half, []),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two letters", *_drawn(rng, 5, 4, _text(rng, 2, 4))),
        hidden("three letters", *_drawn(rng, 7, 5, _text(rng, 3, 5))),
        hidden("as many steps as letters", *_drawn(rng, 4, 6, _text(rng, 4, 6))),
        hidden("as many units as steps", *_drawn(rng, 6, 6, _text(rng, 3, 6))),
    ]


def _repeated(rng: np.random.Generator) -> Sequence[Case]:
    one, other = _text(rng, 2, 5)
    return [
        hidden("twice the same", *_drawn(rng, 6, 5, [one, one])),
        hidden("twice the same behind another", *_drawn(rng, 8, 5, [other, one, one])),
        hidden("the same again, later", *_drawn(rng, 6, 5, [one, other, one])),
    ]


def _ends(rng: np.random.Generator) -> Sequence[Case]:
    one, *rest = _text(rng, 4, 5)
    return [
        hidden("no room for so many letters", *_drawn(rng, 3, 5, [one, *rest])),
        hidden("no room for the same twice", *_drawn(rng, 3, 4, [1, 1, 2])),
        hidden("silence", *_drawn(rng, 4, 5, [])),
        hidden("one step", *_drawn(rng, 1, 4, [int(rng.integers(1, 4))])),
    ]


def _long(rng: np.random.Generator) -> Sequence[Case]:
    while True:
        asked = _drawn(rng, 250, 9, _text(rng, 30, 9), sharp=6)
        if ctc_loss(*asked) > TOO_SMALL:
            few = _drawn(rng, 12, 4, _text(rng, 4, 4))
            return [hidden("12 steps, 17 million paths", *few), hidden("250 steps", *asked)]


def _renamed(run: Callable[..., Any], logprobs: np.ndarray, letters: list[int]) -> bool:
    turned = np.concatenate([logprobs[:, :1], logprobs[:, :0:-1]], axis=1)
    names = [logprobs.shape[1] - letter for letter in letters]
    return bool(np.isclose(run(logprobs, letters), run(turned, names)))


def _backwards(run: Callable[..., Any], logprobs: np.ndarray, letters: list[int]) -> bool:
    return bool(np.isclose(run(logprobs, letters), run(logprobs[::-1], letters[::-1])))


def _best_path(run: Callable[..., Any], logprobs: np.ndarray, letters: list[int]) -> bool:
    """Return whether the loss is not above that of the likeliest path alone."""
    return bool(run(logprobs, letters) <= _likeliest(logprobs, letters) + 1e-6)


CTC_LOSS = Question(
    number="15.1",
    function="ctc_loss",
    reference=ctc_loss,
    build=Steps,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="several letters", points=2, cases=_several),
        Property(name="the same letter again", points=1, cases=_repeated),
        Property(name="no room, no letters", points=1, cases=_ends),
        Property(name="long recordings", points=1, cases=_long),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="infinite",
            message="Your loss is infinite, or no number, where the text has room. Where paths "
            "meet, add probabilities: np.logaddexp of their logarithms.",
            holds=lambda run, logprobs, letters: bool(
                np.isfinite(run(logprobs, letters)) or np.isinf(ctc_loss(logprobs, letters))
            ),
        ),
        Invariance(
            name="best-path",
            message="Your loss is larger than that of the text's likeliest path alone: paths "
            "are missing, shares are multiplied where they are to be added, or unit 0 is not "
            "your blank.",
            holds=_best_path,
        ),
        Invariance(
            name="backwards",
            message="The same letters backwards, in a recording played backwards, must have "
            "the same loss; with yours they have not. Look at the places where paths may "
            "begin and end.",
            holds=_backwards,
        ),
        Invariance(
            name="renamed",
            message="It must not matter which letter is which; with yours it does.",
            holds=_renamed,
        ),
    ),
)
