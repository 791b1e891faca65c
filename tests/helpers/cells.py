"""Run the code cells of a notebook, unchanged and in order, and keep what each prints.

usage: python tests/helpers/cells.py NOTEBOOK RESULT [PACKAGE]

RESULT becomes a JSON file: what each cell printed, by the cell's id, and under "clip" the name
of the module that `from mmcourse import clip` gave. With PACKAGE that is the package of this
name, such as OpenAI's clip. Leaves out kernels: the cells run in this process.
"""

import importlib
import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from peers import import_peer

import mmcourse


def run(notebook: Path) -> dict[str, str]:
    """Return what each code cell of a notebook prints; raise what a cell raises."""
    shell, printed = InteractiveShell.instance(), {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with redirect_stdout(StringIO()) as out:
                result = shell.run_cell(cell.source)
            if not result.success:
                sys.stderr.write(out.getvalue())
            result.raise_error()
            printed[cell.id] = out.getvalue()
    return {**printed, "clip": shell.user_ns["clip"].__name__}


def main(notebook: str, result: str, package: str | None = None) -> None:
    """Run a notebook, with another package in place of `mmcourse.clip` if one is named."""
    importlib.import_module("mmcourse.clip")  # first: importing it sets the attribute
    if package is not None:
        mmcourse.clip = import_peer(package)
    Path(result).write_text(json.dumps(run(Path(notebook))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
