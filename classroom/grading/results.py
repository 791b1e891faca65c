"""What grading one submission gives: plain data, from the whole down to a single case.

The words for how a case ended: "passed", "wrong", "raised", "stopped" (it took too long or
too much, or its process ended), "not attempted", "missing" (nothing of that name).
For a submission: "graded", "stopped" (its budget ran out; what it had until then counts),
"unreadable", "missing" (nothing was handed in), "not attempted" (the exercise as it was
handed out), and "not graded", which is our own fault and no mark at all.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """How one case ended; `text` says more, and is shown to students for visible cases only."""

    label: str
    visible: bool
    status: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class PropertyResult:
    """The points of one property: all of them if all its cases passed, otherwise none.

    `mistake` names the mistake or the law that explains its failed cases, hidden ones
    included: it is for the instructor alone.
    """

    name: str
    points: float
    maximum: float
    cases: tuple[CaseResult, ...]
    mistake: str = ""
    """The name of the known mistake that explains cases which failed, for the instructor."""


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """How one question was answered.

    Args:
        number: such as "02.1".
        function: what the student was to define.
        properties: in their order.
        feedback: what the check in the notebook prints; it knows the practice cases alone.
        diagnosis: the name of the mistake or the law that it tells of, if it does.
    """

    number: str
    function: str
    properties: tuple[PropertyResult, ...]
    feedback: str = ""
    """What the check in the notebook prints; empty where its cases took too long."""
    diagnosis: str = ""
    """The name of the mistake that the check tells."""

    @property
    def points(self) -> float:
        """The points of all properties together."""
        return round(sum(one.points for one in self.properties), 6)

    @property
    def maximum(self) -> float:
        """The points that could be had."""
        return round(sum(one.maximum for one in self.properties), 6)

    @property
    def status(self) -> str:
        """One word: "passed", "not attempted", "missing", "partly right" or "wrong".

        It tells no more of hidden cases than the points do, if any case is visible.
        """
        cases = [case for one in self.properties for case in one.cases]
        ended = {case.status for case in cases if case.visible}
        ended = ended or {case.status for case in cases}
        if all(case.status == "passed" for case in cases):
            return "passed"
        if len(ended) == 1 and ended & {"not attempted", "missing"} and not self.points:
            return ended.pop()
        return "partly right" if self.points else "wrong"


@dataclass(frozen=True, kw_only=True)
class WrittenResult:
    """What a student wrote in answer to a question, and what somebody gave for it.

    `points` are None until a person has marked it; then `comment` may say why.
    """

    number: str
    title: str
    text: str
    maximum: float
    points: float | None = None
    comment: str = ""

    @property
    def awaits(self) -> bool:
        """Whether there is something to mark, and nobody has."""
        return bool(self.text) and self.points is None


@dataclass(frozen=True, kw_only=True)
class CellResult:
    """What one code cell printed, what ended it, and what was skipped in it.

    Args:
        text: what it printed.
        error: what it raised, or why it was stopped.
        skipped: the statements that were not run, each with its line.
    """

    text: str
    error: str | None = None
    skipped: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """What did not go as in the student's own notebook; empty where all did."""
        return "; ".join(
            [*(f"skipped {one}" for one in self.skipped), *filter(None, [self.error])]
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """One submission, or the lack of one.

    Args:
        student: as the folder or the LMS names them.
        exercise: such as "02_cosine_similarity".
        maximum: the points that could be had.
        status: one of the words above.
        reason: why it is not simply "graded", or has less than all points, in one line. It
            stands on the student's page, so no hidden case speaks in it.
        questions: in their order; empty if nothing ran.
        written: the questions answered in words, in their order; empty if nothing was read.
        cells: of the code cells, in their order.
        digest: the SHA-256 of the notebook; by it a resumed run knows what it has graded.
        late_days: begun days after the date due; None where no date is known.
        notes: what an instructor should know: another name, several files.
        seconds: how long it took.
        number: by which the LMS knows the student; "" where no LMS named the file.
        adjusted: what a person added to our points or took away; None where nobody has.
        points_after_late: what the late rule leaves of the points; None without one.
    """

    student: str
    exercise: str
    maximum: float
    status: str
    reason: str = ""
    questions: tuple[QuestionResult, ...] = ()
    written: tuple[WrittenResult, ...] = ()
    cells: tuple[CellResult, ...] = ()
    digest: str = ""
    late_days: int | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    number: str = ""
    adjusted: float | None = None
    points_after_late: float | None = None

    @property
    def points(self) -> float | None:
        """The points had; None where it was not graded, through no fault of the student."""
        if self.status == "not graded":
            return None
        return round(sum(one.points for one in self.questions) + (self.manual_points or 0), 6)

    @property
    def manual_points(self) -> float | None:
        """What a person gave, for words or in formgrader; None where nobody has."""
        marked = [one.points for one in self.written if one.points is not None]
        given = [*marked, *([] if self.adjusted is None else [self.adjusted])]
        return round(sum(given), 6) if given else None

    @property
    def final(self) -> float | None:
        """The points that count: after the late rule, where there is one."""
        return self.points if self.points_after_late is None else self.points_after_late

    @property
    def lateness(self) -> str:
        """How late it was, and what counts then; empty where it was in time."""
        if not self.late_days:
            return ""
        days = "1 day late" if self.late_days == 1 else f"{self.late_days} days late"
        if self.points_after_late is None:
            return days
        return f"{days}: {self.points_after_late:g} of its {self.points:g} points count"

    @property
    def remark(self) -> str:
        """The reason's first line and the notes, in one line; empty where all is well."""
        return "; ".join(filter(None, (self.reason.partition("\n")[0], *self.notes)))

    def as_data(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Result":
        """Return what `as_data` was made of."""
        return cls(
            **{
                **data,
                "questions": tuple(_question(one) for one in data["questions"]),
                "written": tuple(WrittenResult(**one) for one in data["written"]),
                "cells": tuple(_cell(one) for one in data["cells"]),
                "notes": tuple(data["notes"]),
            }
        )


def _cell(data: Mapping[str, Any]) -> CellResult:
    return CellResult(**{**data, "skipped": tuple(data.get("skipped", ()))})


def _question(data: Mapping[str, Any]) -> QuestionResult:
    properties = (
        PropertyResult(**{**one, "cases": tuple(CaseResult(**case) for case in one["cases"])})
        for one in data["properties"]
    )
    return QuestionResult(**{**data, "properties": tuple(properties)})
