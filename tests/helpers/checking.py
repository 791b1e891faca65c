"""What every question's check must do, tried on one question at a time.

Written for `test_checks.py`, which tries them all; a test of one exercise adds right answers
that are written differently.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from classroom.checks.calls import call
from classroom.checks.cases import Cases
from classroom.checks.diagnosis import diagnose, mistakes
from classroom.checks.feedback import feedback
from classroom.checks.judge import Verdict, judge, judge_in
from classroom.checks.question import Answer, Mistake, Question
from classroom.comparison import differs, plain


@lru_cache(maxsize=64)
def cases(question: Question, seed: int) -> Cases:
    """Return a question's cases, drawn once for all answers that are tried on them."""
    return Cases(question, seed)


def told_on(seeds: range) -> range:
    """Return the seeds on which causes are looked for: a fifth, as that takes far longer."""
    return seeds[: max(1, len(seeds) // 5)]


def assert_passes(question: Question, answer: Answer, seeds: range = range(5)) -> None:
    """A right answer passes, whatever is drawn."""
    for seed in seeds:
        verdict = judge_in(cases(question, seed), answer)
        assert verdict.passed, feedback(verdict)
        assert verdict.points == question.points


def assert_refused(question: Question, answer: Answer, seed: int) -> Verdict:
    """A wrong answer fails; return the verdict."""
    verdict = judge_in(cases(question, seed), answer)
    assert not verdict.passed, f"passes with seed {seed}"
    assert verdict.points < question.points or not question.points
    return verdict


def assert_diagnosed(question: Question, mistake: Mistake, answer: Answer, seed: int) -> None:
    """A known mistake fails, is told its own message, and is explained in full by no other."""
    verdict = assert_refused(question, answer, seed)
    found = diagnose(verdict)
    text = feedback(verdict)
    assert found is not None, f"{mistake.name} is not recognised with seed {seed}:\n{text}"
    assert found.name == mistake.name, f"seed {seed}"
    said = " ".join(text.split())
    told = [one.name for one in question.mistakes if " ".join(one.message.split()) in said]
    assert told == [mistake.name]
    full = [one.name for one in mistakes(verdict) if len(one.trials) == len(verdict.failures)]
    assert full == [mistake.name]


def earned(
    question: Question, make: Callable[[Any, tuple[Any, ...]], Any], seed: int
) -> Verdict:
    """Return the verdict on outcomes made by `make(right outcome, arguments)`."""

    def harness(answer: Answer, *arguments: Any) -> Any:
        right = call(question, question.reference, arguments).value
        return right if answer is question.reference else make(right, arguments)

    return judge(replace(question, harness=harness, measure=None), lambda: None, seed)


def empty_outcomes(question: Question, seed: int) -> Iterator[tuple[str, Any]]:
    """Yield outcomes that take no thought: each must earn nothing."""
    yield "no-op", lambda right, arguments: None
    yield "zeros", lambda right, arguments: filled(right, 0)
    yield "ones", lambda right, arguments: filled(right, 1)
    for position in range(4):
        yield (
            f"argument {position}",
            lambda right, arguments, position=position: (
                plain(arguments[position]) if position < len(arguments) else None
            ),
        )
    rights: list[Any] = []
    for _, case in question.draw(seed + 100):  # what was right once, learned by heart
        value = call(question, question.reference, case.arguments).value
        if all(differs(value, known, 0, 0) for known in rights):
            rights.append(value)
    for value in rights:
        yield f"always {value!r}", lambda right, arguments, value=value: value


def filled(value: Any, number: float) -> Any:
    """Return something of the same form, with every number replaced."""
    if isinstance(value, np.ndarray):
        return np.full_like(value, number)
    if isinstance(value, list):
        return [filled(part, number) for part in value]
    if isinstance(value, dict):
        return {name: filled(part, number) for name, part in value.items()}
    if isinstance(value, str) or value is None:
        return value and ""
    return type(value)(number)


def empty_answers() -> list[tuple[str, Answer]]:
    """Return functions that take no thought: each must earn nothing."""
    return [
        ("no-op", lambda *arguments, **named: None),
        ("zero", lambda *arguments, **named: 0.0),
        ("one", lambda *arguments, **named: 1.0),
        ("word", lambda *arguments, **named: ""),
        ("identity", lambda *arguments, **named: arguments[0] if arguments else None),
        ("last argument", lambda *arguments, **named: arguments[-1] if arguments else None),
    ]
