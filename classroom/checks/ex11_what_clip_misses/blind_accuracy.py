"""11.4: how often a model that sees no picture prefers the true caption.

The model is a table: what a text is worth by itself, and what each number of a picture adds.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex11_what_clip_misses.blind_answers import (
    MISTAKES,
    Questions,
    black,
    build,
    following,
    picture,
)
from classroom.checks.invariances import within
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

blind_accuracy = build()
"""The share of questions answered rightly without the picture, ties counting half."""

SEEING = [build(true_seen=seen, false_seen=seen) for seen in (picture, black, following)]
"""Answers that show the model something."""


def harness(
    answer: "Answer", questions: "list[Any]", texts: "list[str]", table: "Any"
) -> "Any":
    """Return what an answer says of a model that is given as a table, a row a text.

    A row holds what the text is worth alone, what any picture adds, and how much it gains by
    each number of the picture.
    """

    def score(picture: "Any", text: str) -> float:
        row = table[texts.index(text)]
        return float(row[0]) if picture is None else float(row[0] + row[1] + row[2:] @ picture)

    return answer([tuple(one) for one in questions], score)


def _model(rng: np.random.Generator, count: int, values: int) -> tuple[list[str], np.ndarray]:
    """Return texts, and a table whose first column has so many values."""
    texts = [f"caption {number}" for number in rng.permutation(100)[:count].tolist()]
    table = rng.integers(-32, 33, (count, 5)) / 8.0
    table[:, 0] = rng.permutation(count) % values
    return texts, table


def _drawn(rng: np.random.Generator, count: int, values: int = 99) -> tuple[Any, ...]:
    """Return questions and a model that is right more or less often as soon as it is shown any.

    With few values, some captions tie without their picture.
    """
    while True:
        texts, table = _model(rng, 2 * count, values)
        true, false = texts[:count], texts[count:]
        pictures = rng.integers(-16, 17, (count, 3)) / 4.0
        questions = list(zip(list(pictures), true, false, strict=True))
        blind = harness(blind_accuracy, questions, texts, table)
        if blind in (0, 0.5, 1):
            continue
        if all(harness(seeing, questions, texts, table) != blind for seeing in SEEING):
            return questions, texts, table


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    texts = ["a dog on a sofa", "a sofa on a dog", "a cat"]
    table = np.array([[3.0, 1.0, 1.0, 0.0], [1.0, 4.0, 0.0, 1.0], [1.0, 2.0, -1.0, 0.0]])
    first, second = np.array([1.0, 0.0]), np.array([0.0, 2.0])
    once = [(first, texts[0], texts[1])]
    return [
        shown("words alone tell", once, texts, table),
        shown("asked both ways", [*once, (second, texts[1], texts[0])], texts, table),
        shown("words alone tie", [(second, texts[1], texts[2])], texts, table),
    ]


def _blind(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden(f"{count} questions", *_drawn(rng, count)) for count in (13, 17, 11)]


def _ties(rng: np.random.Generator) -> Sequence[Case]:
    questions, texts, table = _drawn(rng, 7)
    twins = [(-picture, false, true) for picture, true, false in questions]
    return [
        hidden("some tie", *_drawn(rng, 15, 4)),
        hidden("more tie", *_drawn(rng, 13, 3)),
        hidden("every caption true once and false once", [*questions, *twins], texts, table),
    ]


def _unmoved(run: Callable[..., Any], questions: Questions, *model: Any) -> bool:
    turned = [(-2 * picture[::-1], true, false) for picture, true, false in questions]
    return bool(np.isclose(run(questions, *model), run(turned, *model)))


BLIND_ACCURACY = Question(
    number="11.4",
    function="blind_accuracy",
    reference=blind_accuracy,
    harness=harness,
    told="It makes a model out of the table, as score(picture, text), and calls "
    "blind_accuracy(questions, score).",
    build=build,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="without the picture", points=2, cases=_blind),
        Property(name="a tie counts half", points=1, cases=_ties),
    ),
    mistakes=MISTAKES,
    invariances=(
        within("A share lies between 0 and 1; yours does not.", 0, 1),
        Invariance(
            name="unmoved",
            message="Other pictures must change nothing: nobody is to look at them.",
            holds=_unmoved,
        ),
    ),
)
