"""`python -m mmcourse check`: what you have solved, and what is wrong with the rest.

Each of your notebooks is run in a process of its own, with a time limit, so that an endless
loop in one holds up no other. Imports the standard library alone. Leaves out marks that
count: the notebooks are yours and so is the machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classroom.desk import copies

CELLS, QUESTION = 60.0, 10.0
"""Seconds that a notebook's cells, and then each question, may take before they are stopped."""


class CannotStartError(Exception):
    """The checks ended before they began: their packages are broken, not the notebook."""


@dataclass
class Report:
    """What came of one exercise: a result for each question, and what else to say."""

    name: str
    results: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every question is passed."""
        return bool(self.results) and all(one["state"] == "passed" for one in self.results)


def check(
    lesson: str | None,
    root: Path = copies.ROOT,
    limits: tuple[float, float] = (CELLS, QUESTION),
) -> list[Report]:
    """Return the reports of one lesson's exercise, or of all, in order.

    Args:
        lesson: its number, such as "02" or "2"; None for all.
        root: the course's folder.
        limits: seconds that a notebook's cells, and then each question, may take.

    Raises:
        ValueError: there is no such exercise.
        CannotStartError: the checks cannot be loaded by this Python.
    """
    known = [path.name for path in copies.originals(root) if path.parent.name == "exercises"]
    chosen = [name for name in known if lesson is None or name[:2] == lesson.zfill(2)]
    if not chosen:
        numbers = ", ".join(name[:2] for name in known) or "none yet"
        raise ValueError(
            f"check: expected the number of a lesson with an exercise ({numbers}); "
            f"got {lesson!r}."
        )
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda name: report(root, name, limits), chosen))


def report(root: Path, name: str, limits: tuple[float, float]) -> Report:
    """Return the report of one exercise; a question that does not end is left behind."""
    copy = root / "my" / "exercises" / name / f"{name}.ipynb"
    found = Report(name)
    if not copy.exists():
        found.notes.append(f"{name}: you have no copy yet; make lab makes one.")
        copy = root / "exercises" / name / f"{name}.ipynb"
    remaining = None
    while remaining is None or remaining:
        lines, fault = _run(copy, name, remaining or [], limits)
        remaining = _take(found, lines, fault)
    return found


def table(reports: list[Report]) -> str:
    """Return the table of progress: a line for each question, and the sum of the points."""
    rows = [("exercise", "question", "state", "points")]
    for each in reports:
        for one in each.results:
            points = f"{one['points']:g} of {one['most']:g}" if one["most"] else "–"
            rows.append(
                (each.name, f"{one['question']} {one['function']}", one["state"], points)
            )
    results = [one for each in reports for one in each.results]
    solved = sum(one["state"] == "passed" for one in results)
    points, most = (sum(one[key] for one in results) for key in ("points", "most"))
    rows.append(("all", f"{solved} of {len(results)} passed", "", f"{points:g} of {most:g}"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _take(found: Report, lines: list[Any], fault: str) -> list[str]:
    """Add what one run found; return the numbers of the questions that must be asked again."""
    told = [f"{found.name}: {note}" for line in lines for note in line.get("stopped", [])]
    found.notes += [note for note in told if note not in found.notes]  # cells run each time
    done = [line for line in lines if "state" in line]
    found.results += done
    asked = lines[0]["asked"] if lines else []
    left = [one for one in asked if one["question"] not in {each["question"] for each in done}]
    if not fault:
        return []
    if _begun(lines) in ("", "cells"):
        found.notes.append(f"{found.name}: its cells {fault}; its questions are not checked.")
        found.results += [{**one, "state": "not checked"} for one in left]
        return []
    if not left:  # it was slow to end, after the last question
        return []
    first, *rest = left
    text = f"{first['question']} {first['function']}: {fault}."
    found.results.append({**first, "state": "failed", "text": text})
    return [one["question"] for one in rest]


def _begun(lines: list[Any]) -> str:
    """Return what was begun last: "cells", the number of a question, or nothing yet."""
    return next((line["begun"] for line in reversed(lines) if "begun" in line), "")


def _run(
    path: Path, name: str, questions: list[str], limits: tuple[float, float]
) -> tuple[list[Any], str]:
    """Return what a run of the notebook wrote, and how it went wrong, if it did."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results.jsonl")
        command = [sys.executable, "-m", "classroom.checks.notebook", str(path), name]
        own = {"MPLBACKEND": "Agg", "IPYTHONDIR": folder, "PYTHONUTF8": "1"}
        with subprocess.Popen(
            [*command, str(results), *questions],
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                fault = _wait(process, results, limits)
            finally:
                process.kill()
        lines = _written(results)
    if fault.startswith("ended") and not lines and (why := _import_error(name)):
        raise CannotStartError(
            f"check: {sys.executable} cannot load the checks: {why}. "
            f"`{sys.executable} -m mmcourse doctor` says how to mend it."
        )
    return lines, fault


def _import_error(name: str) -> str:
    """Return why this Python cannot load an exercise's checks; nothing if it can."""
    load = f"from classroom.checks import notebook; notebook.checks.exercise({name[:2]!r})"
    command = [sys.executable, "-c", load]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    said = done.stderr.strip().splitlines()
    return (said[-1] if said else "it says nothing") if done.returncode else ""


def _wait(
    process: "subprocess.Popen[bytes]", results: Path, limits: tuple[float, float]
) -> str:
    """Wait until a run ends or takes too long; return how it went wrong, or nothing."""
    heard, since = 0, time.monotonic()
    while process.poll() is None:
        lines = _written(results)
        if len(lines) != heard:
            heard, since = len(lines), time.monotonic()
        limit = limits[0] if _begun(lines) in ("", "cells") else limits[1]
        if time.monotonic() - since > limit:
            return f"did not end within {limit:g} s"
        time.sleep(0.05)
    return f"ended the process, with status {process.returncode}" if process.returncode else ""


def _written(results: Path) -> list[Any]:
    """Return the lines that are written in full."""
    text = results.read_text(encoding="utf-8") if results.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line[-1:] == "\n"]
