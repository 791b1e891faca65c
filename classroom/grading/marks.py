"""Marks that a person gave for answers in words: read from a list, put into the results.

Leaves out where else marks come from: whoever reads them there hands over the same mapping.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classroom.checks.question import Exercise, Written
from classroom.grading.report.table import harmless
from classroom.grading.results import Result, WrittenResult

COLUMNS = ("student", "question", "points")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The points for one answer, and what to say about it."""

    points: float
    comment: str = ""


Marks = Mapping[tuple[str, str], Mark]
"""By student and question."""


def read_marks(file: Path, exercises: Sequence[Exercise]) -> Marks:
    """Return the marks in a CSV with the columns student, question, points and comment.

    The column comment may be missing. A row without points is not marked yet.

    Raises:
        ValueError: for a missing column, an unknown question, points that are no number or
            not from 0 to the question's, and an answer that is marked twice.
    """
    known = {one.number: one for each in exercises for one in each.written}
    marks: dict[tuple[str, str], Mark] = {}
    for line, row in _rows(file):
        where = f"line {line} of {file}"
        if not row["points"]:
            continue
        question = _question(row["question"], known, where)
        key = (row["student"], question.number)
        if key in marks:
            raise ValueError(
                f"marks: expected one mark for each answer; got a second one for {key[0]!r}, "
                f"{key[1]}, in {where}. Remove one of the two."
            )
        points = _points(row["points"], question, where)
        marks[key] = Mark(points=points, comment=row.get("comment", ""))
    return marks


def of_students(marks: Marks, students: Iterable[str]) -> Marks:
    """Return the marks with the students' own names, which `grades.csv` may write otherwise.

    Raises:
        ValueError: if a mark is for nobody among them.
    """
    known = {spelling: name for name in students for spelling in (harmless(name), name)}
    strangers = sorted({student for student, _ in marks if student not in known})
    if strangers:
        raise ValueError(
            "marks: expected students who are among the submissions; got "
            f"{', '.join(map(repr, strangers))}. Write their names as in grades.csv."
        )
    return {(known[student], number): mark for (student, number), mark in marks.items()}


def marked(
    results: Sequence[Result], exercises: Sequence[Exercise], marks: Marks
) -> list[Result]:
    """Return the results with their marks; the reason says which answers await theirs."""
    asked = {one.name: one.written for one in exercises}
    return [_marked(one, asked[one.exercise], marks) for one in results]


def _marked(result: Result, asked: Sequence[Written], marks: Marks) -> Result:
    wrote = {one.number: one for one in result.written}
    written = tuple(
        _with_mark(wrote.get(number, nothing), marks.get((result.student, number)))
        for number, nothing in ((one.number, _nothing(one)) for one in asked)
    )
    waiting = [one.number for one in written if one.awaits]
    verb = "awaits" if len(waiting) == 1 else "await"
    waits = f"{', '.join(waiting)} {verb} marking" if waiting else ""
    reason = "; ".join(filter(None, (waits, result.reason)))
    return replace(result, written=written, reason=reason)


def _with_mark(answer: WrittenResult, mark: Mark | None) -> WrittenResult:
    if mark is None:
        return answer
    return replace(answer, points=mark.points, comment=mark.comment)


def _nothing(asked: Written) -> WrittenResult:
    """Return the answer of a student of whom no notebook could be read."""
    return WrittenResult(number=asked.number, title=asked.title, text="", maximum=asked.points)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the number of its line, its fields without spaces around them."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        try:
            rows = csv.DictReader(opened, restval="")
            if not set(COLUMNS) <= set(rows.fieldnames or ()):
                raise ValueError(
                    f"marks: expected the columns {', '.join(COLUMNS)}, with commas between "
                    f"them, in {file}; got {', '.join(rows.fieldnames or ()) or 'none'}."
                )
            for row in rows:
                yield rows.line_num, {key: row[key].strip() for key in row if key}
        except UnicodeDecodeError as error:
            raise ValueError(
                f"marks: expected text in UTF-8 in {file}; got other bytes. Save it as CSV "
                "UTF-8."
            ) from error


def _question(number: str, known: Mapping[str, Written], where: str) -> Written:
    """Return the written question of a number; spreadsheets make 7.5 of 07.5."""
    found = known.get(number) or known.get(f"0{number}")
    if found is None:
        expected = ", ".join(known) or "there is none"
        raise ValueError(
            f"marks: expected the number of a written question ({expected}) in {where}; "
            f"got {number!r}."
        )
    return found


def _points(text: str, question: Written, where: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not 0 <= points <= question.points:
        raise ValueError(
            f"marks: expected points from 0 to {question.points:g} for {question.number} in "
            f"{where}; got {text!r}."
        )
    return points
