"""Call an answer, in this process, and keep what it came to as data.

Every call gets arguments of its own, so that an answer which changes them fools nobody. What
it prints is kept, what it warns of is dropped; one that does not end is stopped. Leaves out
judging.
"""

import copy
import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from classroom.checks.blame import Raised, raised
from classroom.checks.patience import STOPPED, within
from classroom.checks.question import Answer, Case, Question
from classroom.comparison import FormError, differs, plain

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

    @property
    def stopped(self) -> bool:
        """Whether the call took too long."""
        return self.error is not None and self.error.text == STOPPED


Ask = Callable[[tuple[object, ...]], Outcome]
"""Calls an answer, wherever it is, with copies of the arguments."""


def call(question: Question, answer: Answer, arguments: tuple[object, ...]) -> Outcome:
    """Return what an answer makes of copies of the arguments."""
    copies, printed = copied(arguments), io.StringIO()
    with redirect_stdout(printed), within():
        outcome = _came_to(question, answer, copies, arguments)
    told = printed.getvalue()[-MOST_PRINTED:]
    return replace(outcome, printed=told, changed=_changed(arguments, copies))


def known(question: Question, answer: Answer, arguments: tuple[object, ...]) -> Outcome:
    """Return what an answer of our own, a mistake, makes of copies of the arguments.

    Nothing is heard of what it prints, so that this can be done in several threads.
    """
    return _came_to(question, answer, copied(arguments), arguments)


def copied(value: Any) -> Any:
    """Return a deep copy in which every text is an object of its own, as where it crosses.

    >>> first, second = copied(["a cat", "a cat"][:1] * 2)
    >>> first == second, first is second
    (True, False)
    """
    if isinstance(value, str):
        return "".join(list(value))
    if type(value) in (list, tuple):
        return type(value)(copied(one) for one in value)
    return copy.deepcopy(value)


def outcome_of(question: Question, value: Any, arguments: tuple[object, ...]) -> Outcome:
    """Return the outcome of a call that returned a plain value."""
    return Outcome(measured(question, value, arguments), returned=value)


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
