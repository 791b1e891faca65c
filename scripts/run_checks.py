"""Run every check and say in one line how it went.

A tool that reports its tests counts each of them; one that does not counts as one check.
All run even when one fails. Tests, lessons and solutions run with the network off, as many
at a time as there are cores, each on one thread; notebooks begin with the longest. Leaves out
installing what the checks need: that is `install.py --dev`.

usage: make test [ARGS="pytest lessons"]
       make quick    (style, types, layers, and the tests of what has changed)
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from changed import changed_files, find_exercises, find_tests
from lessons import ROOT, lessons
from run_lessons import PATHS

from mmcourse.lesson.claims import MODE

PYTHON = sys.executable
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
NBVAL = ["--nbval-lax", "--nbval-current-env", "--nbval-sanitize-with", "tests/nbval.cfg"]
PARALLEL = ["-n", "auto", "--dist"]
PYTEST = [PYTHON, "-m", "pytest", *PARALLEL, "worksteal"]
WHOLE = [*PARALLEL, "loadfile", "--no-loadscope-reorder"]  # a notebook stays on one kernel
NOTEBOOKS = [PYTHON, "-m", "pytest", "-p", "no:randomly", "-o", "addopts=", *NBVAL, *WHOLE]
CHECKS = {
    "ruff": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "imports": [PYTHON, "-c", LINT_IMPORTS],
    "pytest": PYTEST,
    "lessons": NOTEBOOKS,
    "solutions": NOTEBOOKS,
}
REPORTING = ("pytest", "changed", "seeds", "lessons", "solutions")
"""The checks that report each of their tests."""
QUICK = {name: CHECKS[name] for name in ("ruff", "format", "mypy", "imports")}
"""What `make quick` runs, with `changed`, the tests of what has changed, and with `seeds`."""
SEEDS = "40"
"""So often are the cases of a changed check drawn; otherwise as often as conftest says."""
NO_SANDBOX = "NO SANDBOX (namespaces)"
"""Begins the reason of a test that was skipped because bubblewrap does not start here."""
KEPT_MEMORY = {f"MALLOC_{name}_": str(1 << 29) for name in ("MMAP_THRESHOLD", "TRIM_THRESHOLD")}
"""What glibc is told, so that memory is kept for the next tensor rather than given back: on
some virtual machines to ask for it anew takes longer than the computation."""
SOLUTION = 10
"""Seconds that a solution may take on two cores."""
LONGEST = 200
"""So many characters of a failed test's message are said again at the end."""


@dataclass
class Outcome:
    """How one check went."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def longest_first() -> list[str]:
    """Return the lessons' paths; the longest begin, so that none is left to run alone."""
    found = sorted(lessons(), key=lambda lesson: -lesson.seconds)
    return [str(lesson.path.relative_to(ROOT)) for lesson in found]


def run(name: str, command: list[str], scratch: Path) -> Outcome:
    """Run one check, its output shown as it comes."""
    command, report = list(command), scratch / f"{name}.xml"
    environment = {**os.environ, "IPYTHONDIR": str(scratch / "ipython"), "PYTHONUTF8": "1"}
    if name in REPORTING:
        command.append(f"--junit-xml={report}")
        environment["PYTHONPATH"] = PATHS
        environment["OMP_NUM_THREADS"] = "1"  # the cores have their processes already
        environment.update(KEPT_MEMORY)
    if name in ("lessons", "solutions"):
        environment["NO_COLOR"] = "1"  # what checks print is compared with plain text
        environment[MODE] = "strict"  # a claim that does not hold is a failure
        command += longest_first() if name == "lessons" else ["solutions"]
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    status = subprocess.call(command, cwd=ROOT, env=environment)
    print(f"   {name}: {time.monotonic() - started:.0f} s", flush=True)
    return count(report, status)


