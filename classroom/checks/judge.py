"""Try an answer on a question's cases, in this process, beside the reference.

Every call gets arguments of its own, so that an answer which changes them fools nobody. What
it prints is kept, what it warns of is dropped. This is for a learner's own notebook: marks
are given by `grading`, where an answer never shares a process with the reference.
"""

import copy
import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from classroom.checks.blame import Raised, raised
from classroom.checks.question import Answer, Case, Property, Question
from classroom.comparison import Difference, FormError, differs, plain

PRACTICE = 0
"""The seed of the cases that learners see. Graders draw with seeds of their own."""

UNMEASURED = "something of another form"
"""Stands for an outcome that a question's measure cannot be taken of."""

ONE_AT_A_TIME = threading.RLock()
"""Who drops warnings does so for every thread."""

MOST_PRINTED = 20_000
"""Characters kept of what a call prints: the last ones."""


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a plain value, or the error that it raised."""

    value: Any = None
    """What is compared: what was returned, or the question's measure of it."""
    error: Raised | None = None
    printed: str = ""
    changed: bool = False
    """Whether an argument was changed."""
    returned: Any = None
    """What the answer returned, made plain."""
    form: str = ""
    """The kind of what was returned, where an answer is nothing of this kind."""


Ask = Callable[[tuple[object, ...]], Outcome]
"""Calls an answer, wherever it is, with copies of the arguments."""


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
    trials: tuple[Trial, ...]
    ask: Ask
    attempted: bool = True
    answer: Answer | None = None
    """The answer itself, where it is in this process."""

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
    verdict = judge_by(question, partial(call, question, answer), seed)
    return replace(verdict, answer=answer)


def judge_by(question: Question, ask: Ask, seed: int = PRACTICE) -> Verdict:
    """Return how the answer that `ask` calls does on all cases that `seed` draws."""
    trials: list[Trial] = []
    for each, case in question.draw(seed):
        trial = tried(question, each, case, ask(case.arguments))
        trials.append(trial)
        if len(trials) == 1 and trial.outcome.error and trial.outcome.error.stub:
            return Verdict(question, tuple(trials), ask, attempted=False)
    return Verdict(question, tuple(trials), ask)


def call(question: Question, answer: Answer, arguments: tuple[object, ...]) -> Outcome:
    """Return what an answer makes of copies of the arguments."""
    copies, printed = copy.deepcopy(arguments), io.StringIO()
    with redirect_stdout(printed):
        outcome = _came_to(question, answer, copies, arguments)
    told = printed.getvalue()[-MOST_PRINTED:]
    return replace(outcome, printed=told, changed=_changed(arguments, copies))


def known(question: Question, answer: Answer, arguments: tuple[object, ...]) -> Outcome:
    """Return what an answer of our own, a mistake, makes of copies of the arguments.

    Nothing is heard of what it prints, so that this can be done in several threads.
    """
    return _came_to(question, answer, copy.deepcopy(arguments), arguments)


def outcome_of(
    question: Question,
    value: Any,
    arguments: tuple[object, ...],
    *,
    printed: str = "",
    changed: bool = False,
) -> Outcome:
    """Return the outcome of a call that returned a plain value."""
    compared = measured(question, value, arguments)
    return Outcome(compared, printed=printed, changed=changed, returned=value)


def measured(question: Question, value: Any, arguments: tuple[object, ...]) -> Any:
    """Return what a question compares of a plain outcome, or a word where it has no measure."""
    if question.measure is None:
        return value
    try:
        with np.errstate(all="ignore"):  # an answer may hold any number
            return plain(question.measure(value, *copy.deepcopy(arguments)))
    except Exception:  # an outcome may have any form; the expected one is always measured
        return UNMEASURED


def expected(question: Question, case: Case) -> Any:
    """Return what is right; an error in it is our own fault, and raised as one."""
    with _apart():
        value = plain(_used(question, question.reference, copy.deepcopy(case.arguments)))
    value = measured(question, value, case.arguments)
    if isinstance(value, str) and value == UNMEASURED:
        raise ValueError(f"{question.number}: no measure of the reference in {case.label!r}.")
    return value


def tried(question: Question, each: Property, case: Case, outcome: Outcome) -> Trial:
    """Return a case with what an answer made of it, compared with what is right."""
    right, difference = expected(question, case), None
    if outcome.error is None:
        difference = _difference(question, right, outcome.value)
    return Trial(each, case, right, outcome, difference)


def _difference(question: Question, right: Any, value: Any) -> Difference | None:
    try:
        return differs(right, value, question.rtol, question.atol)
    except Exception as error:  # a value that nobody thought of is wrong, and stops nothing
        kind = type(error).__name__
        return Difference("type", f"the value cannot be compared ({kind})")


def _came_to(
    question: Question,
    answer: Answer,
    copies: tuple[object, ...],
    arguments: tuple[object, ...],
) -> Outcome:
    try:
        with _apart():
            value = plain(_used(question, answer, copies))
    except KeyboardInterrupt:  # the learner's, who waits no longer
        raise
    except BaseException as error:  # whatever a learner's code may raise
        form = error.form if isinstance(error, FormError) else ""
        return Outcome(error=raised(error), form=form)
    return outcome_of(question, value, arguments)


def _used(question: Question, answer: Answer, arguments: tuple[object, ...]) -> Any:
    if question.harness is None:
        return answer(*arguments)
    return question.harness(answer, *arguments)


@contextmanager
def _apart() -> Iterator[None]:
    """Drop warnings, and let no setting of numpy's outlive a call."""
    with ONE_AT_A_TIME, warnings.catch_warnings(), np.errstate(), np.printoptions():
        warnings.simplefilter("ignore")
        yield


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
