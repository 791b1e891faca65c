"""Hand the marks to nbgrader: its gradebook, and a copy of each notebook that is safe to open.

In the copies, sources are the student's, outputs are our own words, and markdown is shown
as it was typed: nbgrader's pages would run what is written there. Its own `autograde`, which
believes the student's kernel, is not used; its formgrader, feedback and export are.
"""

import json
import os
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook  # type: ignore[import-untyped]

from classroom.grading.exercise import Exercise
from classroom.grading.faults import UnreadableError
from classroom.grading.intake import collect
from classroom.grading.notebook import Cell, parse
from classroom.grading.report.files import file_name, write
from classroom.grading.report.page import feedback
from classroom.grading.results import CellResult, QuestionResult, Result

FOLDER = "nbgrader"
COURSE = "mmcourse"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PLAIN = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9_.@-]{0,60}")


def write_gradebook(
    out: Path,
    submissions: Path,
    exercises: Sequence[Exercise],
    results: Sequence[Result],
    solutions: Path,
) -> Path:
    """Write `nbgrader/` with gradebook.db, autograded/ and a configuration; return its path.

    What was handed in is read again, and used only where it is what was graded.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "nbgrader_config.py", _configuration(solutions))
    collected = collect(submissions, [one.name for one in exercises]).submissions
    read = {(one.student, one.exercise): one.read for one in collected}
    with warnings.catch_warnings(), _gradebook(folder / "gradebook.db") as book:
        warnings.filterwarnings("ignore", "Object of type <Submitted")  # nbgrader's own habit
        for exercise in exercises:
            _define(book, exercise)
        for result in results:
            _know(book, result.student)
            content = read.get((result.student, result.exercise))
            if content and result.status not in ("missing", "not graded"):
                try:
                    cells = parse(content())
                except UnreadableError:
                    cells = ()
                _record(book, folder, result, cells)
    return folder


def rebuilt(cells: Sequence[Cell], result: Result) -> dict[str, Any]:
    """Return the student's notebook with our outputs, and our verdict below each check."""
    made: list[dict[str, Any]] = []
    code = 0
    waiting = {question.number: question for question in result.questions}
    for cell in cells:
        said = CellResult(text="")
        if cell.code:
            said = result.cells[code] if code < len(result.cells) else said
            code += 1
        number = _checked(cell.source) if cell.code else None
        if number in waiting:
            made.append(_verdict(waiting.pop(number), cell.source))
        else:
            made.append(_copy(cell, said))
    for left in waiting.values():
        made.append(_verdict(left, f'check("{left.number}", {left.function})'))
    for index, one in enumerate(made):
        one["id"] = f"cell-{index}"
    return {
        "cells": made,
        "metadata": {"kernelspec": KERNEL},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def student_id(student: str) -> str:
    """Return the name under which nbgrader knows a student, which is a folder's name too.

    >>> student_id("ada"), student_id("../Ada")
    ('ada', 'Ada-4e4af216')
    """
    return student if PLAIN.fullmatch(student) else file_name(student)


def grade_id(number: str) -> str:
    """Return the id of the cell that holds the points of a question.

    >>> grade_id("02.1")
    '02-1-check'
    """
    return f"{number.replace('.', '-')}-check"


def _checked(source: str) -> str | None:
    found = re.search(r"^check\(\s*[\"'](\d\d\.\d+)[\"']", source, re.MULTILINE)
    return found[1] if found else None


def _copy(cell: Cell, said: CellResult) -> dict[str, Any]:
    if not cell.code:  # indented, it is shown as text, whatever it holds
        text = "\n".join(f"    {line}" for line in cell.source.splitlines())
        return {"cell_type": "markdown", "metadata": {}, "source": text}
    return _code(cell.source, "\n".join(filter(None, (said.text, said.ending))))


def _code(source: str, said: str) -> dict[str, Any]:
    output = {"output_type": "stream", "name": "stdout", "text": said}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [output] if said else [],
        "source": source,
    }


def _verdict(question: QuestionResult, source: str) -> dict[str, Any]:
    cell = _code(source, "\n".join(feedback(question)))
    cell["metadata"]["nbgrader"] = {
        "cell_type": "code",
        "grade": True,
        "grade_id": grade_id(question.number),
        "locked": True,
        "points": question.maximum,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return cell


def _define(book: Gradebook, exercise: Exercise) -> None:
    """Tell the gradebook of an exercise, and of the points of its questions."""
    book.update_or_create_assignment(exercise.name)
    book.update_or_create_notebook(exercise.name, exercise.name)
    for question in exercise.questions:
        book.update_or_create_grade_cell(
            grade_id(question.number),
            exercise.name,
            exercise.name,
            max_score=sum(one.points for one in question.properties),
            cell_type="code",
        )


def _know(book: Gradebook, student: str) -> None:
    shown = re.sub(r"[<>&\"'`]", " ", student)  # formgrader's pages are HTML
    book.update_or_create_student(student_id(student), last_name=shown)


def _record(book: Gradebook, folder: Path, result: Result, cells: Sequence[Cell]) -> None:
    student, name = student_id(result.student), result.exercise
    book.update_or_create_submission(name, student)
    points = {grade_id(one.number): one.points for one in result.questions}
    for grade in book.find_submission_notebook(name, name, student).grades:
        grade.auto_score = points.get(grade.name, 0.0)
        grade.needs_manual_grade = False
    book.db.commit()
    copy = json.dumps(rebuilt(cells, result), indent=1) + "\n"
    write(folder / "autograded" / student / name / f"{name}.ipynb", copy)


def _configuration(solutions: Path) -> str:
    source = solutions.resolve()
    return (
        "c = get_config()  # noqa: F821\n"
        f"c.CourseDirectory.course_id = {COURSE!r}\n"
        f"c.CourseDirectory.source_directory = {str(source)!r}\n"
        f"c.CourseDirectory.release_directory = {str(source.with_name('exercises'))!r}\n"
    )


def _gradebook(path: Path) -> Gradebook:
    """Open a gradebook; for a new one nbgrader calls `alembic`, which lies beside Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        return Gradebook(f"sqlite:///{path.resolve()}", COURSE)
    finally:
        os.environ["PATH"] = before
