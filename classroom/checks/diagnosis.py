"""Why an answer is wrong: a mistake that is known, two at once, or a law that it breaks.

An answer is a known mistake when it gives what the mistake gives in every case in which
that differs from the reference, and no other mistake does so as well. Mistakes are run only
once an answer has failed. Leaves out guessing from source code: outputs alone are compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from classroom.checks.calls import Outcome
from classroom.checks.common import Known, common, resemblance
from classroom.checks.judge import Trial, Verdict
from classroom.checks.question import Answer, Invariance, Mistake, Question
from classroom.comparison import differs

MOST_PAIRS = 300
"""So many answers with two mistakes are tried at most; most fail on their first case."""


@dataclass(frozen=True)
class Diagnosis:
    """What went wrong: a mistake's or a law's name, what to say, and where it shows."""

    name: str
    message: str
    trials: tuple[Trial, ...]
    """The failed cases that it explains, the smallest first."""


def diagnose(verdict: Verdict, *, laws: bool = True) -> Diagnosis | None:
    """Return what is known about a wrong answer, or None.

    Args:
        verdict: of an answer that failed.
        laws: whether to try laws as well; they call the answer again.

    What explains every failed case comes first: one mistake, two, or one that is common
    everywhere. Then the mistake that explains the most of them, then a broken law, then what
    the outcomes have in common with the right ones.
    """
    found = list(mistakes(verdict))
    single = _told_apart(found)
    if single and len(single.trials) == len(verdict.failures):
        return single
    both = None if _any_whole(found, verdict) else _told_apart(list(pairs(verdict)))
    found_out = both or _everywhere(verdict, common(verdict)) or single
    if found_out or not laws:
        return found_out
    return _broken_law(verdict) or _everywhere(verdict, resemblance(verdict))


def mistakes(verdict: Verdict) -> Iterator[Diagnosis]:
    """Yield the known mistakes that the answer makes."""
    for mistake in verdict.question.mistakes:
        forms = verdict.cases.answers(mistake)
        explained = max((_explained(verdict, one) for one in forms), key=len)
        if explained:
            yield Diagnosis(mistake.name, mistake.message, tuple(explained))


def pairs(verdict: Verdict) -> Iterator[Diagnosis]:
    """Yield two mistakes at once, which together explain every failed case."""
    for one, other, answer in islice(_made(verdict), MOST_PAIRS):
        explained = _explained(verdict, answer)
        if len(explained) == len(verdict.failures):
            yield Diagnosis(
                f"{one.name} + {other.name}",
                f"Two things at once. {one.message} {other.message}",
                tuple(explained),
            )


def _made(verdict: Verdict) -> Iterator[tuple[Mistake, Mistake, Answer]]:
    """Yield answers that `build` makes of the changes of two mistakes."""
    for one, other in combinations(verdict.question.mistakes, 2):
        for first, second in product(one.made, other.made):
            if not first.keys() & second.keys():
                yield one, other, verdict.cases.made({**first, **second})


def _told_apart(found: Sequence[Diagnosis]) -> Diagnosis | None:
    """Return what explains the most, if no other that explains the same remains.

    Forms of one mistake, or of one pair, have one name, and need not be told apart.
    """
    for one in sorted(found, key=lambda each: -len(each.trials)):
        cases = {id(trial) for trial in one.trials}
        others = (
            {id(trial) for trial in each.trials} for each in found if each.name != one.name
        )
        if not any(cases <= other for other in others):
            return one
    return None


def _any_whole(found: Sequence[Diagnosis], verdict: Verdict) -> bool:
    return any(len(one.trials) == len(verdict.failures) for one in found)


def _everywhere(verdict: Verdict, said: Known | None) -> Diagnosis | None:
    return Diagnosis(*said, tuple(verdict.failures)) if said else None


def _explained(verdict: Verdict, mistake: Answer) -> list[Trial]:
    """Return the failed cases that a mistake explains: none unless it explains all its own."""
    question, compared = verdict.question, False
    explained = []
    for trial in [*verdict.failures, *(one for one in verdict.trials if one.passed)]:
        wrong = verdict.cases.known(mistake, trial.case)
        if not _is_wrong(question, trial.expected, wrong):
            continue
        if not _alike(question, wrong, trial.outcome):
            return []
        explained.append(trial)
        # one kind of error may have many causes; values or the same words tell
        compared |= wrong.error is None or _words(wrong) == _words(trial.outcome)
    return explained if compared else []


def _is_wrong(question: Question, expected: object, outcome: Outcome) -> bool:
    if outcome.error is not None:
        return True
    return differs(expected, outcome.value, question.rtol, question.atol) is not None


def _alike(question: Question, wrong: Outcome, given: Outcome) -> bool:
    if wrong.error is not None or given.error is not None:
        return _kind(wrong) == _kind(given)
    return differs(wrong.value, given.value, question.rtol, question.atol) is None


def _kind(outcome: Outcome) -> str:
    return outcome.error.kind if outcome.error else ""


def _words(outcome: Outcome) -> str:
    return outcome.error.text if outcome.error else ""


def _broken_law(verdict: Verdict) -> Diagnosis | None:
    kinds = {one.difference.kind for one in verdict.failures if one.difference}
    if kinds & {"shape", "type", "count"}:
        return None  # the difference itself says it best
    for law in verdict.question.invariances:
        broken = _first_broken(verdict, law)
        if broken:
            return Diagnosis(law.name, law.message, (broken,))
    return None


def _first_broken(verdict: Verdict, law: Invariance) -> Trial | None:

    def run(*arguments: object) -> object:
        outcome = verdict.ask(arguments)
        if outcome.error is not None:
            raise ValueError(outcome.error.text)
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
