"""A question to try the checks on: an answer doubles an array."""

import numpy as np

from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.checks.question import Case, Mistake, Property, Question

FIXED = np.array([[3.0, 1.0], [2.0, 5.0]])


def doubled(x):
    return 2 * x


def cases(rng):
    return [Case(label="drawn", arguments=(rng.standard_normal((3, 5)),))]


QUESTION = Question(
    number="99.1",
    function="doubled",
    reference=doubled,
    rtol=0,
    atol=1e-9,
    properties=(
        Property(
            name="by hand",
            points=0,
            cases=lambda _: [Case(label="two rows", arguments=(FIXED,), visible=True)],
        ),
        Property(name="drawn", points=2, cases=cases),
    ),
    mistakes=(Mistake(name="squared", message="You squared it.", answer=lambda x: x * x),),
)


def say(answer, question=QUESTION):
    return feedback(judge(question, answer))
