"""`grades.csv`: one row for each student and exercise, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from classroom.grading.report.files import write
from classroom.grading.results import Result

COLUMNS = ("student", "exercise", "points", "max_points", "status", "reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def write_table(folder: Path, results: Sequence[Result]) -> Path:
    """Write the table, with `late_days` as its last column where a date due was given."""
    late = any(one.late_days is not None for one in results)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow((*COLUMNS, "late_days") if late else COLUMNS)
    for one in results:
        points = "" if one.points is None else f"{one.points:g}"
        row = [harmless(one.student), one.exercise, points, f"{one.maximum:g}", one.status]
        row.append(harmless(one.remark))
        rows.writerow([*row, "" if one.late_days is None else one.late_days] if late else row)
    write(folder / "grades.csv", text.getvalue())
    return folder / "grades.csv"


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
