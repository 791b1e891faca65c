"""Run lessons and solutions once where they are, on a GPU say, and change no file.

A cell that fails is an error, as is one that does not end or takes its kernel with it: then the
rest of its notebook is left out, and the next begins. A claim that does not hold is told and
ends nothing: ranges were fitted on processors. Leaves out comparing outputs: `make test` does.

usage: python scripts/run_once.py [lessons] [solutions] [NOTEBOOK …]
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import torch
from lessons import ROOT
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from run_lessons import KERNELS, PATHS
from run_with_model import errors

from mmcourse.lesson.claims import LOG, MODE, Range

PATIENCE = 1800
"""Seconds that a cell may take."""


def run(path: Path) -> tuple[list[str], list[str]]:
    """Run a notebook; return the errors of its cells, and the claims that do not hold."""
    notebook = nbformat.read(path, as_version=4)
    begun, ended = ["before any cell"], list[str]()
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, **_: begun.append(cell.id),
        config=KERNELS,
    )
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "claims.jsonl")
        log.touch()
        try:
            client.execute(env={**os.environ, MODE: "", LOG: str(log), "PYTHONPATH": PATHS})
        except (CellTimeoutError, DeadKernelError) as error:
            first, *_ = str(error).splitlines()
            ended = [f"{begun[-1]}: {type(error).__name__}: {first}"]
        return errors(notebook) + ended, missed(log.read_text(encoding="utf-8").splitlines())


def missed(lines: list[str]) -> list[str]:
    """Return the claims of a log that do not hold, in words."""
    rows = {one["what"]: one["row"] for one in map(json.loads, lines)}
    return [
        f"{what}: {row}" if isinstance(row, bool) else f"{what}: {row[0]}; {Range(*row[1:])}"
        for what, row in rows.items()
        if not (row if isinstance(row, bool) else Range(*row[1:]).holds(row[0]))
    ]


def chosen(words: list[str]) -> list[Path]:
    """Return the notebooks that are asked for: paths, or all lessons, or all solutions.

    Raises:
        ValueError: a word is none of these.
    """
    folders = {"lessons": "notebooks/*.ipynb", "solutions": "solutions/*/*.ipynb"}
    found: list[Path] = []
    for word in words or folders:
        if word not in folders and not (word.endswith(".ipynb") and Path(word).is_file()):
            raise ValueError(
                f"run_once: expected lessons, solutions or the path of a notebook; got {word}."
            )
        found += sorted(ROOT.glob(folders[word])) if word in folders else [Path(word)]
    return found


def main(words: list[str]) -> int:
    """Run what is asked for; return 1 if a cell failed, 2 for an unknown word, else 0."""
    try:
        notebooks = chosen(words)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    print(f"torch {torch.__version__}, {device}", flush=True)
    failed = 0
    for path in notebooks:
        started = time.monotonic()
        wrong, off = run(path)
        print(f"{path.name}: {time.monotonic() - started:.0f} s, {len(wrong)} cells failed")
        for line in wrong:
            print(f"  failed {line}")
        for line in off:
            print(f"  claimed otherwise {line}", flush=True)
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
