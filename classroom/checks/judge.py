"""Try an answer on a question's cases, in this process, beside the reference.

Every call gets arguments of its own, so that an answer which changes them fools nobody. What
it prints is kept, what it warns of is dropped. This is for a learner's own notebook: marks
are given by `grading`, where an answer never shares a process with the reference.
"""

import copy
import io
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

from classroom.checks.question import Answer, Case, Property, Question
from classroom.comparison import Difference, differs, plain

PRACTICE = 0
"""The seed of the cases that learners see. Graders draw with seeds of their own."""


UNMEASURED = "something of another form"
"""Stands for an outcome that a question's measure cannot be taken of."""


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a plain value, or the error that it raised."""

    value: Any = None
    error: BaseException | None = None
    printed: str = ""
    changed: bool = False
    """Whether an argument was changed."""


@dataclass(frozen=True)
class Trial:
    """One case, tried."""

    tries: Property
    case: Case
    expected: Any
    outcome: Outcome
    difference: Difference | None

    @property
    def passed(self) -> bool:
        """Whether the answer was right here."""
        return self.outcome.error is None and self.difference is None

    @property
    def size(self) -> int:
        """How many numbers the arguments hold."""
        return _size(self.case.arguments)


@dataclass(frozen=True)
class Verdict:
    """A question's cases, tried on one answer."""

    question: Question
    answer: Answer
    trials: tuple[Trial, ...]
    attempted: bool = True

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return self.attempted and all(trial.passed for trial in self.trials)

    @property
    def failures(self) -> list[Trial]:
        """The cases that failed, the smallest first."""
        return sorted((one for one in self.trials if not one.passed), key=lambda one: one.size)

    @property
    def points(self) -> float:
        """The sum over the properties of which every case passed."""
        lost = {trial.tries.name for trial in self.failures}
        if not self.attempted:
            return 0
        return sum(one.points for one in self.question.properties if one.name not in lost)


def judge(question: Question, answer: Answer, seed: int = PRACTICE) -> Verdict:
    """Return how an answer does on all cases that `seed` draws.

    An answer is not attempted where the first case meets NotImplementedError.
    """
    trials: list[Trial] = []
    for each, case in question.draw(seed):
        trial = _try(question, answer, each, case)
        trials.append(trial)
        if len(trials) == 1 and isinstance(trial.outcome.error, NotImplementedError):
            return Verdict(question, answer, tuple(trials), attempted=False)
    return Verdict(question, answer, tuple(trials))


def call(question: Question, answer: Answer, arguments: tuple[object, ...]) -> Outcome:
    """Return what an answer makes of copies of the arguments."""
    copies = copy.deepcopy(arguments)
    printed = io.StringIO()
    try:
        with redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if question.harness is None:
                value = plain(answer(*copies))
            else:
                value = plain(question.harness(answer, *copies))
    except (Exception, SystemExit) as error:  # whatever a learner's code may raise
        return Outcome(error=error, printed=printed.getvalue())
    value = measured(question, value, arguments)
    return Outcome(value, printed=printed.getvalue(), changed=_changed(arguments, copies))


def measured(question: Question, value: Any, arguments: tuple[object, ...]) -> Any:
    """Return what a question compares of a plain outcome, or a word where it has no measure."""
    if question.measure is None:
        return value
    try:
        return plain(question.measure(value, *copy.deepcopy(arguments)))
    except Exception:  # an outcome may have any form; the expected one is always measured
        return UNMEASURED


def _try(question: Question, answer: Answer, each: Property, case: Case) -> Trial:
    right = call(question, question.reference, case.arguments)
    if right.error is not None:  # our own fault, said as one
        raise right.error
    if isinstance(right.value, str) and right.value == UNMEASURED:
        raise ValueError(f"{question.number}: no measure of the reference in {case.label!r}.")
    outcome = call(question, answer, case.arguments)
    difference = None
    if outcome.error is None:
        difference = differs(right.value, outcome.value, question.rtol, question.atol)
    return Trial(each, case, right.value, outcome, difference)


def _changed(before: object, after: object) -> bool:
    try:
        return differs(plain(before), plain(after), 0, 0) is not None
    except TypeError:  # an argument that has no plain form is not watched
        return False


def _size(value: object) -> int:
    if isinstance(value, list | tuple):
        return sum(_size(part) for part in value)
    if isinstance(value, str):
        return len(value)
    return int(np.prod(value.shape)) if hasattr(value, "shape") else 1
