"""One submission at work in a sandbox: its cells run, its functions called, within one budget.

A cell that ends the process is skipped when a fresh one takes over, so that the questions
which it did not touch are still graded.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from classroom.checks.missing import why_missing
from classroom.grading.faults import LeftoverError, StoppedError
from classroom.grading.limits import MOST_REASON, MOST_TEXT, Limits
from classroom.grading.results import CellResult
from classroom.grading.sandbox import Room, Seat


class SpentError(StoppedError):
    """The budget of the whole submission is spent."""


class Attempt:
    """The cells of one submission, ready to be called."""

    def __init__(self, room: Room, sources: Sequence[str], limits: Limits) -> None:
        """Take the sources of the code cells; nothing runs before the first call."""
        self.spent = ""  # why there is no more of its budget, once there is none
        self.cells: list[CellResult] = [CellResult(text="") for _ in sources]
        self._room = room
        self._sources = sources
        self._limits = limits
        self._end = time.monotonic() + limits.submission
        self._starts = 0
        self._skipped: set[int] = set()
        self._seat: Seat | None = None

    def call(self, message: Mapping[str, object]) -> dict[str, Any]:
        """Return the reply to a call, in a fresh process if the last has ended.

        Raises:
            StoppedError: if this call ended the process, or took too long or too much.
            SpentError: if the submission has no time or no start left.
        """
        try:
            return self._ask(message)
        except LeftoverError:  # another call's doing: this one is asked again, once
            return self._ask(message)

    def practise(self, message: Mapping[str, object]) -> dict[str, Any]:
        """Return the reply to a call that takes nothing from the budget.

        Its time is given back, and so is the start after a call that ended the process.

        Raises:
            StoppedError: as `call` does.
        """
        self.start()
        began, starts = time.monotonic(), self._starts
        try:
            reply = self.call(message)
        except SpentError:
            raise
        except StoppedError:
            self._give_back(began, starts - 1)
            began = time.monotonic()
            self.start()
            self._give_back(began, self._starts)
            raise
        self._give_back(began, starts)
        return reply

    def _give_back(self, began: float, starts: int) -> None:
        self._end += time.monotonic() - began
        self._starts = starts

    def why_missing(self, function: str) -> str:
        """Return why nothing of a name is defined, as a sentence."""
        errors = (cell.error for cell in self.cells)
        return why_missing(function, zip(self._sources, errors, strict=True))[0]

    def _ask(self, message: Mapping[str, object]) -> dict[str, Any]:
        seat = self._seat or self.start()
        seconds = self._within(self._limits.call)
        try:
            return seat.ask(message, seconds=seconds)
        except StoppedError:
            self._seat = None
            raise

    def start(self) -> Seat:
        """Return a process in which every cell has run that does not end it."""
        while self._seat is None:
            if self._starts == self._limits.starts:
                raise self._no_more(f"it ended its process {self._starts} times")
            self._starts += 1
            self._seat = self._run(self._room.seat())
        return self._seat

    def close(self) -> None:
        """End the process, if there is one."""
        if self._seat is not None:
            self._seat.close()
            self._seat = None

    def _run(self, seat: Seat) -> Seat | None:
        last = self._starts == self._limits.starts
        for index, source in enumerate(self._sources):
            if index in self._skipped:
                continue
            if last and self._skipped and index > max(self._skipped):
                break  # the last start takes no risk: what has run before is graded
            try:
                seconds = self._within(self._limits.cell)
                reply = seat.ask({"source": source}, seconds=seconds)
            except SpentError:
                seat.close()
                raise
            except StoppedError as error:  # the seat is closed by then
                self._skipped.add(index)
                self.cells[index] = CellResult(text="", error=f"stopped: it {error}")
                return None
            self.cells[index] = CellResult(
                text=text_of(reply.get("text"), MOST_TEXT) or "",
                error=text_of(reply.get("error"), MOST_REASON),
            )
        return seat

    def _within(self, seconds: float) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise self._no_more(f"it took longer than {self._limits.submission:.0f} s in all")
        return min(seconds, left)

    def _no_more(self, why: str) -> SpentError:
        self.spent = why
        return SpentError(why)


def text_of(value: object, most: int) -> str | None:
    r"""Return a reply's text without control characters, cut to a length; None if it is none.

    >>> text_of("a\x1b[31mb", 9), text_of(3, 9)
    ('a[31mb', None)
    """
    if not isinstance(value, str):
        return None
    return "".join(one for one in value[:most] if one.isprintable() or one in "\n\t")