def count(report: Path, status: int) -> Outcome:
    """Return the counts of a report; without one, the exit status is the one check.

    A status that says "failed" where no test did (nothing was collected, say) is a failure.
    """
    outcome = Outcome()
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            skipped, fault = case.find("skipped"), first_fault(case)
            if fault is not None:
                outcome.failed += 1
                outcome.faults.append(f"{case.get('classname')}.{case.get('name')}: {fault}")
            elif skipped is not None:
                outcome.skipped += 1
                outcome.reasons.append(f"{case.get('name')}: {skipped.get('message')}")
            else:
                outcome.passed += 1
        outcome.failed += 1 if status and not outcome.failed else 0
    else:
        outcome.passed, outcome.failed = (0, 1) if status else (1, 0)
    return outcome


def first_fault(case: ElementTree.Element) -> str | None:
    """Return the first line of what a test failed with; None where it did not fail."""
    for kind in ("failure", "error"):
        if (found := case.find(kind)) is not None:
            return (found.get("message") or kind).partition("\n")[0][:LONGEST]
    return None


def seconds(report: Path) -> dict[str, float]:
    """Return for each notebook's file name how long its cells took."""
    spent: dict[str, float] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = (case.get("classname") or "").removesuffix(".ipynb").rpartition(".")[2]
        spent[name] = spent.get(name, 0) + float(case.get("time") or 0)
    return {f"{name}.ipynb": time for name, time in spent.items()}


def told(scratch: Path) -> Iterator[str]:
    """Yield how long each lesson and each solution took, beside what it may take."""
    allowed = {
        "lessons": {lesson.path.name: lesson.seconds for lesson in lessons()},
        "solutions": {path.name: SOLUTION for path in ROOT.glob("solutions/*/*.ipynb")},
    }
    for name, notebooks in allowed.items():
        report = scratch / f"{name}.xml"
        if report.exists():
            spent = seconds(report)
            yield f"\n== seconds of the {name}"
            for notebook, most in sorted(notebooks.items()):
                yield f"{notebook}: {spent.get(notebook, 0):.0f} s of {most} s"


def without_sandbox(outcomes: dict[str, Outcome]) -> str:
    """Return a loud addition to the closing line where the sandbox could not be tried."""
    reasons = [reason for outcome in outcomes.values() for reason in outcome.reasons]
    missed = sum(NO_SANDBOX in reason for reason in reasons)
    return f"; {NO_SANDBOX}: {missed} TESTS OF GRADING DID NOT RUN" if missed else ""


def quick() -> dict[str, list[str]]:
    """Return the checks of `make quick`; raise ValueError where there is no git checkout."""
    files, chosen = changed_files(), dict(QUICK)
    if tests := find_tests(files):
        chosen["changed"] = [*PYTEST, *tests]
    if numbers := find_exercises(files):
        theirs = " or ".join(f"ex{number} or {number}." for number in numbers)
        chosen["seeds"] = [*PYTEST, "tests/classroom/checks", "--seeds", SEEDS, "-k", theirs]
    return chosen


def choose(words: list[str]) -> dict[str, list[str]]:
    """Return the checks that are asked for; raise ValueError for one that there is not."""
    if words == ["--quick"]:
        return quick()
    unknown = [name for name in words if name not in CHECKS]
    if unknown:
        raise ValueError(f"checks: expected some of {', '.join(CHECKS)}; got {unknown}.")
    return {name: CHECKS[name] for name in words or CHECKS}


def main(words: list[str]) -> int:
    """Run the named checks, or all; print the sums; return an exit status."""
    try:
        chosen = choose(words)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        outcomes = {name: run(name, command, scratch) for name, command in chosen.items()}
        print(*told(scratch), sep="\n")
    print()
    for outcome in outcomes.values():
        for reason in outcome.reasons:
            print(f"skipped: {reason}")
    for name, outcome in outcomes.items():  # the last lines are what is read, and kept
        if outcome.failed:
            print(f"failed: {name}", *outcome.faults, sep="\n  ")
    passed = sum(outcome.passed for outcome in outcomes.values())
    failed = sum(outcome.failed for outcome in outcomes.values())
    skipped = sum(outcome.skipped for outcome in outcomes.values())
    print(f"{passed} passed, {failed} failed, {skipped} skipped{without_sandbox(outcomes)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
