"""Hand the marks to nbgrader: its gradebook, and a copy of each notebook that is safe to open.

Its own `autograde`, which
believes the student's kernel, is not used; its formgrader, feedback and export are. Scores and
comments that a person gave in formgrader stay as they are, and so do names that were changed
there; `manual` reads the scores.
"""

import json
import os
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Gradebook  # type: ignore[import-untyped]

from classroom.checks.question import Exercise
from classroom.grading.faults import UnreadableError
from classroom.grading.intake import collect
from classroom.grading.notebook import parse
from classroom.grading.report.files import file_name, write
from classroom.grading.report.returned import answer_id, grade_id, rebuilt
from classroom.grading.results import Result

FOLDER = "nbgrader"
COURSE = "mmcourse"
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
    asked = {one.name: one for one in exercises}
    with warnings.catch_warnings(), open_gradebook(folder / "gradebook.db") as book:
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
                written = _written(asked[result.exercise])
                copy = json.dumps(rebuilt(cells, result, written), indent=1) + "\n"
                _record(book, folder, result, copy)
    return folder


def student_id(student: str) -> str:
    """Return the name under which nbgrader knows a student, which is a folder's name too.

    >>> student_id("ada"), student_id("../Ada")
    ('ada', 'Ada-4e4af216')
    """
    return student if PLAIN.fullmatch(student) else file_name(student)


def _written(exercise: Exercise) -> dict[str, float]:
    """Return the points of an exercise's answers in words, by the id of their cell."""
    return {answer_id(one.number): one.points for one in exercise.written}


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
    for name, points in _written(exercise).items():
        places = (name, exercise.name, exercise.name)
        book.update_or_create_solution_cell(*places)  # which comments belong to
        book.update_or_create_grade_cell(*places, max_score=points, cell_type="markdown")


def _know(book: Gradebook, student: str) -> None:
    """Tell the gradebook of a student; of a name without parts it shows "None" for one."""
    known = book.update_or_create_student(student_id(student))
    shown = re.sub(r"[<>&\"'`]", " ", student)  # formgrader's pages are HTML
    known.last_name = shown if known.last_name is None else known.last_name
    known.first_name = known.first_name or ""
    book.db.commit()


def _record(book: Gradebook, folder: Path, result: Result, copy: str) -> None:
    """Write the points, and the copy; what a person gave is to be looked at if that changed."""
    student, name = student_id(result.student), result.exercise
    path = folder / "autograded" / student / name / f"{name}.ipynb"
    changed = path.exists() and path.read_text(encoding="utf-8") != copy
    book.update_or_create_submission(name, student)
    points = {grade_id(one.number): one.points for one in result.questions}
    for grade in book.find_submission_notebook(name, name, student).grades:
        by_hand = grade.cell_type == "markdown"
        grade.auto_score = None if by_hand else points.get(grade.name, 0.0)
        marked = grade.manual_score is not None
        grade.needs_manual_grade = changed if marked else by_hand
    book.db.commit()
    write(path, copy)


def _configuration(solutions: Path) -> str:
    source = solutions.resolve()
    return (
        "c = get_config()  # noqa: F821\n"
        f"c.CourseDirectory.course_id = {COURSE!r}\n"
        f"c.CourseDirectory.source_directory = {str(source)!r}\n"
        f"c.CourseDirectory.release_directory = {str(source.with_name('exercises'))!r}\n"
    )


def open_gradebook(path: Path) -> Gradebook:
    """Open a gradebook; for a new one nbgrader calls `alembic`, which lies beside Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        return Gradebook(f"sqlite:///{path.resolve()}", COURSE)
    finally:
        os.environ["PATH"] = before
