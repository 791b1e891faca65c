"""One HTML page for each student: points, what visible cases said, and that hidden ones exist.

`page.html` is how it looks. Nothing on it can run: there is no script, a policy forbids every
kind of one, and whatever a student wrote is escaped. Nothing on it tells what a hidden case
saw.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from classroom.grading.report.files import file_name, write
from classroom.grading.results import PropertyResult, QuestionResult, Result

MOST_SHOWN = 600


def write_pages(folder: Path, results: Sequence[Result]) -> list[Path]:
    """Write `feedback/NAME.html` for each student."""
    pages = []
    for student, theirs in groupby(sorted(results, key=_student), key=_student):
        path = folder / "feedback" / f"{file_name(student)}.html"
        write(path, page(student, tuple(theirs)))
        pages.append(path)
    return pages


def page(student: str, results: Sequence[Result]) -> str:
    """Return the page of one student."""
    words = {"points": _had, "status": _status, "feedback": feedback, "endings": _endings}
    return _pages().get_template("page.html").render(student=student, results=results, **words)


def feedback(question: QuestionResult) -> Iterator[str]:
    """Yield what a student may know of a question: its properties and visible cases."""
    for one in question.properties:
        yield f"{one.name}: {_points(one)}{_word(one)}"
        for case in one.cases:
            if case.visible:
                text = f": {case.text}" if case.text else ""
                yield f"  {case.label}: {case.status}{text}"[:MOST_SHOWN]
        if hidden := sum(not case.visible for case in one.cases):
            yield f"  {_hidden(one, hidden)}"


def _student(result: Result) -> str:
    return result.student


def _points(one: PropertyResult) -> str:
    return f"{one.points:g} of {one.maximum:g} points, " if one.maximum else ""


def _word(one: PropertyResult) -> str:
    return "right" if all(case.status == "passed" for case in one.cases) else "not right yet"


def _hidden(one: PropertyResult, count: int) -> str:
    held = all(case.status == "passed" for case in one.cases if not case.visible)
    cases = "1 hidden case" if count == 1 else f"{count} hidden cases"
    return f"{cases}: {'passed' if held else 'not passed'}"


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


@cache
def _pages() -> Environment:
    """Return the templates beside this file, in which every value is escaped."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
