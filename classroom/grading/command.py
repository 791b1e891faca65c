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
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from classroom.grading import BrokenError, Limits, Result, Settings, grade
from classroom.grading.exercise import Exercise
from classroom.grading.intake import read_times
from classroom.grading.journal import seed_of
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
        solutions: the folder with their source notebooks, for nbgrader.
    """
    chosen = _parser().parse_args(arguments)
    try:
        exercises = _exercises(_loaded(load, chosen.exercise), chosen.exercise)
        times = read_times(chosen.times) if chosen.times else None
        _refuse_what_cannot_be(chosen)
        settings = _settings(chosen)
        chosen.out.mkdir(parents=True, exist_ok=True)
        results = _run(chosen, exercises, settings, times)
    except (ValueError, OSError) as error:
        _say(error, error=True)
        return MISUNDERSTOOD
    except BrokenError as error:
        _say(error, error=True)
        return OUR_FAULT
    except KeyboardInterrupt:
        _say("\nInterrupted. The same command goes on from here.", error=True)
        return OUR_FAULT
    _say(summary(results, chosen.out))
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse grade",
        description="Grade what students handed in, in a sandbox.",
    )
    add = parser.add_argument
    add("submissions", type=Path, help="a folder of students, or a zip of Moodle or Canvas")
    add("--out", type=Path, required=True, metavar="REPORT", help="the report's folder")
    add("--exercise", metavar="NN_name", help="grade this one alone")
    add("--jobs", type=int, default=1, metavar="N", help="so many submissions at a time")
    add("--seed", type=int, metavar="S", help="of the inputs; drawn and recorded by default")
    add("--due", type=_time, metavar="ISO", help="when it was due, such as 2025-03-01T12:00")
    add("--times", type=Path, metavar="CSV", help="when it was handed in: student,time")
    add("--trusted", action="store_true", help="run it without a sandbox")
    add("--nbgrader", action="store_true", help="also write nbgrader's gradebook")
    return parser


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a time such as 2025-03-01T12:00; got {text!r}"
        ) from None


def _loaded(
    load: Callable[[str | None], Sequence[Exercise]], name: str | None
) -> Sequence[Exercise]:
    try:
        return load(name)
    except Exception as error:  # the checks' own code, whatever it raises, is our fault
        kind = type(error).__name__
        raise BrokenError(
            f"grade: the exercises cannot be loaded ({kind}: {error})."
        ) from error


def _exercises(known: Sequence[Exercise], name: str | None) -> list[Exercise]:
    found = [one for one in known if name in (None, one.name)]
    if not found:
        names = ", ".join(one.name for one in known) or "none yet"
        raise ValueError(f"grade: expected one of the exercises ({names}); got {name!r}.")
    return found


def _refuse_what_cannot_be(chosen: argparse.Namespace) -> None:
    if chosen.times and not chosen.due:
        raise ValueError("grade: --times counts late days from --due; give both.")
    if chosen.out.exists() and not chosen.out.is_dir():
        raise ValueError(
            f"grade: expected a folder for --out; {chosen.out} is a file. Give another name; "
            "the folder is made where there is none."
        )
    if chosen.out.resolve().is_relative_to(chosen.submissions.resolve()):
        raise ValueError(
            f"grade: {chosen.out} lies among the submissions, where the next run would take "
            "it for a student. Give a folder beside them to --out."
        )
    if chosen.nbgrader and find_spec("nbgrader") is None:
        raise ValueError(
            "grade: --nbgrader needs nbgrader, which is not installed. Install it: python -m "
            'pip install -e ".[instructor]" -c constraints.txt'
        )


def _settings(chosen: argparse.Namespace) -> Settings:
    if chosen.jobs < 1:
        raise ValueError(f"grade: expected at least one job; got {chosen.jobs}.")
    if chosen.seed is None:
        before = seed_of(chosen.out)
        chosen.seed = secrets.randbits(53) if before is None else before
    backend = choose(trusted=chosen.trusted)
    if backend in WARNINGS:
        _say(f"grade: {WARNINGS[backend]}", error=True)
    return Settings(
        seed=chosen.seed, backend=backend, limits=Limits(), jobs=chosen.jobs, due=chosen.due
    )


def _run(
    chosen: argparse.Namespace,
    exercises: Sequence[Exercise],
    settings: Settings,
    times: Mapping[tuple[str, str], datetime] | None,
) -> list[Result]:
    def tell(one: Result) -> None:
        if one.status != "missing":
            points = "" if one.points is None else f" {one.points:g} of {one.maximum:g}"
            _say(f"{one.student}, {one.exercise}: {one.status}{points}")

    try:
        return grade(
            exercises, chosen.submissions, chosen.out, settings, times=times, tell=tell
        )
    except OSError as error:  # a full disk, say; what is graded is in the journal
        raise BrokenError(
            f"grade: the report must be written to {chosen.out}; {error}. Mend that, and the "
            "same command goes on from here."
        ) from error


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
