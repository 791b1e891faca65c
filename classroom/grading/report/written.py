"""`written.html`: all answers in words side by side, question by question, for who marks them.

`written.html` beside this file is how it looks. Markdown is shown as text, so that nothing a
student wrote can run or be fetched.
"""

from collections.abc import Sequence
from pathlib import Path

from classroom.checks.question import Exercise, Written
from classroom.grading.report.files import write
from classroom.grading.report.page import marked
from classroom.grading.report.templates import filled
from classroom.grading.results import Result, WrittenResult


def write_written(
    folder: Path, exercises: Sequence[Exercise], results: Sequence[Result]
) -> Path | None:
    """Write `written.html` and return its path; None where nothing is asked in words."""
    asked = [one for each in exercises for one in each.written]
    if not asked:
        return None
    write(folder / "written.html", page(asked, results))
    return folder / "written.html"


def page(asked: Sequence[Written], results: Sequence[Result]) -> str:
    """Return the page with the answers to some questions, by the students' names."""
    questions = [(question, _answers(question, results)) for question in asked]
    return filled("written.html", questions=questions, marked=marked)


def _answers(question: Written, results: Sequence[Result]) -> list[tuple[str, WrittenResult]]:
    found = [
        (result.student, answer)
        for result in results
        for answer in result.written
        if answer.number == question.number
    ]
    return sorted(found, key=lambda one: one[0])
