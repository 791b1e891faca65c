"""Why an answer is wrong: a mistake that is known, or a law that it breaks.

An answer is a known mistake when it gives what the mistake gives in every case in which
that differs from the reference. Mistakes are run only once an answer has failed. Leaves out
guessing from source code: outputs alone are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from classroom.checks.judge import Outcome, Trial, Verdict, call
from classroom.checks.question import Answer, Invariance, Question
from classroom.comparison import differs


@dataclass(frozen=True)
class Diagnosis:
    """What went wrong: a mistake's or a law's name, what to say, and where it shows."""

    name: str
    message: str
    trials: tuple[Trial, ...]
    """The failed cases that it explains, the smallest first."""


def diagnose(verdict: Verdict) -> Diagnosis | None:
    """Return what is known about a wrong answer, or None.

    Of several mistakes, the one that explains the most failed cases.
    """
    known = list(mistakes(verdict))
    if known:
        return max(known, key=lambda one: len(one.trials))
    kinds = {one.difference.kind for one in verdict.failures if one.difference}
    if kinds & {"shape", "type", "count"}:
        return None  # the difference itself says it best
    for law in verdict.question.invariances:
        broken = _first_broken(verdict, law)
        if broken:
            return Diagnosis(law.name, law.message, (broken,))
    return None


def mistakes(verdict: Verdict) -> Iterator[Diagnosis]:
    """Yield the known mistakes that the answer makes."""
    for mistake in verdict.question.mistakes:
        answers = (mistake.answer, *mistake.variants)
        explained = max((_explained(verdict, one) for one in answers), key=len)
        if explained:
            yield Diagnosis(mistake.name, mistake.message, tuple(explained))


def _explained(verdict: Verdict, mistake: Answer) -> list[Trial]:
    """Return the failed cases that a mistake explains: none unless it explains all its own."""
    question, compared = verdict.question, False
    explained = []
    for trial in [*verdict.failures, *(one for one in verdict.trials if one.passed)]:
        wrong = call(question, mistake, trial.case.arguments)
        if not _is_wrong(question, trial.expected, wrong):
            continue
        if not _alike(question, wrong, trial.outcome):
            return []
        explained.append(trial)
        # one kind of error may have many causes; values or the same words tell
        compared |= wrong.error is None or str(wrong.error) == str(trial.outcome.error)
    return explained if compared else []


def _is_wrong(question: Question, expected: object, outcome: Outcome) -> bool:
    if outcome.error is not None:
        return True
    return differs(expected, outcome.value, question.rtol, question.atol) is not None


def _alike(question: Question, wrong: Outcome, given: Outcome) -> bool:
    if wrong.error is not None or given.error is not None:
        return type(wrong.error) is type(given.error)
    return differs(wrong.value, given.value, question.rtol, question.atol) is None


def _first_broken(verdict: Verdict, law: Invariance) -> Trial | None:
    question = verdict.question

    def run(*arguments: object) -> object:
        outcome = call(question, verdict.answer, arguments)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    for trial in verdict.failures:
        if trial.outcome.error is not None:
            continue
        try:
            if not law.holds(run, *trial.case.arguments):
                return trial
        except Exception:  # the learner's code met arguments that it cannot take
            continue
    return None
