"""One HTML page for each student: points, what visible cases said, and that hidden ones exist.

Nothing on it can run: there is no script, a policy forbids every kind of one, and whatever
a student wrote is escaped. Nothing on it tells what a hidden case saw.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from classroom.grading.report.files import file_name, write
from classroom.grading.results import PropertyResult, QuestionResult, Result

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
       padding: 0 1rem; color: #1a1a1a; background: #fff }
h1 { font-size: 1.6rem } h2 { margin-top: 2.5rem; border-bottom: 2px solid #ccc }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd;
         vertical-align: top }
td.points, th.points { text-align: right; white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4;
      padding: .5rem; margin: .3rem 0 }
.aside { color: #555 }
"""
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
    body = "".join(_exercise(one) for one in results if one.status != "missing")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Feedback for {escape(student)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>Feedback for {escape(student)}</h1>\n{_overview(results)}{body}"
        "</body></html>\n"
    )


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


def _overview(results: Sequence[Result]) -> str:
    head = '<tr><th>Exercise</th><th class="points">Points</th><th>Status</th></tr>\n'
    return f"<table>{head}{''.join(_row(one) for one in results)}</table>\n"


def _row(one: Result) -> str:
    points = "–" if one.points is None else f"{one.points:g} of {one.maximum:g}"
    cells = f'<td>{escape(one.exercise)}</td><td class="points">{points}</td>'
    return f"<tr>{cells}<td>{escape(_status(one))}</td></tr>\n"


def _status(one: Result) -> str:
    if one.status == "not graded":  # why is the instructor's business
        return "not graded yet"
    days = "1 day" if one.late_days == 1 else f"{one.late_days} days"
    late = f"; {days} late" if one.late_days else ""
    return f"{one.status}: {one.remark}{late}" if one.remark else f"{one.status}{late}"


def _exercise(one: Result) -> str:
    questions = "".join(_question(question) for question in one.questions)
    return f"<h2>{escape(one.exercise)}</h2>\n{questions}{_cells(one)}"


def _question(question: QuestionResult) -> str:
    title = f"{question.number} {question.function}"
    points = f"{question.points:g} of {question.maximum:g} points"
    lines = "\n".join(feedback(question))
    return (
        f"<h3>{escape(title)}: {escape(question.status)}, {points}</h3>\n"
        f"<pre>{escape(lines)}</pre>\n"
    )


def _cells(one: Result) -> str:
    """Return the cells that raised or were stopped: often one cause of much else."""
    said = [(index, cell.error) for index, cell in enumerate(one.cells, 1) if cell.error]
    if not said:
        return ""
    lines = "\n".join(f"code cell {index}: {error}"[:MOST_SHOWN] for index, error in said)
    return f'<p class="aside">Cells that did not end well:</p><pre>{escape(lines)}</pre>\n'
