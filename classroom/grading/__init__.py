"""Marks that cannot be forged: students' code runs in a sandbox, and is judged outside.

`grade` takes exercises as an argument and imports none. A submission meets neither the
checks nor the references, and its answers come back as numbers, arrays, strings and lists.
Leaves out written answers, which are a person's to mark.
"""

import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np

from classroom.grading.batch import Batch, Settings
from classroom.grading.exercise import Exercise
from classroom.grading.faults import BrokenError
from classroom.grading.intake import Submission, collect
from classroom.grading.journal import Journal, fingerprint
from classroom.grading.limits import Limits
from classroom.grading.report import (
    Run,
    write_gradescope,
    write_master,
    write_pages,
    write_table,
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

    Args:
        exercises: what can be handed in.
        submissions: a folder of students, or a zip of an LMS.
        out: the report's folder; a run that was cut off goes on in it.
        settings: the seed, the sandbox, the budgets.
        times: when students handed in, by student and exercise ("" for all exercises).
        tell: is called with each result as it comes.

    Raises:
        ValueError: for submissions or a report folder that cannot be used.
        BrokenError: if a reference fails, before anything is graded.
    """
    collection = collect(submissions, [one.name for one in exercises])
    for exercise in exercises:
        try_references(exercise, settings.seed)
    waiting = [_timed(one, times or {}) for one in collection.submissions]
    known = {"exercises": fingerprint(exercises), "checks": digest(exercises)}
    run = Run(
        seed=settings.seed,
        sandbox=settings.backend,
        versions=_versions(),
        began=datetime.now(UTC).isoformat(timespec="seconds"),
        ignored=collection.ignored,
        **known,
    )
    head = {"seed": settings.seed, "sandbox": settings.backend, **known}
    with Journal(out, head) as journal:
        results = Batch(exercises, settings, journal, tell).grade(waiting)
        write_table(out, results)
        write_master(out, run, results)
        write_pages(out, results)
        write_gradescope(out, results)
    return results


def _timed(one: Submission, times: Mapping[tuple[str, str], datetime]) -> Submission:
    """Return a submission with the time on the instructor's list, if there is a list."""
    if not times:
        return one
    when = times.get((one.student, one.exercise)) or times.get((one.student, ""))
    return Submission(
        student=one.student, exercise=one.exercise, read=one.read, when=when, notes=one.notes
    )


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "numpy": np.__version__}
    for name in ("mmcourse", "torch"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
