"""Late days: from when a file arrived, or from a list that the instructor gives.

Never from anything inside a submission, which its student writes.
"""

import csv
from collections.abc import Mapping
from datetime import datetime
from math import ceil
from pathlib import Path

DAY = 86_400


def late_days(when: datetime | None, due: datetime | None) -> int | None:
    """Return the days begun after the date due: 0 if in time, None if either is not known.

    >>> late_days(datetime(2025, 3, 2, 12, 1), datetime(2025, 3, 1, 12))
    2
    """
    if when is None or due is None:
        return None
    return max(0, ceil((aware(when) - aware(due)).total_seconds() / DAY))


def aware(time: datetime) -> datetime:
    """Return a time with its zone; one without is this machine's."""
    return time.astimezone()


def read_times(file: Path) -> Mapping[tuple[str, str], datetime]:
    """Return when each student handed in, from a CSV with a heading.

    The columns are `student` and `time` (ISO 8601), and `exercise`, which may be missing or
    empty: then the time holds for every exercise.

    Raises:
        ValueError: if a column is missing, or a time is none.
    """
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        if not {"student", "time"} <= set(rows.fieldnames or ()):
            raise ValueError(
                f"times: expected the columns student and time in {file}; "
                f"got {', '.join(rows.fieldnames or ()) or 'none'}."
            )
        times = {}
        for row in rows:
            try:
                when = datetime.fromisoformat(row["time"].strip())
            except (ValueError, AttributeError):
                raise ValueError(
                    f"times: expected a time such as 2025-03-01T12:00 in line {rows.line_num} "
                    f"of {file}; got {row['time']!r}."
                ) from None
            times[row["student"].strip(), (row.get("exercise") or "").strip()] = when
    return times
