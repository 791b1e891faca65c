"""Try an answer on a question's cases, beside the reference.

This is for a learner's own notebook, where answer and reference share a process; `grading`
asks an answer over a line, and lets the same judge decide. Leaves out why an answer is wrong.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from classroom.checks.calls import Ask, Outcome, call
from classroom.checks.cases import PRACTICE, Cases
from classroom.checks.question import Answer, Case, Property, Question
from classroom.comparison import Difference, differs


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

    cases: Cases
    trials: tuple[Trial, ...]
    ask: Ask
    attempted: bool = True
    answer: Answer | None = None
    """The answer itself, where it is in this process."""

    @property
    def question(self) -> Question:
        """The question that the cases belong to."""
        return self.cases.question

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return self.attempted and all(trial.passed for trial in self.trials)

    @property
    def state(self) -> str:
        """One word: "passed", "failed" or "not attempted"."""
        return "passed" if self.passed else "failed" if self.attempted else "not attempted"

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

    An answer is not attempted where the first case meets the stub's own error.
    """
    return judge_in(Cases(question, seed), answer)


def judge_in(cases: Cases, answer: Answer) -> Verdict:
    """Return how an answer does on some cases."""
    return replace(judge_by(cases, partial(call, cases.question, answer)), answer=answer)


def judge_by(cases: Cases, ask: Ask) -> Verdict:
    """Return how the answer that `ask` calls does on some cases.

    One that was stopped is not called again: all further cases end as that one did.
    """
    trials: list[Trial] = []
    for each, case in cases.drawn:
        stopped = trials and trials[-1].outcome.stopped
        outcome = trials[-1].outcome if stopped else ask(case.arguments)
        trial = tried(cases, each, case, outcome)
        trials.append(trial)
        if len(trials) == 1 and trial.outcome.error and trial.outcome.error.stub:
            return Verdict(cases, tuple(trials), ask, attempted=False)
    return Verdict(cases, tuple(trials), ask)


def tried(cases: Cases, each: Property, case: Case, outcome: Outcome) -> Trial:
    """Return a case with what an answer made of it, compared with what is right."""
    right, difference = cases.right(case), None
    if outcome.error is None:
        difference = _difference(cases.question, right, outcome.value)
    return Trial(each, case, right, outcome, difference)


def _difference(question: Question, right: Any, value: Any) -> Difference | None:
    try:
        return differs(right, value, question.rtol, question.atol)
    except Exception as error:  # a value that nobody thought of is wrong, and stops nothing
        kind = type(error).__name__
        return Difference("type", f"the value cannot be compared ({kind})")


def _size(value: object) -> int:
    if isinstance(value, list | tuple):
        return sum(_size(part) for part in value)
    if isinstance(value, str):
        return len(value)
    return int(np.prod(value.shape)) if hasattr(value, "shape") else 1
