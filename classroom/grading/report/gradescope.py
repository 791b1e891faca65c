"""`gradescope/NAME/results.json`: the marks in the form that Gradescope reads.

Its fields are described at https://gradescope-autograders.readthedocs.io/en/latest/specs/.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from classroom.grading.report.files import file_name, write
from classroom.grading.report.page import feedback
from classroom.grading.results import Result


def write_gradescope(folder: Path, results: Sequence[Result]) -> list[Path]:
    """Write one file for each student whose work was graded, hidden cases left out."""
    paths = []
    for student, theirs in groupby(sorted(results, key=_student), key=_student):
        graded = [one for one in theirs if one.points is not None]
        if graded:
            path = folder / "gradescope" / file_name(student) / "results.json"
            write(path, json.dumps(results_of(student, graded), indent=1) + "\n")
            paths.append(path)
    return paths


def results_of(student: str, graded: Sequence[Result]) -> dict[str, object]:
    """Return one student's results as Gradescope has them."""
    tests = [
        {
            "name": f"{one.exercise}: {question.number} {question.function}",
            "number": question.number,
            "score": question.points,
            "max_score": question.maximum,
            "status": "passed" if question.status == "passed" else "failed",
            "output": "\n".join(feedback(question)),
            "output_format": "text",
            "visibility": "visible",
        }
        for one in graded
        for question in one.questions
    ]
    lines = [_line(one) for one in graded]
    return {
        "score": round(sum(one.final or 0.0 for one in graded), 6),
        "output": "\n".join(lines),
        "output_format": "text",
        "tests": tests,
        "extra_data": {"student": student},
    }


def _line(one: Result) -> str:
    said = "; ".join(filter(None, (one.remark, one.lateness)))
    return f"{one.exercise}: {one.status}. {said}".strip()


def _student(result: Result) -> str:
    return result.student
