"""Measure every entry, write `bench/RESULTS.md` and `bench/PRECISION.md`: `make bench`."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from bench import grading, precision
from bench.entries import ENTRIES
from bench.measure import ROUNDS, Entry, Result, measure

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("faiss-cpu", "numpy", "open_clip_torch", "pillow", "scikit-learn", "torch")

HEADER = f"""# Side by side

Written by `make bench`; do not edit. Rates are per second of CPU time on one core, in the
fastest of {ROUNDS} rounds in which the two take turns. "Times" is ours divided by the peer's,
in the median round, the lowest and the highest; above 1 we are faster.

| What | Ours | Peer | Peer's | Times |
|---|---|---|---|---|
"""


GRADING = f"""
## Grading

Seconds on the clock for {grading.STUDENTS} submissions, from nothing; each ran once.

| What | Ours, 1 job | Peer | Peer's | Times |
|---|---|---|---|---|
"""


def row(entry: Entry, result: Result) -> str:
    """Return one line of the table."""
    spread = f"{result.ratio:.2f} ({result.lowest:.2f} to {result.highest:.2f})"
    ours, theirs = (f"{_short(rate)} {entry.unit}" for rate in (result.ours, result.theirs))
    return f"| {entry.what} | {ours} | {entry.peer} | {theirs} | {spread} |"


def machine() -> str:
    """Return what the numbers were measured on, without any name."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    return f"Measured on {cores}; Python {platform.python_version()}, {packages}."


def main() -> None:
    """Measure all entries, print them and write them down."""
    if sys.argv[1:]:
        raise SystemExit(f"bench: takes no arguments; got {' '.join(sys.argv[1:])}.")
    rows = []
    for make in ENTRIES:
        entry = make()
        rows.append(row(entry, measure(entry)))
        print(rows[-1])
    graded = grading.rows()
    print(*graded, sep="\n")
    tables = HEADER + "\n".join(rows) + "\n" + GRADING + "\n".join(graded)
    RESULTS.write_text(f"{tables}\n\n{machine()}\n", encoding="utf-8")
    precision.main(["--again"])


def _short(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


if __name__ == "__main__":
    main()
