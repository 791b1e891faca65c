"""What a learner reads after a check: a few calm lines of plain text.

First how many cases passed; then what went wrong, on the smallest input where it did. Leaves
out colours, tables and HTML, so that it reads alike in a notebook, a terminal and a report.
"""

import inspect
import textwrap
from typing import Any

import numpy as np

from classroom.checks.blame import Raised
from classroom.checks.diagnosis import diagnose
from classroom.checks.judge import Trial, Verdict
from classroom.comparison import plain

WIDTH = 92
SHOWN = 20
"""An array with more numbers than this is shown by its shape and its first ones."""

WHOLE = 1e7
"""Below this a number in floating point that has no fraction is written in full."""


def feedback(verdict: Verdict) -> str:
    """Return what to say about a verdict, in at most about a dozen lines."""
    name = f"{verdict.question.number} {verdict.question.function}"
    if not verdict.attempted:
        return f"{name}: not attempted yet{_where(verdict)}"
    tried, right = len(verdict.trials), sum(trial.passed for trial in verdict.trials)
    if verdict.passed:
        lines = [f"{name}: all {tried} cases passed{_points(verdict)}."]
        lines += _remark(verdict)
    else:
        lines = [f"{name}: {right} of {tried} cases passed{_points(verdict)}."]
        known = diagnose(verdict)
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
        first = ", ".join(_number(one) for one in array.ravel()[:4])
        return f"[{first}, ...] of shape {array.shape}"
    if not array.size:
        return f"nothing, of shape {array.shape}"
    written: str = np.array2string(
        array, separator=", ", formatter={"all": _number}, max_line_width=10_000
    )
    return " ".join(written.split())


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
    lines = [] if error is None else _raised(error)
    lines.append(f"The smallest input that fails ({trial.case.label}):")
    lines += [f"  {name} = {short(value)}" for name, value in _arguments(verdict, trial)]
    if trial.outcome.printed.strip():
        lines.append(f"  printed     {short(trial.outcome.printed.strip().splitlines()[-1])}")
    if error is None:
        lines.append(f"  yours       {short(trial.outcome.value)}")
    lines.append(f"  expected    {short(trial.expected)}")
    if trial.difference:
        lines.append(f"  difference  {trial.difference.text}")
    return lines


def _raised(error: Raised) -> list[str]:
    message = " ".join(error.text.split()) or "without a message"
    lines = [textwrap.shorten(f"It raised {error.kind}: {message}", 2 * WIDTH)]
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
    return [f"{are} hidden: grading draws new ones."]
