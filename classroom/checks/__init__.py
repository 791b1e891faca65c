"""The exercises' checks: what a learner's notebook imports, and what a grader is handed.

One module an exercise, `exNN_name`, found by its number and imported when it is first asked
for. Leaves out marks that count: `grading` gives those, and imports none of this.
"""

import importlib
import pkgutil
import sys

from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.checks.question import Exercise, Question
from classroom.colours import painted

EXERCISES: tuple[Exercise, ...]
"""All exercises, in order; importing the name imports them."""


def check(number: str, answer: object) -> None:
    """Print how an answer does on a question's cases, and what is wrong with it, if anything.

    Args:
        number: the question's, such as "02.1".
        answer: the function or class itself, not called.

    Raises:
        ValueError: there is no such question.
    """
    question = find(number)
    if not callable(answer):
        print(  # noqa: T201 - it is what a check is for
            f"{number} {question.function}: expected {question.function} itself, not called; "
            f'got {type(answer).__name__}. Write check("{number}", {question.function})'
        )
        return
    verdict = judge(question, answer)
    text = painted(feedback(verdict), verdict.state, sys.stdout)
    print(text)  # noqa: T201


def find(number: str) -> Question:
    """Return the question of this number; raise ValueError where there is none."""
    known = [question for each in _matching(number[:2]) for question in each.questions]
    for question in known:
        if question.number == number:
            return question
    expected = ", ".join(question.number for question in known) or "such as 02.1"
    raise ValueError(f"check: expected the number of a question ({expected}); got {number!r}.")


def exercise(number: str) -> Exercise:
    """Return the exercise of a lesson, such as "02"; raise ValueError where there is none."""
    found = _matching(number)
    if not found:
        raise ValueError(f"exercise: expected a lesson's number, such as 02; got {number!r}.")
    return found[0]


def numbers() -> list[str]:
    """Return the lessons that have an exercise, without importing any."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [name[2:4] for name in names if name[:2] == "ex" and name[2:4].isdecimal()]


def __getattr__(name: str) -> tuple[Exercise, ...]:
    if name != "EXERCISES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(exercise(number) for number in numbers())


def _matching(number: str) -> list[Exercise]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    chosen = [name for name in names if number and name.startswith(f"ex{number}_")]
    return [importlib.import_module(f"{__name__}.{name}").EXERCISE for name in chosen]
