"""One submission at work in a sandbox: its cells run, its functions called, within one budget.

A cell that ends the process is skipped when a fresh one takes over, so that the questions
which it did not touch are still graded.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from classroom.checks.missing import why_missing
from classroom.grading.faults import LeftoverError, StoppedError
from classroom.grading.limits import (
    MOST_LINE,
    MOST_REASON,
    MOST_SKIPPED,
    MOST_TEXT,
    Limits,
)
from classroom.grading.results import CellResult
from classroom.grading.sandbox import Room, Seat

AT_THE_END = "was running when the time of the submission ended"


class SpentError(StoppedError):
    """The budget of the whole submission is spent."""


class Attempt:
    """The cells of one submission, ready to be called.

    What it records of the cells is from before the first hidden case: later they may know
    what that has shown, by the time of day if by nothing else.
    """

    def __init__(self, room: Room, seat: Seat, sources: Sequence[str], limits: Limits) -> None:
        """Take a process in a room, and the code cells; nothing runs before the first call."""
        self.spent = ""  # why there is no more of its budget, once there is none
        self.cells: list[CellResult] = [CellResult(text="") for _ in sources]
        self._room = room
        self._fresh: Seat | None = seat
        self._sources = sources
        self._limits = limits
        self._end = time.monotonic() + limits.submission
        self._starts = 0
        self._skipped: set[int] = set()
        self._ran: set[int] = set()
        self._seat: Seat | None = None
        self._recording = True

    def call(self, message: Mapping[str, object], *, hidden: bool = True) -> dict[str, Any]:
        """Return the reply to a call, in a fresh process if the last has ended.

        Raises:
            StoppedError: if this call ended the process, or took too long or too much.
            SpentError: if the submission has no time or no start left.
        """
        try:
            return self._called(message, hidden)
        except LeftoverError:  # another call's doing: this one is asked again, once
            return self._called(message, hidden)

    def practise(self, message: Mapping[str, object]) -> dict[str, Any]:
        """Return the reply to a call that takes nothing from the budget.

        Its time is given back, and so is the start after a call that ended the process.

        Raises:
            StoppedError: as `call` does.
        """
        self.start()
        began, starts = time.monotonic(), self._starts
        try:
            reply = self.call(message, hidden=False)
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

    def start(self) -> Seat:
        """Return a process in which every cell has run that does not end it."""
        while self._seat is None:
            if self.spent:
                raise self._no_more(self.spent)
            if self._starts == self._limits.starts:
                raise self._no_more(f"its {self._starts} starts are spent")
            self._starts += 1
            fresh, self._fresh = self._fresh or self._room.seat(), None
            self._seat = self._run(fresh)
        return self._seat

    def close(self) -> None:
        """End the process, if there is one."""
        for seat in (self._fresh, self._seat):
            if seat is not None:
                seat.close()
        self._fresh = self._seat = None

    def _called(self, message: Mapping[str, object], hidden: bool) -> dict[str, Any]:  # noqa: FBT001
        seat = self.start()
        self._recording = self._recording and not hidden
        try:
            return self._ask(seat, message, self._limits.call)
        except StoppedError:
            self._seat = None
            raise

    def _run(self, seat: Seat) -> Seat | None:
        last = self._starts == self._limits.starts
        for index, source in enumerate(self._sources):
            if index in self._skipped:
                continue
            if last and self._skipped and index not in self._ran:
                continue  # the last start takes no risk: what has run before is graded
            message = {"source": source, "cell": index + 1}
            try:
                reply = self._ask(seat, message, self._limits.cell)
            except SpentError:
                self._record(index, CellResult(text="", error=f"stopped: it {AT_THE_END}"))
                raise
            except StoppedError as error:
                self._skipped.add(index)
                self._record(index, CellResult(text="", error=f"stopped: it {error}"))
                return None
            self._ran.add(index)
            self._record(index, _cell(reply))
        return seat

    def _ask(self, seat: Seat, message: Mapping[str, object], limit: float) -> dict[str, Any]:
        """Return the answer of a process; one that is stopped is closed by then.

        What is stopped when the budget ends is not told how much of it was left: that tells
        what took the rest.
        """
        left = self._end - time.monotonic()
        if left > 0:
            try:
                return seat.ask(message, seconds=min(limit, left))
            except StoppedError:
                if time.monotonic() < self._end:
                    raise
        seat.close()
        raise self._no_more(f"its {self._limits.submission:.0f} s are spent")

    def _record(self, index: int, result: CellResult) -> None:
        if self._recording:
            self.cells[index] = result

    def _no_more(self, why: str) -> SpentError:
        self.spent = why
        return SpentError(f"gave no answer: {why}")


def _cell(reply: Mapping[str, Any]) -> CellResult:
    """Return what a cell came to, of the size that is kept."""
    skipped = reply.get("skipped")
    told = skipped[:MOST_SKIPPED] if isinstance(skipped, list) else []
    return CellResult(
        text=text_of(reply.get("text"), MOST_TEXT) or "",
        error=text_of(reply.get("error"), MOST_REASON),
        skipped=tuple(filter(None, (text_of(one, MOST_LINE) for one in told))),
    )


def text_of(value: object, most: int) -> str | None:
    r"""Return a reply's text without control characters, cut to a length; None if it is none.

    >>> text_of("a\x1b[31mb", 9), text_of(3, 9)
    ('a[31mb', None)
    """
    if not isinstance(value, str):
        return None
    return "".join(one for one in value[:most] if one.isprintable() or one in "\n\t")
