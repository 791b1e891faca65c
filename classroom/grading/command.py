"""The command `python -m mmcourse grade SUBMISSIONS --out REPORT`, and what it prints.

It ends with 0 when every submission was handled, broken ones included; with 2 when it was
not understood; with 3 when something of ours failed, and then says what was not graded.
"""

import argparse
import os
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from classroom.checks.question import Exercise
from classroom.grading import BrokenError, Limits, Result, Settings, grade, options
from classroom.grading.intake import LateRule, read_times
from classroom.grading.journal import seed_of
from classroom.grading.marks import read_marks
from classroom.grading.report.lms import (
    Gradesheet,
    read_canvas,
    read_moodle,
    write_gradesheet,
)
from classroom.grading.sandbox import choose

UNDERSTOOD, MISUNDERSTOOD, OUR_FAULT = 0, 2, 3
WARNINGS = {
    "landlock": "bubblewrap does not start here, so Landlock holds the submissions in: they "
    "can see the names of files and processes, but not read, write, signal or connect.",
    "none": "--trusted: NO SANDBOX. Every submission can read and write whatever you can, "
    "this report and the solutions included. Use it only for code that you would run yourself.",
}


def main(
    arguments: Sequence[str],
    load: Callable[[str | None], Sequence[Exercise]],
    solutions: Path = Path("solutions"),
) -> int:
    """Grade as the arguments say; return the exit status.

    Args:
        arguments: the words after `grade`.
        load: returns the exercises that there are, or fewer where only the one of this name
            is asked for: another that is half written then hinders nobody.
        solutions: the folder with their source notebooks, for nbgrader and near-copies.
    """
    chosen = options.parse(arguments)
    try:
        exercises = _loaded(load, chosen.exercise)
        times = read_times(chosen.times) if chosen.times else None
        options.refuse_what_cannot_be(chosen)
        late = options.late_rule(chosen)
        sheets = _gradesheets(chosen, exercises)
        settings = replace(
            _settings(chosen, late),
            marks=read_marks(chosen.marks, exercises) if chosen.marks else {},
            solutions=solutions,
        )
        chosen.out.mkdir(parents=True, exist_ok=True)
        results, told = _run(chosen, exercises, settings, times, sheets)
    except (ValueError, OSError) as error:
        _say(error, error=True)
        return MISUNDERSTOOD
    except BrokenError as error:
        _say(error, error=True)
        return OUR_FAULT
    except KeyboardInterrupt:
        _say("\nInterrupted. The same command goes on from here.", error=True)
        return OUR_FAULT
    _say("\n".join([summary(results, chosen.out), *told]))
    for line in without_partner(times or {}, results):
        _say(f"grade: {line}", error=True)
    if chosen.nbgrader and (status := _nbgrader(chosen, exercises, results, solutions)):
        return status
    return OUR_FAULT if any(one.status == "not graded" for one in results) else UNDERSTOOD


def summary(results: Sequence[Result], out: Path) -> str:
    """Return what a run came to: counts, then all that was not simply graded, and why."""
    counts = Counter(one.status for one in results)
    students = len({one.student for one in results})
    words = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    noun = "student" if students == 1 else "students"
    lines = [f"{students} {noun}: {words}. The report is in {out}."]
    for one in results:
        if one.notes or one.status not in ("graded", "missing", "not attempted"):
            lines.append(f"  {one.status}: {one.student}, {one.exercise}: {one.remark}")
    return "\n".join(lines)


def without_partner(
    times: Mapping[tuple[str, str], datetime], results: Sequence[Result]
) -> Iterator[str]:
    """Yield which names on a list of times nobody has, and who handed in and is not on it."""
    if not times:
        return
    unknown = {student for student, _ in times} - {one.student for one in results}
    if unknown:
        yield f"nobody among the submissions is called {', '.join(sorted(unknown))}."
    late = {one.student for one in results if one.status != "missing" and one.late_days is None}
    if late:
        yield f"the list of times has none for {', '.join(sorted(late))}."


def _loaded(
    load: Callable[[str | None], Sequence[Exercise]], names: Sequence[str] | None
) -> list[Exercise]:
    """Return the exercises of these names, or all, each once and in the course's order."""
    try:
        asked: Sequence[str | None] = names or [None]
        known = {one.name: one for name in asked for one in load(name)}
    except Exception as error:  # the checks' own code, whatever it raises, is our fault
        kind = type(error).__name__
        raise BrokenError(
            f"grade: the exercises cannot be loaded ({kind}: {error})."
        ) from error
    for name in names or []:
        if name not in known:
            others = ", ".join(known) or "none yet"
            raise ValueError(f"grade: expected one of the exercises ({others}); got {name!r}.")
    if not known:
        raise ValueError("grade: expected an exercise; there is none yet.")
    return [known[name] for name in sorted(known) if not names or name in names]


def _gradesheets(chosen: argparse.Namespace, exercises: Sequence[Exercise]) -> list[Gradesheet]:
    sheets = []
    if chosen.moodle:
        sheets.append(read_moodle(chosen.moodle, exercises))
    if chosen.canvas:
        sheets.append(read_canvas(chosen.canvas, exercises, chosen.canvas_column))
    return sheets


def _settings(chosen: argparse.Namespace, late: LateRule | None) -> Settings:
    if chosen.seed is None:
        before = seed_of(chosen.out)
        chosen.seed = secrets.randbits(53) if before is None else before
    backend = choose(trusted=chosen.trusted)
    if backend in WARNINGS:
        _say(f"grade: {WARNINGS[backend]}", error=True)
    return Settings(
        seed=chosen.seed,
        backend=backend,
        limits=Limits(),
        jobs=chosen.jobs,
        due=chosen.due,
        late=late,
        regrade=frozenset(chosen.regrade),
    )


def _run(
    chosen: argparse.Namespace,
    exercises: Sequence[Exercise],
    settings: Settings,
    times: Mapping[tuple[str, str], datetime] | None,
    sheets: Sequence[Gradesheet],
) -> tuple[list[Result], list[str]]:
    """Return the results, and what is to be told of the LMS's files."""

    def tell(one: Result) -> None:
        if one.status != "missing":
            points = "" if one.points is None else f" {one.points:g} of {one.maximum:g}"
            _say(f"{one.student}, {one.exercise}: {one.status}{points}")

    try:
        results = grade(
            exercises, chosen.submissions, chosen.out, settings, times=times, tell=tell
        )
        told = [line for one in sheets for line in write_gradesheet(chosen.out, one, results)]
    except OSError as error:  # a full disk, say; what is graded is in the journal
        raise BrokenError(
            f"grade: the report must be written to {chosen.out}; {error}. Mend that, and the "
            "same command goes on from here."
        ) from error
    return results, told


def _nbgrader(
    chosen: argparse.Namespace,
    exercises: Sequence[Exercise],
    results: Sequence[Result],
    solutions: Path,
) -> int:
    from classroom.grading.report.nbgrader import write_gradebook

    try:
        course = write_gradebook(chosen.out, chosen.submissions, exercises, results, solutions)
    except Exception as error:  # nbgrader's own, whatever it raises; the marks are written
        kind = type(error).__name__
        _say(f"grade: nbgrader's gradebook was not written ({kind}: {error}).", error=True)
        return OUR_FAULT
    _say(f"nbgrader's gradebook is in {course}: run `nbgrader` and JupyterLab there.")
    return UNDERSTOOD


def _say(text: object, *, error: bool = False) -> None:
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    shown = str(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(shown, file=stream, flush=True)
    except BrokenPipeError:  # as `| head` leaves it: the run goes on, and says no more there
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
