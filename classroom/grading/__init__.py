"""Marks that cannot be forged: students' code runs in a sandbox, and is judged outside.

`grade` takes exercises as an argument and imports none. A submission meets neither the
checks nor the references, and its answers come back as numbers, arrays, strings and lists.
Written answers are collected for a person to mark.
"""

import difflib
import platform
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np

from classroom.checks.question import Exercise
from classroom.grading.batch import Batch, Settings
from classroom.grading.faults import BrokenError
from classroom.grading.intake import Submission, collect
from classroom.grading.journal import Journal, fingerprint
from classroom.grading.limits import Limits
from classroom.grading.marks import marked, of_students
from classroom.grading.near_copies import near_copies
from classroom.grading.report import (
    Run,
    write_class,
    write_gradescope,
    write_master,
    write_pages,
    write_table,
    write_written,
)
from classroom.grading.results import Result
from classroom.grading.runner import try_references
from classroom.grading.sources import digest

__all__ = ["BrokenError", "Limits", "Result", "Settings", "grade"]


def grade(
    exercises: Sequence[Exercise],
    submissions: Path,
    out: Path,
    settings: Settings,
    *,
    times: Mapping[tuple[str, str], datetime] | None = None,
    tell: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Grade every submission, write the reports, and return a result for each.

    Exercises that were graded into the same folder before keep their place in its reports.

    Args:
        exercises: what can be handed in.
        submissions: a folder of students, or a zip of an LMS.
        out: the report's folder; a run that was cut off goes on in it.
        settings: the seed, the sandbox, the budgets, the late rule, the marks for written
            answers, whom to grade again.
        times: when students handed in, by student and exercise ("" for all exercises).
        tell: is called with each result as it comes.

    Raises:
        ValueError: for submissions or a report folder that cannot be used, or marks for
            nobody.
        BrokenError: if a reference fails, before anything is graded.
    """
    collection = collect(submissions, [one.name for one in exercises])
    students = {one.student for one in collection.submissions}
    _refuse_strangers(settings.regrade, students)
    marks = of_students(settings.marks, students)
    for exercise in exercises:
        try_references(exercise, settings.seed)
    waiting = [_timed(one, times or {}) for one in collection.submissions]
    head = {
        "seed": settings.seed,
        "sandbox": settings.backend,
        "exercises": {one.name: fingerprint([one]) for one in exercises},
        "checks": {one.name: digest([one]) for one in exercises},
    }
    with Journal(out, head, again=settings.regrade) as journal:
        run = Run(
            versions=_versions(),
            began=datetime.now(UTC).isoformat(timespec="seconds"),
            ignored=collection.ignored,
            **journal.head,
        )
        graded = Batch(exercises, settings, journal, tell).grade(waiting)
        scored = marked(_with_manual(graded, out), exercises, marks)
        results = [_final(*pair, settings) for pair in zip(scored, waiting, strict=True)]
        everything = journal.report(results, [one.name for one in exercises])
        copies = near_copies(exercises, waiting, results, settings.solutions)
        _write(out, run, exercises, everything)
        write_class(out, exercises, everything, copies)
    return results


def _write(
    out: Path, run: Run, exercises: Sequence[Exercise], results: Sequence[Result]
) -> None:
    """Write the reports that results alone are enough for."""
    for write in (write_table, write_pages, write_gradescope):
        write(out, results)
    write_master(out, run, results)
    write_written(out, exercises, results)


def _with_manual(results: list[Result], out: Path) -> list[Result]:
    """Return the results with what a person gave in formgrader, if it was used."""
    gradebook = out / "nbgrader" / "gradebook.db"
    if not gradebook.exists():
        return results
    try:
        from classroom.grading.report.manual import with_manual
    except ImportError as error:
        raise BrokenError(
            f"grade: {gradebook} may hold scores given by hand, which only nbgrader can read "
            f"({error}). Install it, or move the folder {gradebook.parent} away."
        ) from error
    return with_manual(results, gradebook)


def _final(result: Result, submission: Submission, settings: Settings) -> Result:
    """Return a result with what is no student's doing: the LMS's number, the late rule."""
    result = replace(result, number=submission.number, points_after_late=None)
    if settings.late is None or result.points is None:
        return result
    left = settings.late.after(result.points, result.late_days)
    return replace(result, points_after_late=left)


def _refuse_strangers(regrade: Iterable[str], students: Collection[str]) -> None:
    for name in sorted(regrade):
        if name not in students:
            near = difflib.get_close_matches(name, students, n=3)
            hint = f"Near it: {', '.join(near)}." if near else "No name is near it."
            raise ValueError(
                f"grade: expected one of the {len(students)} students for --regrade; got "
                f"{name!r}. {hint}"
            )


def _timed(one: Submission, times: Mapping[tuple[str, str], datetime]) -> Submission:
    """Return a submission with the time on the instructor's list, if there is a list."""
    if not times:
        return one
    when = times.get((one.student, one.exercise)) or times.get((one.student, ""))
    return replace(one, when=when)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "numpy": np.__version__}
    for name in ("mmcourse", "torch"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
