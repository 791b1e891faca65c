"""Mistakes that are told whatever a question asks, and only where they are made."""

from dataclasses import replace

import numpy as np
import pytest
from doubling import QUESTION, doubled, say

from classroom.checks.diagnosis import diagnose
from classroom.checks.judge import judge
from classroom.checks.question import Property, hidden
from classroom.grading.worker.harness import rebuild


def three(rng):
    return [hidden(f"{rows} rows", rng.standard_normal((rows, 5))) for rows in (3, 4, 7)]


ANY = replace(
    QUESTION,
    mistakes=(),
    properties=(*QUESTION.properties, Property(name="three", points=1, cases=three)),
)
SUMS = replace(ANY, reference=lambda x: x.sum(axis=1))
TOTAL = replace(ANY, reference=lambda x: float(x.sum()))


def named(question, answer):
    found = diagnose(judge(question, answer))
    return found.name if found else None


def prints(x):
    print(2 * x)  # noqa: T201 - the learner's


@pytest.mark.parametrize(
    ("name", "question", "answer"),
    [
        ("no-return", ANY, lambda x: None),
        ("no-return", ANY, prints),
        ("not-called", ANY, lambda x: doubled),
        ("not-called", ANY, lambda x: x.sum),
        ("not-called", TOTAL, lambda x: float),
        ("generator", ANY, lambda x: (2 * row for row in x)),
        ("text", TOTAL, lambda x: str(x.sum())),
        ("in-a-list", ANY, lambda x: (2 * x,)),
        ("in-a-list", TOTAL, lambda x: [x.sum()]),
        ("among-others", ANY, lambda x: (x, 2 * x)),
        ("turned", ANY, lambda x: (2 * x).T),
        ("other-shape", SUMS, lambda x: x.sum(axis=1, keepdims=True)),
        ("other-shape", ANY, lambda x: (2 * x).ravel()),
        ("rescaled", ANY, lambda x: -2 * x),
        ("rescaled", SUMS, lambda x: 100 * x.sum(axis=1)),
        ("rounded", ANY, lambda x: (2 * x).round(2)),
        ("constant", TOTAL, lambda x: 3.25),
    ],
)
def test_a_common_mistake_is_named(name, question, answer):
    assert named(question, answer) == name


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (ANY, lambda x: None if len(x) == 2 else 3 * x),
        (ANY, lambda x: 1 / 0),
        (ANY, lambda x: (3 * x, x)),
        (ANY, np.zeros_like),
        (TOTAL, lambda x: x.sum() + 1),
        (TOTAL, lambda x: x.sum() ** 2),
        (TOTAL, lambda x: np.nan * x.sum() if len(x) == 2 else x.sum()),
        (SUMS, lambda x: x.sum(axis=0)),
    ],
)
def test_no_common_mistake_is_named_where_none_is_made(question, answer):
    assert named(question, answer) is None


def test_a_question_that_expects_none_hears_of_no_forgotten_return():
    question = replace(ANY, reference=lambda x: None)
    assert named(question, lambda x: None) is None
    assert named(question, doubled) is None


def test_who_prints_instead_of_returning_is_told_so():
    assert "(None). End it with `return` and the value. print shows a value" in " ".join(
        say(prints, ANY).split()
    )


def test_a_method_without_return_is_told_where_the_check_meets_its_none():
    class Forgets:
        def scaled(self, x):
            2 * x

    class Fails:
        def scaled(self, x):
            return None + x

    source = "def harness(answer, x): return answer().scaled(x) + 0"
    harness = rebuild("harness", source)  # in no file, so no line of it is the learner's
    question = replace(ANY, harness=harness, reference=Doubler)
    assert named(question, Forgets) == "no-return"
    assert named(question, Fails) is None, "their own line says it"


class Doubler:
    def scaled(self, x):
        return 2 * x


ANYTHING = [
    None,
    True,
    3,
    10**30,
    2.5,
    float("nan"),
    1 + 2j,
    "a",
    "",
    [],
    [1, "a"],
    [[1.0], []],
    {},
    {"a": 1},
    {"a": np.zeros(2)},
    np.zeros((2, 0)),
    np.array([1, 2]),
    np.array([[True, False]]),
    np.array([np.nan, np.inf, -np.inf]),
    np.array([1 + 1j]),
    np.array(7),
    np.full((3, 9), 1e300),
    np.zeros((1,) * 9),
]


@pytest.mark.parametrize("right", ANYTHING, ids=repr)
def test_whatever_is_right_and_whatever_is_given_there_is_feedback(right):
    for given in ANYTHING:
        question = replace(ANY, reference=lambda x: right, mistakes=QUESTION.mistakes)
        assert say(lambda x, given=given: given, question).startswith("99.1 doubled: ")
        question = replace(
            question, measure=lambda outcome, x: [outcome, type(outcome).__name__]
        )
        assert say(lambda x, given=given: given, question).startswith("99.1 doubled: ")


def test_a_questions_own_mistake_is_told_first():
    assert named(QUESTION, lambda x: x * x) == "squared"
    assert named(replace(ANY, mistakes=QUESTION.mistakes), lambda x: -2 * x) == "rescaled"
