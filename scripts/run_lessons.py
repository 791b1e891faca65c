"""Run lessons again, in place, so that what they show is what their code does today.

Each runs in a new kernel with the network off, and is held to its claims; the numbers that it
claims are kept in `mmcourse/lesson/measured`. What differs from run to run without
meaning (timings, widget ids, the Python version) is dropped, so that a second run changes
no file. A lesson that fails is left as it was.

usage: make lessons [ARGS="01 02"]
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from lessons import ROOT, Lesson, lessons
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from traitlets.config import Config

from mmcourse.lesson import claims

PATHS = os.pathsep.join(map(str, (ROOT / "scripts" / "offline", ROOT)))
"""Where a kernel looks first: the network is off, and the packages are those of this folder."""

WIDGET = "application/vnd.jupyter.widget-view+json"
PATIENCE = 10
"""A cell may take this many times its whole lesson's seconds before it is stopped."""
KERNELS = Config(KernelManager={"transport_encryption": "auto"})
"""What is said to kernels is encrypted; otherwise each warns that it is not."""


def run(lesson: Lesson, measured: Path = claims.MEASURED) -> None:
    """Run one lesson, write it back, and keep the numbers that it claims.

    Raises:
        CellExecutionError, CellTimeoutError: a cell failed, or did not end.
    """
    notebook = nbformat.read(lesson.path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE * lesson.seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(lesson.path.parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        config=KERNELS,
    )
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "claims.jsonl")
        log.touch()
        strict = {claims.MODE: "strict", claims.LOG: str(log)}
        client.execute(env={**os.environ, **strict, "PYTHONPATH": PATHS})
        keep(log.read_text(encoding="utf-8").splitlines(), lesson.number, measured)
    tidy(notebook)
    nbformat.write(notebook, lesson.path)


def keep(lines: list[str], number: str, folder: Path) -> None:
    """Write a lesson's claims, lines of JSON, in place of those that it had."""
    logged = [json.loads(line) for line in lines]
    found = {one["what"]: one["row"] for one in logged if one["lesson"] == number}
    file = folder / f"{number}.json"
    if found:
        rows = [
            f" {json.dumps(what, ensure_ascii=False)}: {json.dumps(_short(row))}"
            for what, row in found.items()
        ]
        folder.mkdir(exist_ok=True)
        file.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    else:
        file.unlink(missing_ok=True)


def _short(row: bool | list[float | None]) -> bool | list[float | None]:  # noqa: FBT001
    """Return a claim's row with its measured number rounded."""
    return row if isinstance(row, bool) else [claims.rounded(row[0]), *row[1:]]


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Drop from a notebook what changes from run to run without meaning."""
    notebook.metadata.get("language_info", {}).pop("version", None)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("trusted", None)
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if _lives_without_kernel(one)]


def _lives_without_kernel(output: nbformat.NotebookNode) -> bool:
    """Take the widget out of an output; return whether it shows more than the widget's name."""
    data = output.get("data", {})
    if data.pop(WIDGET, None) is None:
        return True
    return bool(data.keys() - {"text/plain"})


def choose(found: list[Lesson], numbers: list[str]) -> list[Lesson]:
    """Return the lessons with these numbers, or all; raise ValueError for an unknown one."""
    known = [lesson.number for lesson in found]
    unknown = [number for number in numbers if number not in known]
    if unknown:
        expected = ", ".join(known) or "none yet"
        raise ValueError(f"lessons: expected numbers of lessons ({expected}); got {unknown}.")
    return [lesson for lesson in found if not numbers or lesson.number in numbers]


def main(numbers: list[str]) -> int:
    """Run the chosen lessons; return an exit status."""
    try:
        chosen = choose(lessons(), numbers)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    failed = 0
    for lesson in chosen:
        started = time.monotonic()
        try:
            run(lesson)
        except (CellExecutionError, CellTimeoutError) as error:
            failed += 1
            print(f"{lesson.path.name}: {error}", file=sys.stderr)
            continue
        spent = time.monotonic() - started
        print(f"{Path('notebooks', lesson.path.name)}: {spent:.0f} s of {lesson.seconds} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
