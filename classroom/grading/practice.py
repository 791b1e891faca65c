"""What the check in the notebook says, said by the grader: the same cases, the same judge.

Its cases are known to everybody, so a student may be told all of it. It comes before any case
that counts, and takes nothing from the time or the starts that those have. Leaves out remarks
(they need the function itself), and what takes too long.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from classroom.checks.calls import Outcome
from classroom.checks.cases import practice
from classroom.checks.diagnosis import Diagnosis, diagnose
from classroom.checks.feedback import said
from classroom.checks.judge import Verdict, judge_by
from classroom.grading.asking import Asker, MissingError, our_fault
from classroom.grading.attempt import Attempt, SpentError
from classroom.grading.faults import StoppedError

SLOW = 5.0
"""Seconds of one call, after which a question's practice ends."""
SECONDS = 20.0
"""Seconds of all questions' practice, after which no more is begun."""


@dataclass(frozen=True, kw_only=True)
class Practice:
    """What a question's check says, and the name of the mistake that it tells."""

    feedback: str = ""
    diagnosis: str = ""


def practise(askers: Sequence[Asker], attempt: Attempt) -> list[Practice]:
    """Return what the check says of each question; nothing where its cases took too long."""
    clock = _Clock()
    return [_practised(asker, attempt, clock) for asker in askers]


class _EnoughError(Exception):
    """The check of a question takes too long to be said again."""


@dataclass
class _Clock:
    spent: float = 0.0
    """Seconds of all calls so far."""
    ended: set[str] = field(default_factory=set)
    """The numbers of the questions whose functions are not called again."""


def _practised(asker: Asker, attempt: Attempt, clock: _Clock) -> Practice:
    question = asker.question
    name = f"{question.number} {question.function}"

    def ask(arguments: tuple[object, ...]) -> Outcome:
        if question.number in clock.ended or clock.spent > SECONDS:
            raise _EnoughError
        began = time.monotonic()
        try:
            outcome = asker.practised(arguments)
        except StoppedError:
            clock.ended.add(question.number)
            raise
        finally:
            seconds = time.monotonic() - began
            clock.spent += seconds
        if seconds > SLOW:
            clock.ended.add(question.number)
        return outcome

    try:
        verdict = judge_by(practice(question), ask)
    except MissingError:
        return Practice(feedback=f"{name}: {attempt.why_missing(question.function)}")
    except SpentError:
        clock.spent = SECONDS + 1  # there is nobody left to ask
        return Practice()
    except StoppedError as error:
        return Practice(feedback=f"{name}: it {error}.")
    except _EnoughError:
        return Practice()
    except Exception as error:
        raise our_fault(question, "practice", error) from error
    known = explained(verdict)
    return Practice(feedback=said(verdict, known), diagnosis=known.name if known else "")


def explained(verdict: Verdict, *, laws: bool = True) -> Diagnosis | None:
    """Return what is known about an answer; nothing where it is right, or cannot be told."""
    if verdict.passed or not verdict.attempted:
        return None
    try:
        return diagnose(verdict, laws=laws)
    except Exception:  # a value that no diagnosis thought of costs a name, never the run
        return None
