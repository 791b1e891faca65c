"""Grade one submission: call its functions on fresh inputs, and compare outside the sandbox.

The inputs come from the run's seed and the student's name, so that no two students see the
same and a run can be repeated. What a hidden case saw or said stays with the instructor.
"""

import copy
import hashlib
import inspect
import textwrap
from collections.abc import Sequence

import numpy as np

from classroom.comparison import differs, plain
from classroom.grading.attempt import Attempt, SpentError, text_of
from classroom.grading.exercise import Case, Exercise, Property, Question
from classroom.grading.faults import BrokenError, StoppedError
from classroom.grading.limits import MOST_REASON
from classroom.grading.results import CaseResult, PropertyResult, QuestionResult
from classroom.grading.worker.harness import rebuild

DEATHS = 2
"""So often may a function end the process before it is not called again."""


def grade_questions(
    exercise: Exercise, attempt: Attempt, *, seed: int, student: str
) -> tuple[QuestionResult, ...]:
    """Return the result of each question of an exercise.

    Visible cases come first, all of them: what a student is told about them later cannot
    carry anything that a hidden case has shown to the student's code.

    Raises:
        BrokenError: if a check itself fails; nothing that a student does leads to it.
    """
    asked, answered = [], []
    for question in exercise.questions:
        caller = _Caller(question, attempt)
        tried: list[tuple[Property, list[CaseResult]]] = []
        for prop in question.properties:
            rng = generator(seed, student, exercise.name, question.number, prop.name)
            cases: list[CaseResult] = []
            tried.append((prop, cases))
            asked += [(caller, case, cases) for case in drawn(question, prop, rng)]
        answered.append((question, tried))
    for caller, case, cases in sorted(asked, key=lambda one: not one[1].visible):
        cases.append(caller.case(case))
    return tuple(
        QuestionResult(
            number=question.number,
            function=question.function,
            properties=tuple(_judged(prop, cases) for prop, cases in tried),
        )
        for question, tried in answered
    )


def _judged(prop: Property, cases: Sequence[CaseResult]) -> PropertyResult:
    full = bool(cases) and all(case.status == "passed" for case in cases)
    points = prop.points if full else 0.0
    return PropertyResult(
        name=prop.name, points=points, maximum=prop.points, cases=tuple(cases)
    )


def try_references(exercise: Exercise, seed: int) -> None:
    """Answer every case once with the reference, before any student is graded.

    Raises:
        BrokenError: if one of them fails.
    """
    for question in exercise.questions:
        for prop in question.properties:
            for case in drawn(question, prop, generator(seed, "", question.number, prop.name)):
                expected(question, case)


def generator(seed: int, *words: str) -> np.random.Generator:
    """Return the generator that belongs to a seed and some words, always the same.

    >>> float(generator(7, "ada").random()) == float(generator(7, "ada").random())
    True
    """
    text = "\0".join([str(seed), *words]).encode("utf-8", "replace")
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text).digest()))


def drawn(question: Question, prop: Property, rng: np.random.Generator) -> Sequence[Case]:
    """Return the cases of a property; raise BrokenError if they cannot be drawn."""
    try:
        return prop.cases(rng)
    except Exception as error:  # the exercise's own code, whatever it raises, is our fault
        raise _our_fault(question, prop.name, error) from error


def expected(question: Question, case: Case) -> object:
    """Return what the reference's answer comes to; raise BrokenError if it has none."""
    arguments = copy.deepcopy(case.arguments)
    try:
        if source := _source(question):
            answer = rebuild(*source)(question.reference, *arguments)
        else:
            answer = question.reference(*arguments)
        return measured(question, case, answer)
    except Exception as error:
        raise _our_fault(question, case.label, error) from error


def measured(question: Question, case: Case, answer: object) -> object:
    """Return what is compared: the answer as plain values, or the question's measure of it."""
    if question.measure is None:
        return plain(answer)
    with np.errstate(all="ignore"):  # an answer may hold any number
        return plain(question.measure(plain(answer), *copy.deepcopy(case.arguments)))


class _Caller:
    """Calls one question's function, until it has ended its process too often."""

    def __init__(self, question: Question, attempt: Attempt) -> None:
        self.question = question
        self.attempt = attempt
        self.harness = _source(question)
        self.deaths = 0

    def case(self, case: Case) -> CaseResult:
        answer = expected(self.question, case)
        status, text = self.ended(case, answer)
        return CaseResult(label=case.label, visible=case.visible, status=status, text=text)

    def ended(self, case: Case, answer: object) -> tuple[str, str]:
        if self.deaths == DEATHS:
            return "stopped", "not called again, after it was stopped twice"
        message = {
            "function": self.question.function,
            "arguments": case.arguments,
            "harness": self.harness,
        }
        try:
            reply = self.attempt.call(message)
        except SpentError as error:
            return "stopped", str(error)
        except StoppedError as error:
            self.deaths += 1
            return "stopped", str(error)
        except (TypeError, ValueError) as error:  # the arguments cannot cross
            raise _our_fault(self.question, case.label, error) from error
        if reply.get("missing") is True:
            return "missing", f"there is no {self.question.function}"
        if reply.get("attempted") is False:
            return "not attempted", "it raises NotImplementedError"
        if "value" not in reply:
            return "raised", text_of(reply.get("error"), MOST_REASON) or "an exception"
        return self.compared(case, answer, reply["value"])

    def compared(self, case: Case, answer: object, value: object) -> tuple[str, str]:
        try:
            found = differs(
                answer,
                measured(self.question, case, value),
                self.question.rtol,
                self.question.atol,
            )
        except (
            Exception
        ) as error:  # a value of a kind that nobody thought of must stop no batch
            return "wrong", f"the value cannot be compared ({type(error).__name__})"
        return ("passed", "") if found is None else ("wrong", found.text)


def _source(question: Question) -> tuple[str, str] | None:
    if question.harness is None:
        return None
    source = textwrap.dedent(inspect.getsource(question.harness))
    return question.harness.__name__, source


def _our_fault(question: Question, where: str, error: Exception) -> BrokenError:
    return BrokenError(
        f"check {question.number}, {where}: {type(error).__name__}: {error}. "
        "This is a fault of the check, and no student's; run the checks' own tests."
    )
