"""Answers in words: which text of a notebook answers which question.

A cell belongs to a question by the name that it was handed out with, or by lying between the
question's heading and the next question's. What was handed out is no answer. Leaves out
judging: a person does that. Leaves out words in code cells.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from classroom.checks.question import Exercise
from classroom.grading.attempt import text_of
from classroom.grading.limits import MOST_TEXT
from classroom.grading.notebook import Cell
from classroom.grading.results import Result, WrittenResult

PROMPT = "YOUR ANSWER HERE"
HEADING = re.compile(r"\s*##\s*(\d\d\.\d+)\b[^\n]*")
RATING = re.compile(r"^Difficulty [●○].*$(?:\n\nPoints: .*$)?", re.MULTILINE)
HANDED_OUT = re.compile(r"(?:start|\d\d-\d+)-text-\d+")
"""The names of text cells that a student reads; the cell to write in ends in "-answer"."""


def with_written(result: Result, exercise: Exercise, cells: Sequence[Cell]) -> Result:
    """Return a result with what its student wrote; whoever wrote has attempted the exercise."""
    written = answers(exercise, cells)
    wrote = any(one.text for one in written)
    attempted = wrote and result.status == "not attempted"
    status = "graded" if attempted else result.status
    return replace(result, written=written, status=status)


def answers(exercise: Exercise, cells: Sequence[Cell]) -> tuple[WrittenResult, ...]:
    """Return the answer to each written question, not marked yet; its text may be empty."""
    return tuple(
        WrittenResult(
            number=one.number,
            title=one.title,
            text=text_of("\n\n".join(_texts(one.number, cells)), MOST_TEXT) or "",
            maximum=one.points,
        )
        for one in exercise.written
    )


def _texts(number: str, cells: Sequence[Cell]) -> Iterator[str]:
    """Yield what a student has written below a question's heading, cell by cell."""
    place, section = f"{number.replace('.', '-')}-answer", ""
    for cell in cells:
        if cell.code:
            continue
        heading = HEADING.match(cell.source)
        section = heading[1] if heading else section
        if cell.place == place or section == number:
            lines = _own(cell).splitlines()
            own = "\n".join(line for line in lines if line.strip() != PROMPT).strip()
            if own:
                yield own


def _own(cell: Cell) -> str:
    """Return what a student has added to a cell: of a heading's, what stands below it."""
    heading, rating = HEADING.match(cell.source), RATING.search(cell.source)
    if heading and rating:
        return cell.source[rating.end() :]
    if HANDED_OUT.fullmatch(cell.place or ""):
        return ""
    return cell.source[heading.end() :] if heading else cell.source
