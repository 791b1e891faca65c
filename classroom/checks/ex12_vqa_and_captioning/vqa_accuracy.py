"""12.4: how right one answer is, when ten people were asked.

Leaves out bringing answers to one spelling, and the mean over many questions.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex12_vqa_and_captioning.agreement_answers import MISTAKES, build
from classroom.checks.invariances import within
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

WORDS = (
    *("red", "blue", "green", "grey", "yes", "no", "cat", "dog", "car", "boat", "1", "2"),
    *("left", "right", "beach", "meadow"),
)
LONGER = {
    "red": "dark red",
    "blue": "light blue",
    "green": "greenish",
    "grey": "greyhound",
    "yes": "yes, it is",
    "no": "none",
    "cat": "two cats",
    "dog": "hotdog",
    "car": "cart",
    "boat": "a boat",
    "1": "12",
    "2": "22",
    "left": "to the left",
    "right": "bright",
    "beach": "at the beach",
    "meadow": "meadows",
}
"""Another answer that holds the word."""


def _drawn(
    rng: np.random.Generator, agree: int, others: Sequence[int], *, longer: int = 0
) -> tuple[list[str], str]:
    """Return ten answers in any order, and a prediction that so many of them are.

    The others agree among themselves, so many each; `longer` of the rest hold the word.
    """
    said, *rest = (str(word) for word in rng.permutation(WORDS))
    answers = [said] * agree + [LONGER[said]] * longer
    for word, count in zip(rest, others, strict=False):
        answers += [word] * count
    assert len(answers) == 10
    return [str(one) for one in rng.permutation(answers)], said


def _one_of(
    rng: np.random.Generator, said: str, others: Sequence[str]
) -> tuple[list[str], str]:
    """Return ten answers in any order, of which one, and no other, is `said`."""
    answers = [said, *others, "blue", "green"]
    return [str(one) for one in rng.permutation(answers)], said


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("all agree", ["cat"] * 10, "cat"),
        shown("four of ten", ["red"] * 4 + ["orange"] * 6, "red"),
        shown("three of ten", ["red"] * 3 + ["orange"] * 7, "red"),
        shown("two of ten", ["two"] * 2 + ["three"] * 8, "two"),
        shown("nobody", ["yes"] * 9 + ["not sure"], "no"),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one agrees", *_drawn(rng, 1, (2, 3, 4))),
        hidden("two agree, as do all others", *_drawn(rng, 2, (8,))),
        hidden("three agree, and four", *_drawn(rng, 3, (4, 2, 1))),
        hidden("nobody agrees", *_drawn(rng, 0, (5, 3, 1, 1))),
    ]


def _many(rng: np.random.Generator) -> Sequence[Case]:
    most = int(rng.integers(7, 10))
    return [
        hidden("four agree, and six", *_drawn(rng, 4, (6,))),
        hidden("five agree, and five", *_drawn(rng, 5, (5,))),
        hidden("most agree", *_drawn(rng, most, (10 - most,))),
        hidden("three agree, nobody else", *_drawn(rng, 3, (1,) * 7)),
        hidden("two agree, nobody else", *_drawn(rng, 2, (1,) * 8)),
        hidden("nobody agrees", *_drawn(rng, 0, (4, 6))),
    ]


def _whole(rng: np.random.Generator) -> Sequence[Case]:
    alike = ["dark red", "dark red", "red dark", "red wine", "wine red", "Red", "reddish"]
    more = ["red", "red", "red", "dark", "dark", "red dark", "Dark red"]
    return [
        hidden("one agrees, seven are like it", *_one_of(rng, "red", alike)),
        hidden("one agrees, the others say less", *_one_of(rng, "dark red", more)),
        hidden("one agrees, six hold the word", *_drawn(rng, 1, (3,), longer=6)),
        hidden("three agree, two hold the word", *_drawn(rng, 3, (5,), longer=2)),
        hidden("nobody agrees, four hold the word", *_drawn(rng, 0, (6,), longer=4)),
        hidden("eight agree, two hold the word", *_drawn(rng, 8, (), longer=2)),
    ]


def _any_order(run: Callable[..., Any], answers: list[str], prediction: str) -> bool:
    turned = [*answers[3:][::-1], *answers[:3]]
    return bool(np.isclose(run(answers, prediction), run(turned, prediction)))


VQA_ACCURACY = Question(
    number="12.4",
    function="vqa_accuracy",
    reference=build(),
    build=build,
    rtol=1e-6,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="few who agree count in part", points=2, cases=_few),
        Property(name="four who agree are enough", points=1, cases=_many),
        Property(name="whole answers alone", points=1, cases=_whole),
    ),
    mistakes=MISTAKES,
    invariances=(
        within("The score lies between 0 and 1; yours does not.", 0, 1),
        Invariance(
            name="any-order",
            message="The order in which people answered must change nothing.",
            holds=_any_order,
        ),
    ),
)
