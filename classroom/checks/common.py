"""Mistakes that are made everywhere, whatever a question asks: a forgotten `return`, say.

Each is a fact about all cases at once: it is told only where it holds in every one of them.
Leaves out whatever needs to know the question; its own mistakes are looked for first.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classroom.checks.judge import Trial, Verdict
from classroom.comparison import NUMBERS, differs

Known = tuple[str, str]
"""A name, and what to say."""

FEW = 3
"""With fewer cases than this, the same outcome for all of them says little."""
FACTORS = {
    -1.0: "its sign is turned round",
    2.0: "it is twice as large",
    0.5: "it is half as large",
    100.0: "it is 100 times as large",
    0.01: "it is 100 times as small",
}
UNCALLED = {"function", "method", "builtin_function_or_method", "type"}


def common(verdict: Verdict) -> Known | None:
    """Return the name and the message of a mistake that is common everywhere, or None."""
    found = _nothing(verdict.trials) or _uncomputed(verdict.trials)
    if found or not _comparable(verdict):
        return found
    wanted, given = _both(verdict)
    return (
        _text(wanted, given)
        or _among_others(verdict, wanted, given)
        or _other_shape(verdict, wanted, given)
    )


def resemblance(verdict: Verdict) -> Known | None:
    """Return what all outcomes have in common with the right ones, where no law says more."""
    if not _comparable(verdict):
        return None
    wanted, given = _both(verdict)
    with np.errstate(all="ignore"):  # an answer may hold any number
        return (
            _rescaled(verdict, wanted, given)
            or _rounded(wanted, given)
            or _constant(wanted, given)
        )


def _comparable(verdict: Verdict) -> bool:
    raised = any(trial.outcome.error for trial in verdict.trials)
    return not raised and verdict.question.measure is None


def _both(verdict: Verdict) -> tuple[list[Any], list[Any]]:
    """Return what was right in each case, and what was given."""
    trials = verdict.trials
    return [one.expected for one in trials], [one.outcome.value for one in trials]


def _nothing(trials: Sequence[Trial]) -> Known | None:
    if any(trial.expected is None for trial in trials):
        return None
    if all(trial.outcome.error is None and trial.outcome.returned is None for trial in trials):
        message = "Your function returns nothing (None). End it with `return` and the value."
    elif all(_stumbled(trial) for trial in trials):
        message = "A function or method of yours returns nothing (None). End it with `return`."
    else:
        return None
    if any(trial.outcome.printed.strip() for trial in trials):
        message += " print shows a value, and hands nothing on."
    return "no-return", message


def _stumbled(trial: Trial) -> bool:
    """Return whether the check, not the answer, could not go on with a None."""
    error = trial.outcome.error
    return error is not None and error.place is None and "NoneType" in error.text


def _uncomputed(trials: Sequence[Trial]) -> Known | None:
    forms = {trial.outcome.form for trial in trials}
    if forms <= UNCALLED:
        return "not-called", (
            "You returned a function, not what it gives. Call it: write () behind its name."
        )
    if forms == {"generator"}:
        return "generator", (
            "You returned a generator, which has computed nothing yet. Write `return`, not "
            "`yield`; around a `for` in round brackets, write list(...)."
        )
    return None


def _text(wanted: Sequence[Any], given: Sequence[Any]) -> Known | None:
    if all(map(_numbers, wanted)) and all(isinstance(one, str) for one in given):
        return (
            "text",
            "You returned text. Return the number, without str or an f-string.",
        )
    return None


def _among_others(
    verdict: Verdict, wanted: Sequence[Any], given: Sequence[Any]
) -> Known | None:
    if not all(isinstance(one, list) and one for one in given):
        return None
    for position in range(min(map(len, given))):
        if _right(verdict, wanted, [one[position] for one in given]):
            if {len(one) for one in given} == {1}:
                return "in-a-list", (
                    "Your value is right, and stands in a list or tuple of one. Return it "
                    "alone; a comma behind a value makes a tuple of it."
                )
            return "among-others", (
                f"You return several things; number {position + 1} of them is right. Return "
                "that one alone."
            )
    return None


def _other_shape(verdict: Verdict, wanted: Sequence[Any], given: Sequence[Any]) -> Known | None:
    if not all(map(_numbers, [*wanted, *given])):
        return None
    arrays = [np.asarray(one) for one in given]
    if any(one.dtype.kind not in NUMBERS for one in arrays):
        return None  # a whole number beyond 64 bits
    if _right(verdict, wanted, [one.T for one in arrays]):
        return "turned", "Rows and columns have changed places. Turn your result: .T does it."
    shapes = [np.shape(one) for one in wanted]
    if any(one.size != np.prod(shape) for one, shape in zip(arrays, shapes, strict=True)):
        return None
    if _right(verdict, wanted, [one.reshape(s) for one, s in zip(arrays, shapes, strict=True)]):
        return "other-shape", (
            "Your numbers are right, their shape is not. squeeze, reshape or [:, None] gives "
            "the axes that are asked for."
        )
    return None


def _rescaled(verdict: Verdict, wanted: Sequence[Any], given: Sequence[Any]) -> Known | None:
    if not all(map(_real, [*wanted, *given])):
        return None
    for factor, words in FACTORS.items():
        if _right(verdict, wanted, [np.asarray(one) / factor for one in given]):
            return "rescaled", f"Your result is right but for one thing: {words}."
    return None


def _rounded(wanted: Sequence[Any], given: Sequence[Any]) -> Known | None:
    if not all(map(_real, [*wanted, *given])):
        return None
    if not any((np.asarray(one) % 1).any() for one in given):
        return None  # zeros, say, are numbers of their own
    for digits in range(1, 5):
        if all(map(_equal, [np.round(one, digits) for one in wanted], given)):
            return "rounded", "You rounded your result. Return all of its digits."
    return None


def _constant(wanted: Sequence[Any], given: Sequence[Any]) -> Known | None:
    varied = any(not _equal(wanted[0], one) for one in wanted)
    if len(given) >= FEW and varied and all(_equal(given[0], one) for one in given):
        return "constant", (
            "Your function gives the same whatever it is given. Use its parameters, not values "
            "from another cell."
        )
    return None


def _right(verdict: Verdict, wanted: Sequence[Any], given: Sequence[Any]) -> bool:
    rtol, atol = verdict.question.rtol, verdict.question.atol
    return all(
        differs(one, other, rtol, atol) is None
        for one, other in zip(wanted, given, strict=True)
    )


def _equal(one: Any, other: Any) -> bool:
    return differs(one, other, 1e-6, 1e-9) is None


def _numbers(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in NUMBERS
    return isinstance(value, bool | int | float | complex)


def _real(value: Any) -> bool:
    return _numbers(value) and np.asarray(value).dtype.kind in "iuf"
