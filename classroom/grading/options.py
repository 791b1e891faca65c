"""The words after `grade`: what they may be, and which of them go together."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from os.path import realpath
from pathlib import Path

from classroom.grading.intake import LateRule
from classroom.grading.journal import seed_of


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; end with 2 where one is not understood."""
    return _parser().parse_args(arguments)


def refuse_what_cannot_be(chosen: argparse.Namespace) -> None:
    """Raise ValueError for options that do not go together, before anything is graded."""
    if chosen.times and not chosen.due:
        raise ValueError("grade: --times counts late days from --due; give both.")
    if chosen.out.exists() and not chosen.out.is_dir():
        raise ValueError(
            f"grade: expected a folder for --out; {chosen.out} is a file. Give another name; "
            "the folder is made where there is none."
        )
    # not resolve(), which raises for a link that leads to itself
    if Path(realpath(chosen.out)).is_relative_to(realpath(chosen.submissions)):
        raise ValueError(
            f"grade: {chosen.out} lies among the submissions, where the next run would take "
            "it for a student. Give a folder beside them to --out."
        )
    if chosen.nbgrader and find_spec("nbgrader") is None:
        raise ValueError(
            "grade: --nbgrader needs nbgrader, which is not installed. Install it: python -m "
            'pip install -e ".[instructor]" -c constraints.txt'
        )
    if chosen.jobs < 1:
        raise ValueError(f"grade: expected at least one job; got {chosen.jobs}.")
    if chosen.canvas_column and not chosen.canvas:
        raise ValueError("grade: --canvas-column names a column of --canvas; give both.")
    if chosen.regrade and seed_of(chosen.out) is None:
        raise ValueError(
            f"grade: --regrade grades somebody again in a report; {chosen.out} holds none. "
            "Leave it out, or give --out the report that is meant."
        )


def late_rule(chosen: argparse.Namespace) -> LateRule | None:
    """Return what a late day costs; None where none costs anything.

    Raises:
        ValueError: for an option without the one that it needs, or a number out of range.
    """
    percent, days = chosen.late_per_day, chosen.late_days
    if percent is None and days is None:
        return None
    if percent is None:
        raise ValueError(
            "grade: --late-days are days that --late-per-day does not count; give both."
        )
    if not chosen.due:
        raise ValueError("grade: --late-per-day counts late days from --due; give both.")
    if not 0 <= percent <= 100:  # not a number is neither
        raise ValueError(
            f"grade: expected a percentage from 0 to 100 for --late-per-day; got {percent:g}."
        )
    if days is not None and days < 0:
        raise ValueError(f"grade: expected no days or more for --late-days; got {days}.")
    return LateRule(percent=percent, free_days=days or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse grade",
        description="Grade what students handed in, in a sandbox.",
    )
    add = parser.add_argument
    add("submissions", type=Path, help="a folder of students, or a zip of Moodle or Canvas")
    add("--out", type=Path, required=True, metavar="REPORT", help="the report's folder")
    add(
        "--exercise",
        action="append",
        metavar="NN_name",
        help="grade this one alone; may be given several times",
    )
    add("--jobs", type=int, default=1, metavar="N", help="so many submissions at a time")
    add("--seed", type=int, metavar="S", help="of the inputs; drawn and recorded by default")
    add(
        "--regrade",
        action="append",
        default=[],
        metavar="STUDENT",
        help="grade this student again, though nothing changed; may be given several times",
    )
    add(
        "--marks", type=Path, metavar="CSV", help="of answers in words: student,question,points"
    )
    add("--trusted", action="store_true", help="run it without a sandbox")
    _add_late(parser)
    add("--nbgrader", action="store_true", help="also write nbgrader's gradebook")
    add("--moodle", type=Path, metavar="CSV", help="fill in Moodle's grading worksheet")
    add("--canvas", type=Path, metavar="CSV", help="fill in Canvas's exported gradebook")
    add(
        "--canvas-column",
        metavar="NAME",
        help="the assignment's column, where it is not called like the exercise",
    )
    return parser


def _add_late(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--due", type=_time, metavar="ISO", help="when it was due, such as 2025-03-01T12:00")
    add("--times", type=Path, metavar="CSV", help="when it was handed in: student,time")
    add(
        "--late-per-day",
        type=float,
        metavar="PERCENT",
        help="so much of a submission's points is lost with each late day",
    )
    add(
        "--late-days",
        type=int,
        metavar="N",
        help="so many late days of each submission cost nothing",
    )


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"expected a time such as 2025-03-01T12:00; got {text!r}"
        ) from None
