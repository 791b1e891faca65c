"""`grades.csv`: one row for each student and exercise, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from classroom.grading.report.files import write
from classroom.grading.results import Result

COLUMNS = ("student", "exercise", "points", "max_points", "status", "reason")
EXTRA = ("late_days", "points_after_late", "manual_points")
STARTS = "=+@|%\\-\uff0b\uff0d\uff1d\uff20\uff5c\ufe62\ufe63\ufe66\ufe6b\u2212"
"""What begins a formula in some spreadsheet, as a character class; full-width forms too."""
BLANK = "\\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff\u3164"
FIRST = re.compile(f"[{BLANK}]*[{STARTS}]|[\t\r\n]")
AFTER = re.compile(f'([,;:|^~"\t\r\n][{BLANK}]*|[{BLANK}](?=[{STARTS}](?! )))(?=[{STARTS}])')
"""A separator in front of a formula; a blank is one too, unless a space follows as well."""


def write_table(folder: Path, results: Sequence[Result]) -> Path:
    """Write the table; columns that only some runs need come last, where one has a value."""
    extra = [name for name in EXTRA if any(getattr(one, name) is not None for one in results)]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow((*COLUMNS, *extra))
    for one in results:
        row = [harmless(one.student), one.exercise, _number(one.points), _number(one.maximum)]
        row += [one.status, harmless(one.remark)]
        rows.writerow([*row, *(_number(getattr(one, name)) for name in extra)])
    write(folder / "grades.csv", text.getvalue())
    return folder / "grades.csv"


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, whatever separates its columns.

    A spreadsheet set to semicolons makes two cells of `a;=1`, the second one a formula.

    >>> harmless("=1+1"), harmless("Ada;=1+1"), harmless("a - b = 3, 4")
    ("'=1+1", "Ada;'=1+1", 'a - b = 3, 4')
    """
    return ("'" if FIRST.match(text) else "") + AFTER.sub(r"\1'", text)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
