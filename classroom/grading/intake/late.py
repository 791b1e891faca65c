"""Late days, and what they cost.

They come from when a file arrived, or from a list that the instructor gives; never from
anything inside a submission, which its student writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from pathlib import Path

from classroom.grading.intake.names import readable
from classroom.grading.sheet import read_sheet

DAY = 86_400


def late_days(when: datetime | None, due: datetime | None) -> int | None:
    """Return the days begun after the date due: 0 if in time, None if either is not known.

    >>> late_days(datetime(2025, 3, 2, 12, 1), datetime(2025, 3, 1, 12))
    2
    """
    if when is None or due is None:
        return None
    return max(0, ceil((aware(when) - aware(due)).total_seconds() / DAY))


@dataclass(frozen=True, kw_only=True)
class LateRule:
    """What a late day costs.

    Args:
        percent: of the points had, in [0, 100], for every late day.
        free_days: so many late days of each submission cost nothing.
    """

    percent: float
    free_days: int = 0

    def after(self, points: float, days: int | None) -> float:
        """Return what is left of some points: never below 0, to a hundredth, halves upwards.

        Where no date is known (None), nothing is taken.

        >>> LateRule(percent=10, free_days=1).after(8, 3)
        6.4
        """
        charged = max(0, (days or 0) - self.free_days)
        left = max(Decimal(0), 100 - Decimal(str(self.percent)) * charged)
        kept = Decimal(str(points)) * left / 100
        return float(kept.quantize(Decimal("0.01"), ROUND_HALF_UP))


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
    heading, *rows = read_sheet("times", file).rows
    heading = [one.strip() for one in heading]
    if not {"student", "time"} <= set(heading):
        raise ValueError(
            f"times: expected the columns student and time in {file}; got "
            f"{readable(', '.join(heading))}."
        )
    times = {}
    for number, row in enumerate(rows, 2):
        said = {name: field.strip() for name, field in zip(heading, row, strict=False)}
        try:
            when = aware(datetime.fromisoformat(said.get("time", "")))
        except (ValueError, OverflowError):
            raise ValueError(
                f"times: expected a time such as 2025-03-01T12:00 in row {number} of {file}; "
                f"got {said.get('time')!r}."
            ) from None
        times[said.get("student", ""), said.get("exercise", "")] = when
    return times
