"""What one call came to, as the grader hears of it: its value, or its error.

The grader decides what it means. Leaves out any judgement: this lies beside a student's code.
"""

import io
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from .protocol import CELL, to_frame

MOST_PRINTED = 20_000
MOST_WORDS = 2_000
MOST_LINE = 400


def observed(
    call: Callable[..., object], arguments: Any, *, watched: Any = None
) -> dict[str, object]:
    """Return what a call returned or raised.

    Args:
        call: the student's function, or a harness around it.
        arguments: what it is given; it may change them.
        watched: what the message brought of them, where it is to be told whether that was
            changed, and what was printed; None tells neither.
    """
    said = Tail()
    before = b"" if watched is None else to_frame({"": _still(watched)})
    try:
        with redirect_stdout(said):
            reply: dict[str, object] = {"value": call(*arguments)}
    except BaseException as error:
        reply = raised(error)
    if watched is not None:
        reply |= {"printed": said.text, "changed": to_frame({"": _still(watched)}) != before}
    return reply


def raised(error: BaseException) -> dict[str, object]:
    """Return an error's kind, its words, the cell's line that raised it, and the last line.

    Whatever the error's own methods do, this raises nothing.
    """
    try:
        found = traceback.extract_tb(error.__traceback__)
        cells = [one for one in found if one.filename.startswith(CELL)]
        frames = [
            [one.filename, one.lineno or 0, (one.line or "")[:MOST_LINE]]
            for one in (*cells[-1:], *found[-1:])
        ]
    except BaseException:
        frames = []
    kind, words = type(error).__name__, said_by(error)
    return {"error": f"{kind}: {words}", "kind": kind, "words": words, "frames": frames}


def said_by(error: BaseException) -> str:
    """Return the words of an error, without the file of a syntax error; none if it has none."""
    try:
        if isinstance(error, SyntaxError) and error.lineno:
            line = (error.text or "").strip()
            return f"{error.msg}, in line {error.lineno}: {line}"[:MOST_WORDS]
        return str.__str__(str(error))[:MOST_WORDS]
    except BaseException:
        return ""


def unsent(error: BaseException) -> dict[str, object]:
    """Return what is said of a value that did not cross."""
    return {**raised(error), "form": getattr(error, "form", "")}


class Tail(io.TextIOBase):
    """Keeps the last characters that are written, and forgets the rest."""

    text = ""

    def write(self, text: str) -> int:
        """Keep the end of all that was written; return how much this was."""
        self.text = (self.text + text)[-MOST_PRINTED:]
        return len(text)


def _still(value: Any) -> Any:
    """Return arguments without their tensors' wish for a gradient, which is no change."""
    if isinstance(value, (list, tuple)):
        return [_still(one) for one in value]
    return value.detach() if hasattr(value, "detach") else value
