"""The copy of a student's notebook that nbgrader gets, safe to open.

Sources are the student's, outputs are our own words, and markdown is shown as it was typed:
nbgrader's pages would run what is written there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from classroom.grading.notebook import Cell
from classroom.grading.report.page import feedback
from classroom.grading.results import CellResult, QuestionResult, Result

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
NOTHING = Cell(code=False, source="(no answer in its place)")


def rebuilt(
    cells: Sequence[Cell], result: Result, written: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Return the student's notebook with our outputs, and our verdict below each check.

    Args:
        cells: the student's.
        result: what grading it gave.
        written: by its cell's id, the points of each answer in words, for a person to mark.
    """
    made = list(_cells(cells, result, dict(written or {})))
    for index, one in enumerate(made):
        one["id"] = f"cell-{index}"
    return {
        "cells": made,
        "metadata": {"kernelspec": KERNEL},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def grade_id(number: str) -> str:
    """Return the id of the cell that holds the points of a question.

    >>> grade_id("02.1")
    '02-1-check'
    """
    return f"{number.replace('.', '-')}-check"


def answer_id(number: str) -> str:
    """Return the id of the cell in which a question is answered in words.

    >>> answer_id("07.5")
    '07-5-answer'
    """
    return f"{number.replace('.', '-')}-answer"


def _cells(
    cells: Sequence[Cell], result: Result, written: dict[str, float]
) -> Iterator[dict[str, Any]]:
    said = iter(result.cells)
    waiting = {question.number: question for question in result.questions}
    for cell in cells:
        if not cell.code:
            most = written.pop(cell.place, None) if cell.place else None
            yield _text(cell) if most is None else _answer(cell, str(cell.place), most)
            continue
        ran = next(said, CellResult(text=""))
        number = _checked(cell.source)
        if number in waiting:
            yield _verdict(waiting.pop(number), cell.source)
        else:
            yield _code(cell.source, "\n".join(filter(None, (ran.text, ran.ending))))
    for place, most in written.items():
        yield _answer(NOTHING, place, most)
    for left in waiting.values():
        yield _verdict(left, f'check("{left.number}", {left.function})')


def _checked(source: str) -> str | None:
    found = re.search(r"^check\(\s*[\"'](\d\d\.\d+)[\"']", source, re.MULTILINE)
    return found[1] if found else None


def _text(cell: Cell) -> dict[str, Any]:
    """Return a text cell, indented: so it is shown as text, whatever it holds."""
    text = "\n".join(f"    {line}" for line in cell.source.splitlines())
    return {"cell_type": "markdown", "metadata": {}, "source": text}


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
    points = _points(grade_id(question.number), question.maximum)
    return {**_code(source, "\n".join(feedback(question))), "metadata": points}


def _answer(cell: Cell, place: str, most: float) -> dict[str, Any]:
    return {**_text(cell), "metadata": _points(place, most, by_hand=True)}


def _points(name: str, points: float, *, by_hand: bool = False) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell that has points."""
    return {
        "nbgrader": {
            "cell_type": "markdown" if by_hand else "code",
            "grade": True,
            "grade_id": name,
            "locked": not by_hand,
            "points": points,
            "schema_version": 3,
            "solution": by_hand,
            "task": False,
        }
    }
