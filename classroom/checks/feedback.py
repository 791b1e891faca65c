"""What a learner reads after a check: a few calm lines of plain text.

First how many cases passed; then what went wrong, on the smallest input where it did. Leaves
out colours, tables and HTML, so that it reads alike in a notebook, a terminal and a report.
"""

import inspect
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from classroom.checks.blame import Raised
from classroom.checks.diagnosis import Diagnosis, diagnose
from classroom.checks.judge import Trial, Verdict
from classroom.checks.question import Question
from classroom.colours import HIDDEN
from classroom.comparison import FORMS, Difference, plain

WIDTH = 92
SHOWN = 20
"""An array with more numbers than this is shown by its shape and its first ones."""

WHOLE = 1e7
"""Below this a number in floating point that has no fraction is written in full."""


def feedback(verdict: Verdict) -> str:
    """Return what to say about a verdict, in at most about a dozen lines."""
    right = verdict.passed or not verdict.attempted
    return said(verdict, None if right else diagnose(verdict))


def said(verdict: Verdict, known: Diagnosis | None) -> str:
    """Return what to say about a verdict, where a diagnosis has been made."""
    name = f"{verdict.question.number} {verdict.question.function}"
    if not verdict.attempted:
        return f"{name}: not attempted yet{_where(verdict)}"
    tried, right = len(verdict.trials), sum(trial.passed for trial in verdict.trials)
    if verdict.passed:
        lines = [f"{name}: all {tried} cases passed{_points(verdict)}."]
        lines += _remark(verdict)
    else:
        lines = [f"{name}: {right} of {tried} cases passed{_points(verdict)}."]
        lines += textwrap.wrap(known.message, WIDTH) if known else []
        lines += _failure(verdict, (known.trials if known else verdict.failures)[0])
    if any(trial.outcome.changed for trial in verdict.trials):
        lines.append("Your code changed the values it was given; work on a copy of them.")
    return "\n".join([*lines, *_hidden(verdict)])


def short(value: Any, width: int = WIDTH - 12) -> str:
    """Return a value on one line.

    >>> short(np.array([[3.0, 4.0]]))
    '[[3, 4]]'
    >>> short(np.array([49406, 49407]))
    '[49406, 49407]'
    >>> short(np.zeros((5, 7)))
    '[0, 0, 0, 0, ...] of shape (5, 7)'
    """
    if isinstance(value, np.ndarray):
        text = _array(value)
    elif isinstance(value, float):
        text = f"{value:.6g}"
    elif isinstance(value, list):
        text = "[" + ", ".join(short(part, width) for part in value) + "]"
    elif isinstance(value, dict):
        parts = (f"{name}: {short(part, width)}" for name, part in value.items())
        text = "{" + ", ".join(parts) + "}"
    else:
        text = repr(value)
    return text if len(text) <= width else text[: width - 3] + "..."


def _array(array: np.ndarray) -> str:
    if array.size > SHOWN:
        first = ", ".join(_number(one) for one in array.flat[:4])
        return f"[{first}, ...] of shape {array.shape}"
    return _nested(array) if array.size else f"nothing, of shape {array.shape}"


def _nested(array: Any) -> str:
    """Return an array's numbers in brackets, whatever numpy's print options are."""
    if not array.ndim:
        return _number(array[()])
    return "[" + ", ".join(_nested(np.asarray(part)) for part in array) + "]"


def _number(number: Any) -> str:
    """Return a number in four digits, a whole one in full: 49406 is not 49407."""
    if isinstance(number, bool | np.bool_ | int | np.integer):
        return str(number)
    real = isinstance(number, float | np.floating)
    whole = real and abs(float(number)) < WHOLE and float(number).is_integer()
    return f"{number:.0f}" if whole else f"{number:.4g}"


def _remark(verdict: Verdict) -> list[str]:
    if verdict.question.remark is None or verdict.answer is None:
        return []
    remark = verdict.question.remark(verdict.answer)
    return [remark] if remark else []


