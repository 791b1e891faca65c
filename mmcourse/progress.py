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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmcourse import copies

LIMIT = 60
"""Seconds that one notebook may take before it is stopped."""
HELD = "did not end"


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


def check(lesson: str | None, root: Path = copies.ROOT, limit: float = LIMIT) -> list[Report]:
    """Return the reports of one lesson's exercise, or of all, in order.

    Args:
        lesson: its number, such as "02" or "2"; None for all.
        root: the course's folder.
        limit: seconds that a notebook may take.

    Raises:
        ValueError: there is no such exercise.
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
        return list(pool.map(lambda name: report(root, name, limit), chosen))


def report(root: Path, name: str, limit: float) -> Report:
    """Return the report of one exercise; a question that does not end is left behind."""
    copy = root / "my" / "exercises" / name / f"{name}.ipynb"
    found = Report(name)
    if not copy.exists():
        found.notes.append(f"{name}: you have no copy yet; make lab makes one.")
        copy = root / "exercises" / name / f"{name}.ipynb"
    remaining = None
    while remaining is None or remaining:
        asked, lines, fault = _run(copy, name, remaining or [], limit)
        remaining = _take(found, asked, lines, fault, limit)
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


def _take(
    found: Report, asked: list[dict[str, Any]], lines: list[Any], fault: str, limit: float
) -> list[str]:
    """Add what one run found; return the numbers of the questions that must be asked again."""
    for line in lines:
        found.notes += [f"{found.name}: {note}" for note in line.get("stopped", [])]
    done = [line for line in lines if "state" in line]
    found.results += done
    left = [one for one in asked if one["question"] not in {each["question"] for each in done}]
    begun = [line["begun"] for line in lines if "begun" in line]
    if not fault or not left:
        return []
    if begun[-1:] in ([], ["cells"]):
        what = "its cells" if begun else "it"
        found.notes.append(f"{found.name}: {what} {fault}; its questions are not checked.")
        found.results += [{**one, "state": "not checked"} for one in left]
        return []
    first, *rest = left
    text = f"{first['question']} {first['function']}: {fault} (a limit of {limit:g} s)."
    found.results.append({**first, "state": "failed", "text": text})
    return [one["question"] for one in rest]


def _run(
    path: Path, name: str, questions: list[str], limit: float
) -> tuple[list[dict[str, Any]], list[Any], str]:
    """Return what is asked, what the run wrote, and how it went wrong, if it did."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results.jsonl")
        command = [sys.executable, "-m", "mmcourse.checks.notebook", str(path), name]
        own = {"MPLBACKEND": "Agg", "IPYTHONDIR": folder, "PYTHONUTF8": "1"}
        fault = ""
        try:
            ended = subprocess.run(
                [*command, str(results), *questions],
                env={**os.environ, **own},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=limit,
                check=False,
            )
            if ended.returncode:
                said = ended.stderr.decode(errors="replace").strip().splitlines()
                fault = f"stopped ({said[-1] if said else ended.returncode})"
        except subprocess.TimeoutExpired:
            fault = HELD
        written = results.read_text(encoding="utf-8") if results.exists() else ""
    whole = [line for line in written.splitlines(keepends=True) if line.endswith("\n")]
    lines = [json.loads(line) for line in whole]
    return (lines[0]["asked"] if lines else []), lines, fault
