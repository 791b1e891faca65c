"""Grade one submission: call its functions on fresh inputs, and compare outside the sandbox.

The inputs come from the run's seed and the student's name, so that no two students see the
same and a run can be repeated. First comes what the check in the notebook says. What a hidden
case saw or said stays with the instructor.
"""

import copy
import hashlib
from collections.abc import Sequence

import numpy as np

from classroom.checks.calls import Outcome, measured
from classroom.checks.cases import Cases, practice
from classroom.checks.judge import Trial, Verdict, tried
from classroom.checks.question import Case, Exercise, Property, Question
from classroom.comparison import FORMS, plain
from classroom.grading.asking import Asker, MissingError, our_fault, source
from classroom.grading.attempt import Attempt, SpentError
from classroom.grading.faults import StoppedError
from classroom.grading.practice import explained, practise
from classroom.grading.results import CaseResult, PropertyResult, QuestionResult
from classroom.grading.worker.harness import rebuild

DEATHS = 2
"""So often may a function end the process before it is not called again."""


def grade_questions(
    exercise: Exercise, attempt: Attempt, *, seed: int, student: str
) -> tuple[QuestionResult, ...]:
    """Return the result of each question of an exercise.

    The check's own cases come first, then visible ones, all of them: what a student is told
    cannot carry anything that a hidden case has shown to the student's code. The hidden ones
    of a function that was stopped come last: what it takes of the budget costs no other.

    Raises:
        BrokenError: if a check itself fails; nothing that a student does leads to it.
    """
    askers = [Asker(question, attempt) for question in exercise.questions]
    said = practise(askers, attempt)
    counted = [_Counted(asker, seed, student, exercise.name) for asker in askers]
    asked = [(one, prop, case) for one in counted for prop, case in one.cases.drawn]
    for visible in (True, False):
        now = (each for each in asked if each[2].visible == visible)
        for one, prop, case in sorted(now, key=lambda each: each[0].deaths):
            one.ask(prop, case)
    return tuple(
        QuestionResult(
            number=one.question.number,
            function=one.question.function,
            properties=one.properties(),
            feedback=practice.feedback,
            diagnosis=practice.diagnosis,
        )
        for one, practice in zip(counted, said, strict=True)
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
        _try_practice(question)


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
        raise our_fault(question, prop.name, error) from error


def _try_practice(question: Question) -> None:
    try:
        cases = practice(question)
        for _, case in cases.drawn:
            cases.right(case)
    except Exception as error:
        raise our_fault(question, "practice", error) from error


def expected(question: Question, case: Case) -> object:
    """Return what the reference's answer comes to; raise BrokenError if it has none."""
    arguments = copy.deepcopy(case.arguments)
    try:
        answer = question.reference
        if harness := source(question):
            arguments, answer = (answer, *arguments), rebuild(*harness)
        return measured(question, plain(answer(*arguments)), case.arguments)
    except Exception as error:
        raise our_fault(question, case.label, error) from error


class _Counted:
    """One question, asked in the cases that count."""

    def __init__(self, asker: Asker, seed: int, *words: str) -> None:
        self.asker, self.question = asker, asker.question
        self.deaths = 0
        self.results: list[tuple[Property, CaseResult]] = []
        self.trials: list[Trial] = []
        found: list[tuple[Property, Case]] = []
        for prop in self.question.properties:
            rng = generator(seed, *words, self.question.number, prop.name)
            found += [(prop, case) for case in drawn(self.question, prop, rng)]
        self.cases = Cases(self.question, drawn=found)

    def ask(self, prop: Property, case: Case) -> None:
        status, text = self.ended(prop, case)
        told = CaseResult(label=case.label, visible=case.visible, status=status, text=text)
        self.results.append((prop, told))

    def ended(self, prop: Property, case: Case) -> tuple[str, str]:
        if self.deaths == DEATHS:
            return "stopped", "not called again, after it was stopped twice"
        try:
            outcome = self.asker.outcome(case.arguments, hidden=not case.visible)
        except SpentError as error:
            return "stopped", str(error)
        except StoppedError as error:
            self.deaths += 1
            return "stopped", str(error)
        except MissingError as error:
            return "missing", str(error)
        except (TypeError, ValueError) as error:  # the arguments cannot cross
            raise our_fault(self.question, case.label, error) from error
        trial = self.compared(prop, case, outcome)
        self.trials.append(trial)
        return _word(trial)

    def compared(self, prop: Property, case: Case, outcome: Outcome) -> Trial:
        try:
            return tried(self.cases, prop, case, outcome)
        except Exception as error:
            raise our_fault(self.question, case.label, error) from error

    def properties(self) -> tuple[PropertyResult, ...]:
        """Return the points of each property, and what explains that one has none."""
        verdict = Verdict(self.cases, tuple(self.trials), self.asker.outcome)
        known = explained(verdict, laws=False)
        lost = {trial.tries.name for trial in known.trials} if known else set()
        return tuple(
            _judged(
                prop,
                [case for one, case in self.results if one is prop],
                known.name if known and prop.name in lost else "",
            )
            for prop in self.question.properties
        )


def _judged(prop: Property, cases: Sequence[CaseResult], mistake: str) -> PropertyResult:
    full = bool(cases) and all(case.status == "passed" for case in cases)
    return PropertyResult(
        name=prop.name,
        points=prop.points if full else 0.0,
        maximum=prop.points,
        cases=tuple(cases),
        mistake=mistake,
    )


def _word(trial: Trial) -> tuple[str, str]:
    """Return how a case ended that was compared, and what more there is to say."""
    error, form = trial.outcome.error, trial.outcome.form
    if form:
        return "wrong", f"it returned {form}; {FORMS}"
    if error and error.stub:
        return "not attempted", "it raises NotImplementedError"
    if error:
        return "raised", f"{error.kind}: {error.text}"
    return ("wrong", trial.difference.text) if trial.difference else ("passed", "")
