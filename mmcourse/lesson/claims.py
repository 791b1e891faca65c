"""What a lesson claims of the numbers that it measures.

A claim stands in a cell of its own, below the one that measures. In the course's own runs,
which set MMCOURSE_CLAIMS=strict, one that does not hold is an error. Anywhere else, after an
experiment of yours or with another model, what you got is shown beside what the course
measured, and the lesson goes on. Leaves out how ranges are fitted: at least five seeds each.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import final

from IPython.display import publish_display_data

from mmcourse.boundary.signature import checked
from mmcourse.choice import ORDINARY, chosen_model

MODE = "MMCOURSE_CLAIMS"
"""The environment variable that holds "strict" in the course's own runs."""

LOG = "MMCOURSE_CLAIMS_LOG"
"""The environment variable that names a file: each claim is added to it as a line, and its row
is whether something holds, or a number, the lowest that it may be, and the highest."""

MEASURED = Path(__file__).with_name("measured")

DIGITS = 4
"""So many digits of the course's numbers are kept; later ones differ between machines."""


@final
@dataclass(frozen=True)
class Range:
    """Where a number is claimed to lie; None is no bound. With neither it must be True."""

    low: float | None
    high: float | None

    def holds(self, value: float | bool) -> bool:  # noqa: FBT001 - whether something holds
        """Return whether a number lies in the range; NaN lies in none."""
        if self.low is None and self.high is None:
            return value is True
        return (self.low is None or value >= self.low) and (
            self.high is None or value <= self.high
        )

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{say(self.low)} to {say(self.high)}"
        if self.low is not None:
            return f"at least {say(self.low)}"
        return "yes" if self.high is None else f"at most {say(self.high)}"


def measured(lesson: str, folder: Path = MEASURED) -> dict[str, float | bool]:
    """Return what the course measured in a lesson, by its number: each claim's, by its name."""
    return {what: value for what, (value, _) in claimed(lesson, folder).items()}


def claimed(lesson: str, folder: Path = MEASURED) -> dict[str, tuple[float | bool, Range]]:
    """Return what the course measured in a lesson, and where it claims each number to lie."""
    file = folder / f"{lesson}.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {
        what: (row[0], Range(*row[1:])) if isinstance(row, list) else (row, Range(None, None))
        for what, row in kept.items()
    }


@final
class Claims:
    """Holds what a lesson measures to what the course claims of it.

    A lesson says `claim = Claims("01")` once, and then what it claims:

    >>> claim = Claims("01")
    >>> claim("places right", 0.97, 0.9, 1)
    >>> claim("places right", 0.31, 0.9, 1)  # an experiment of yours
    places right: 0.31; the course claims 0.9 to 1
    >>> claim("the order stayed", [1, 2] == [2, 1])
    the order stayed: no; the course claims yes
    """

    @checked
    def __init__(self, lesson: str) -> None:
        """Begin the claims of a lesson, given by its number."""
        self.lesson = lesson
        self.model = chosen_model()
        self.course = measured(lesson)
        self.got: dict[str, float | bool] = {}

    @checked
    def __call__(
        self,
        what: str,
        value: float | bool,  # noqa: FBT001 - whether something holds is measured, too
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        """Pass over a number that is as claimed in silence; say of any other what was claimed.

        Args:
            what: the quantity, in a few words; its name in tables.
            value: what was measured. Without a range it is claimed to be True.
            low: the lowest it may be; None where nothing is too low.
            high: the highest.

        Raises:
            AssertionError: it is not as claimed, in a run of the course's own.
            ValueError: the range is empty.
        """
        if low is not None and high is not None and not low <= high:
            raise ValueError(
                f"claim: low must be at most high; got {low} and {high} for {what}."
            )
        value = bool(value) if low is None and high is None else value
        span = Range(low, high)
        self.got[what] = value
        _record(self.lesson, what, value, span)
        usual = self.model == ORDINARY
        if usual and span.holds(value):
            return
        if usual and os.environ.get(MODE) == "strict":
            raise AssertionError(
                f"claim: {what} must be {span}; got {value}; something that it is measured "
                "with has changed."
            )
        print(f"{what}: {say(value)}; {self._course(what)} {span}")  # noqa: T201 - in a lesson

    def _course(self, what: str) -> str:
        """Return what the course measured, and what verb its claim needs."""
        if what not in self.course:
            return "the course claims"
        return f"the course measured {say(self.course[what])}, and claims"

    @checked
    def table(self, *names: str) -> None:
        """Show the numbers of some claims, or of all; beside them the course's, if they differ.

        Raises:
            KeyError: nothing was claimed by that name.
        """
        rows = [(name, *self._pair(name)) for name in names or self.got]
        head = ("measured", "here", "by the course")
        columns = 3 if any(course not in ("", here) for _, here, course in rows) else 2
        lines = [" | ".join(row[:columns]) for row in (head, ("---",) * 3, *rows)]
        plain = "\n".join(f"{name}: {here}" for name, here, _ in rows)
        publish_display_data(  # type: ignore[no-untyped-call]
            {"text/markdown": "\n".join(f"| {line} |" for line in lines), "text/plain": plain}
        )

    def _pair(self, name: str) -> tuple[str, str]:
        """Return a number that was claimed, and the course's."""
        if name not in self.got:
            known = ", ".join(map(repr, self.got)) or "none yet"
            raise KeyError(f"table: nothing is claimed by the name {name!r}; there is {known}.")
        here, course = self.got[name], self.course.get(name)
        if course is None:
            return say(here), ""
        return say(here), say(here if rounded(here) == course else course)


def rounded(value: float | bool) -> float | bool:  # noqa: FBT001 - whether something holds
    """Return a number with the digits that are kept.

    >>> rounded(0.123456), rounded(151_277_313)
    (0.1235, 151300000.0)
    """
    return value if isinstance(value, bool) else float(f"{value:.{DIGITS}g}")


def say(value: float | bool) -> str:  # noqa: FBT001 - whether something holds
    """Return a number with three digits that count, and whether something holds as a word.

    >>> say(0.76432), say(2000), say(True)
    ('0.764', '2000', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.3g}"


def _record(lesson: str, what: str, value: float | bool, span: Range) -> None:  # noqa: FBT001
    """Add a claim's number, with its range, to the log, if there is to be one."""
    if log := os.environ.get(LOG):
        row = value if isinstance(value, bool) else [value, span.low, span.high]
        line = json.dumps({"lesson": lesson, "what": what, "row": row})
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
