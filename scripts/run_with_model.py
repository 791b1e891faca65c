"""Run lessons with a real model, and keep them as pages: nothing in `notebooks/` changes.

The lessons that ask `chosen_model()` run with MMCOURSE_CLIP set to the model, which is fetched
if it is not there yet. Their claims are about `tiny`; here they are told beside what this model
measures. A cell that fails does not end its lesson: the page shows the error, and the exit
status is 1. Leaves out comparing pages of different weeks.

usage: python scripts/run_with_model.py [--model ViT-B/32] [--out pages] [06 07 08 09]
"""

import argparse
import os
import sys
import time
from pathlib import Path

import nbformat
from lessons import Lesson, lessons
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from run_lessons import KERNELS, choose

ORDINARY = ("06", "07", "08", "09")
"""The lessons about a CLIP that is used."""

PATIENCE = 3600
"""Seconds that a cell may take; a real model on two cores is slow."""


def page(lesson: Lesson, model: str, folder: Path) -> tuple[Path, list[str]]:
    """Run a lesson with a model; return its page and the errors of cells."""
    notebook = nbformat.read(lesson.path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        allow_errors=True,
        coalesce_streams=True,
        resources={"metadata": {"path": str(lesson.path.parent)}},
        config=KERNELS,
    )
    client.execute(env={**os.environ, "MMCOURSE_CLIP": model, "MMCOURSE_CLAIMS": ""})
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    path = folder / lesson.path.with_suffix(".html").name
    path.write_text(html, encoding="utf-8")
    return path, errors(notebook)


def errors(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what went wrong, one line a cell."""
    return [
        f"{cell.id}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    ]


def main(words: list[str]) -> int:
    """Run what is asked for; return 1 if a cell failed, 2 for a wrong number, else 0."""
    parser = argparse.ArgumentParser(description="run lessons with a real model")
    parser.add_argument("--model", default="ViT-B/32")
    parser.add_argument("--out", type=Path, default=Path("pages"))
    parser.add_argument("numbers", nargs="*")
    asked = parser.parse_args(words)
    try:
        chosen = choose(lessons(), asked.numbers or list(ORDINARY))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    asked.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for lesson in chosen:
        started = time.monotonic()
        path, wrong = page(lesson, asked.model, asked.out)
        spent = (time.monotonic() - started) / 60
        print(f"{path}: {spent:.1f} min, {len(wrong)} cells failed", flush=True)
        for line in wrong:
            print(line, file=sys.stderr, flush=True)
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
