"""What a person gave in formgrader: read from nbgrader's gradebook, which nothing changes here.

A score by hand counts instead of ours, extra credit besides it, as nbgrader itself adds up.
The score of an answer in words is its mark.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbgrader.api import Grade  # type: ignore[import-untyped]
from sqlalchemy import or_

from classroom.grading.report.nbgrader import open_gradebook, student_id
from classroom.grading.report.returned import answer_id, grade_id
from classroom.grading.results import Result


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person gave for one cell: a score that counts instead of ours, or extra credit."""

    cell: str
    score: float | None
    extra: float


def with_manual(results: Sequence[Result], gradebook: Path) -> list[Result]:
    """Return the results with what a person gave: marks for words, and `adjusted` points."""
    given = _given(gradebook)
    return [_one(one, given[student_id(one.student), one.exercise]) for one in results]


def _one(result: Result, given: Sequence[Given]) -> Result:
    marks = {one.cell: one.score for one in given if one.score is not None}
    written = tuple(
        replace(one, points=marks.pop(answer_id(one.number), one.points))
        for one in result.written
    )
    ours = {grade_id(one.number): one.points for one in result.questions}
    added = [score - ours.get(cell, 0.0) for cell, score in marks.items()]
    added += [one.extra for one in given if one.extra]
    adjusted = round(sum(added), 6) if added else None
    return replace(result, written=written, adjusted=adjusted)


def _given(gradebook: Path) -> dict[tuple[str, str], list[Given]]:
    """Return what was given, by nbgrader's name for the student and by the exercise."""
    given: dict[tuple[str, str], list[Given]] = defaultdict(list)
    with open_gradebook(gradebook) as book:
        touched = or_(Grade.manual_score.is_not(None), Grade.extra_credit.is_not(None))
        for one in book.db.query(Grade).filter(touched):
            found = Given(cell=one.name, score=one.manual_score, extra=one.extra_credit or 0.0)
            given[one.student.id, one.assignment.name].append(found)
    return given
