"""One HTML page for each student: points, what the check says, what came of each property.

`page.html` is how it looks. Nothing on it can run: there is no script, a policy forbids every
kind of one, and whatever a student wrote is escaped. Nothing on it tells what a hidden case
saw, or which mistake explains it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from classroom.grading.report.files import file_name, write
from classroom.grading.report.templates import filled
from classroom.grading.results import PropertyResult, QuestionResult, Result, WrittenResult

FOLDER = "feedback"
MOST_SHOWN = 600
MOST_SAID = 6_000
"""Characters shown of a line, and of what the check in the notebook says."""
ALL_PASS = re.compile(r": all \d+ cases passed\b")


def write_pages(folder: Path, results: Sequence[Result]) -> list[Path]:
    """Write `feedback/NAME.html` for each student."""
    pages = []
    for student, theirs in groupby(sorted(results, key=_student), key=_student):
        path = folder / FOLDER / f"{file_name(student)}.html"
        write(path, page(student, tuple(theirs)))
        pages.append(path)
    return pages


def page(student: str, results: Sequence[Result]) -> str:
    """Return the page of one student."""
    return filled(
        "page.html",
        student=student,
        results=results,
        points=_had,
        status=_status,
        practice=_practice,
        surprise=_surprise,
        had=_of_property,
        word=_word,
        cases=_cases,
        marked=marked,
        endings=_endings,
    )


def feedback(question: QuestionResult) -> Iterator[str]:
    """Yield what a student may know of a question, line by line."""
    if question.feedback:
        yield from _practice(question).splitlines()
    if surprise := _surprise(question):
        yield surprise
    for one in question.properties:
        points = f"{_of_property(one)} points, " if one.maximum else ""
        yield f"{one.name}: {points}{_word(one)}"
        yield from (f"  {line}" for line in _cases(one))


def marked(answer: WrittenResult) -> str:
    """Return what a written answer got, in words."""
    if answer.points is not None:
        return f"{answer.points:g} of {answer.maximum:g} points"
    return "awaits marking" if answer.awaits else "not answered"


def _student(result: Result) -> str:
    return result.student


def _practice(question: QuestionResult) -> str:
    return question.feedback[:MOST_SAID]


def _surprise(question: QuestionResult) -> str:
    """Return what to say where the practice cases pass and those of grading do not."""
    first = question.feedback.partition("\n")[0]
    if question.status == "passed" or not ALL_PASS.search(first):
        return ""
    return "All practice cases pass; new cases that grading drew do not."


def _of_property(one: PropertyResult) -> str:
    return f"{one.points:g} of {one.maximum:g}" if one.maximum else "–"


def _word(one: PropertyResult) -> str:
    return "right" if all(case.status == "passed" for case in one.cases) else "not right yet"


def _cases(one: PropertyResult) -> Iterator[str]:
    """Yield how each visible case ended, and whether the hidden ones passed."""
    for case in one.cases:
        if case.visible:
            text = f": {case.text}" if case.text else ""
            yield f"{case.label}: {case.status}{text}"[:MOST_SHOWN]
    hidden = [case.status == "passed" for case in one.cases if not case.visible]
    if hidden:
        cases = "1 hidden case" if len(hidden) == 1 else f"{len(hidden)} hidden cases"
        yield f"{cases}: {'passed' if all(hidden) else 'not passed'}"


def _had(one: Result | QuestionResult) -> str:
    return "–" if one.points is None else f"{one.points:g} of {one.maximum:g}"


def _status(one: Result) -> str:
    if one.status == "not graded":  # why is the instructor's business
        return "not graded yet"
    late = f"; {one.lateness}" if one.lateness else ""
    return f"{one.status}: {one.remark}{late}" if one.remark else f"{one.status}{late}"


def _endings(one: Result) -> list[str]:
    """Return the cells that raised, were stopped or skipped: often one cause of much else."""
    return [
        f"code cell {index}: {cell.ending}"[:MOST_SHOWN]
        for index, cell in enumerate(one.cells, 1)
        if cell.ending
    ]
