"""Ask a submission's function, over the line to its sandbox, for what the judge compares.

A learner's own check calls the function in its process; what comes of a call is the same data
here, so that one judge serves both. Whatever crosses the line is cleaned and never believed.
"""

import inspect
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from classroom.checks.blame import Frame, blamed, raised
from classroom.checks.calls import Outcome, outcome_of
from classroom.checks.question import Question
from classroom.comparison import FormError, plain
from classroom.grading.attempt import Attempt, text_of
from classroom.grading.faults import BrokenError
from classroom.grading.limits import MOST_REASON, MOST_TEXT
from classroom.grading.worker.protocol import CELL


class MissingError(Exception):
    """The submission defines nothing of that name."""


class Asker:
    """Calls one question's function, in the cases of the check or in those that count."""

    def __init__(self, question: Question, attempt: Attempt) -> None:
        """Keep the question and the submission that answers it."""
        self.question = question
        self.harness = source(question)
        self._attempt = attempt

    def outcome(self, arguments: tuple[object, ...], *, hidden: bool = True) -> Outcome:
        """Return what a call came to; a hidden case's may not be told to the student.

        Raises:
            MissingError: if there is no such function.
            StoppedError: if it ended the process, or took too long or too much.
            TypeError, ValueError: if the arguments cannot cross; that is our own fault.
        """
        return self._heard(
            self._attempt.call(self._message(arguments), hidden=hidden), arguments
        )

    def practised(self, arguments: tuple[object, ...]) -> Outcome:
        """Return the same for a case of the check, with what was printed and changed."""
        message = {**self._message(arguments), "watch": True}
        return self._heard(self._attempt.practise(message), arguments)

    def _message(self, arguments: tuple[object, ...]) -> dict[str, object]:
        return {
            "function": self.question.function,
            "arguments": arguments,
            "harness": self.harness,
        }

    def _heard(self, reply: dict[str, Any], arguments: tuple[object, ...]) -> Outcome:
        if reply.get("missing") is True:
            raise MissingError(f"there is no {self.question.function}")
        printed = text_of(reply.get("printed"), MOST_TEXT) or ""
        changed = reply.get("changed") is True
        return replace(self._came_to(reply, arguments), printed=printed, changed=changed)

    def _came_to(self, reply: dict[str, Any], arguments: tuple[object, ...]) -> Outcome:
        if "value" in reply:
            try:
                return outcome_of(self.question, plain(reply["value"]), arguments)
            except FormError as error:
                return Outcome(error=raised(error), form=error.form)
        kind = text_of(reply.get("kind"), MOST_REASON) or "Exception"
        words = text_of(reply.get("words"), MOST_REASON) or ""
        form = text_of(reply.get("form"), MOST_REASON) or ""
        return Outcome(error=blamed(kind, words, _frames(reply)), form=form)


def our_fault(question: Question, where: str, error: Exception) -> BrokenError:
    """Return what to raise where a check itself fails."""
    return BrokenError(
        f"check {question.number}, {where}: {type(error).__name__}: {error}. "
        "This is a fault of the check, and no student's; run the checks' own tests."
    )


def source(question: Question) -> tuple[str, str] | None:
    """Return a harness's name and source, as they are sent; None where there is no harness."""
    if question.harness is None:
        return None
    return question.harness.__name__, textwrap.dedent(inspect.getsource(question.harness))


def _frames(reply: dict[str, Any]) -> Sequence[Frame]:
    """Return the lines of a traceback that are told as they should be."""
    found = []
    for one in reply["frames"] if isinstance(reply.get("frames"), list) else ():
        if isinstance(one, list) and [type(part) for part in one] == [str, int, str]:
            name = one[0] if one[0].startswith(CELL) else "<library>"
            found.append((name, one[1], text_of(one[2], MOST_REASON) or ""))
    return found