def _points(verdict: Verdict) -> str:
    most = verdict.question.points
    if not most:
        return ""
    return f", {verdict.points:g} of {most:g} point{'' if most == 1 else 's'}"


def _where(verdict: Verdict) -> str:
    error = verdict.trials[0].outcome.error
    if error is None or error.place is None:
        return "."
    return f" (line {error.place.line} of its cell raises NotImplementedError)."


def _failure(verdict: Verdict, trial: Trial) -> list[str]:
    error = trial.outcome.error
    lines = [] if error is None else _raised(error, trial.outcome.form, verdict.question)
    lines.append(f"The smallest input that fails ({trial.case.label}):")
    lines += _told(verdict.question)
    lines += [f"  {name} = {short(value)}" for name, value in _arguments(verdict, trial)]
    if trial.outcome.printed.strip():
        lines.append(f"  printed     {short(trial.outcome.printed.strip().splitlines()[-1])}")
    return [*lines, *_compared(trial)]


def _told(question: Question) -> list[str]:
    """Return what a check does that calls an answer in a way of its own."""
    if question.harness is None:
        return []
    does = question.told or f"It uses your {question.function} with values of its own."
    return textwrap.wrap(
        f"  What the check does: {does}", WIDTH, subsequent_indent="  ", drop_whitespace=True
    )


def _compared(trial: Trial) -> list[str]:
    """Return both outcomes and their difference; of long ones the part that differs."""
    if trial.difference is None:
        return [f"  expected    {short(trial.expected)}"]
    parts, difference = [trial.outcome.value, trial.expected], trial.difference
    where = ""
    if difference.path and any(short(part).endswith("...") for part in parts):
        parts = [part_at(part, difference.path) for part in parts]
        where = f"in item {' of item '.join(str(step) for step in reversed(difference.path))}: "
    yours, expected = (where + _near(part, difference) for part in parts)
    return [
        f"  yours       {yours}",
        f"  expected    {expected}",
        f"  difference  {difference.text}",
    ]


def part_at(value: Any, path: Sequence[int | str]) -> Any:
    """Return the part of nested lists and dictionaries to which a path leads.

    >>> part_at([1, {"a": [2, 3]}], (1, "a", 0))
    2
    """
    for step in path:
        value = value[step]
    return value


def _near(value: Any, difference: Difference) -> str:
    """Return a value on one line, and of a long array the number that differs."""
    long = isinstance(value, np.ndarray) and value.size > SHOWN
    if not long or not difference.at:
        return short(value)
    return f"{_number(value[difference.at])} at {list(difference.at)}, of shape {value.shape}"


def _raised(error: Raised, form: str, question: Question) -> list[str]:
    if form:
        return [f"It returned {form}; {FORMS}"]
    message = " ".join(error.text.split()) or "without a message"
    stumbled = question.harness is not None and error.place is None
    who = "The check, which uses yours, met" if stumbled else "It raised"
    lines = [textwrap.shorten(f"{who} {error.kind}: {message}", 2 * WIDTH)]
    if error.place:
        lines.append(f"  in line {error.place.line} of its cell: {error.place.text}")
    return lines


def _arguments(verdict: Verdict, trial: Trial) -> list[tuple[str, Any]]:
    question = verdict.question
    called = question.harness or question.reference
    names = list(inspect.signature(called).parameters)[1 if question.harness else 0 :]
    values = trial.case.arguments
    names += [f"argument {position + 1}" for position in range(len(names), len(values))]
    return list(zip(names, map(plain, values), strict=False))


def _hidden(verdict: Verdict) -> list[str]:
    hidden = sum(not trial.case.visible for trial in verdict.trials)
    if not hidden:
        return []
    are = "1 of these cases is" if hidden == 1 else f"{hidden} of these cases are"
    return [f"{are} hidden: {HIDDEN}"]
