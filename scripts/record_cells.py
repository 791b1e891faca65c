"""Run code that lessons cannot run, and show it in them with what it printed.

Lessons import neither open_clip nor transformers nor faiss. So what these do stands in files
of `scripts/recorded`: `07_peers_ours.py` is the cell `07-peers-ours` of lesson 07. Its
docstring becomes the text above the code; `07_peers_ours.out` holds what it printed, and
`made.toml` when and on what. Those that are named, or whose output is missing, are run, each
in a process of its own on one thread; then every lesson's cells are written from the files,
and those of `shown_tables` from their data.

usage: python scripts/record_cells.py [--again NAME ... | --again all]
"""

import argparse
import ast
import os
import platform
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import nbformat
from lessons import ROOT

RECORDED = ROOT / "scripts" / "recorded"
FILES = ROOT / "build" / "recorded"
"""Where the files lie that recordings open; git ignores it."""

PACKAGES = {
    "faiss": "faiss-cpu",
    "mmcourse": "torch",
    "open_clip": "open_clip_torch",
    "torch": "torch",
    "transformers": "transformers",
}
"""Whose version is told, by what is imported."""

PROGRAM = """
import runpy, sys
from peers import declare_operators
declare_operators()
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""Runs a recording beside a CPU build of torch, where torchvision does not import by itself."""


@dataclass(frozen=True)
class Recording:
    """A file of code that a lesson shows, and what it printed."""

    path: Path

    @property
    def cell(self) -> str:
        """The id of the cell that shows it."""
        return self.path.stem.replace("_", "-")

    @property
    def text(self) -> str:
        """What stands above the code: the docstring."""
        return ast.get_docstring(self._tree()) or ""

    @property
    def code(self) -> str:
        """What a learner reads: all below the docstring."""
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        return "".join(lines[self._tree().body[0].end_lineno :]).strip()

    @property
    def output(self) -> Path:
        """The file that holds what it printed."""
        return self.path.with_suffix(".out")

    def imported(self) -> set[str]:
        """Return the packages that the code imports."""
        found: set[str] = set()
        for node in ast.walk(self._tree()):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
        return found

    def _tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))


def recordings(folder: Path = RECORDED) -> list[Recording]:
    """Return all recordings, in the order of their names."""
    return [Recording(path) for path in sorted(folder.glob("[0-9][0-9]_*.py"))]


def run(recording: Recording, folder: Path) -> str:
    """Return what a recording prints when it runs in a folder that holds its files.

    Raises:
        RuntimeError: it failed.
    """
    helpers = [ROOT, ROOT / "tests" / "helpers"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, recording.path],
        cwd=folder,
        env={
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(map(str, helpers)),
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{recording.path.name}: it failed:\n{done.stderr[-2000:]}")
    return done.stdout


def record(recording: Recording) -> None:
    """Run a recording, and keep what it printed, when, and on what."""
    import recording_files  # it imports torch, which showing does not need

    recording_files.make(recording_files.needed(recording.code), FILES)
    with tempfile.TemporaryDirectory() as folder:
        for name in recording_files.needed(recording.code):
            Path(folder, name).symlink_to(FILES / name)
        printed = run(recording, Path(folder))
    recording.output.write_text(printed, encoding="utf-8")
    made = {**read_made(), recording.path.stem: _machine(recording)}
    lines = [f'{name} = "{made[name]}"\n' for name in sorted(made)]
    (RECORDED / "made.toml").write_text("".join(lines), encoding="utf-8")


def read_made(folder: Path = RECORDED) -> dict[str, str]:
    """Return for each recording when it was made, and on what."""
    path = folder / "made.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _machine(recording: Recording) -> str:
    packages = sorted({PACKAGES[name] for name in recording.imported() & set(PACKAGES)})
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    processor = _processor()
    return f"{datetime.now(UTC):%Y-%m-%d}, {processor}, {platform.system()}, {versions}"


def _processor() -> str:
    """Return the processor's name where Linux tells it, else its kind."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]} ({platform.machine()})" if names else platform.machine()


def cell_source(recording: Recording, made: str) -> str:
    """Return the markdown that a lesson shows for a recording."""
    printed = recording.output.read_text(encoding="utf-8").rstrip()
    return (
        f"{recording.text}\n\n```python\n{recording.code}\n```\n\n"
        f"```text\n{printed}\n```\n\n*Recorded {made}.*"
    )


def cells(recorded: Path = RECORDED) -> dict[str, str]:
    """Return the source of every cell that shows a recording, by its id."""
    made = read_made(recorded)
    return {
        recording.cell: cell_source(recording, made[recording.path.stem])
        for recording in recordings(recorded)
    }


def show(sources: dict[str, str], folder: Path = ROOT / "notebooks") -> list[str]:
    """Write cells into their lessons; return the ids of those that no lesson has."""
    return [
        cell
        for cell, source in sources.items()
        if not any(_written(path, cell, source) for path in folder.glob(f"{cell[:2]}_*.ipynb"))
    ]


def _written(path: Path, cell_id: str, source: str) -> bool:
    """Write a cell's source into a notebook; return whether the notebook has the cell."""
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.id == cell_id]
    for cell in cells:
        if (cell.source, cell.metadata.get("tags")) != (source, ["recorded"]):
            cell.source, cell.metadata["tags"] = source, ["recorded"]
            nbformat.write(notebook, path)
    return bool(cells)


def main(words: list[str]) -> int:
    """Record what is asked for or missing, and show all; return an exit status."""
    parser = argparse.ArgumentParser(description="record cells that lessons cannot run")
    parser.add_argument("--again", nargs="+", default=[], metavar="NAME")
    again = parser.parse_args(words).again
    known = {recording.path.stem: recording for recording in recordings()}
    unknown = [name for name in again if name not in known and name != "all"]
    if unknown:
        print(
            f"record_cells: expected some of {', '.join(known)}, or all; got {unknown}.",
            file=sys.stderr,
        )
        return 2
    for name, recording in known.items():
        if name in again or "all" in again or not recording.output.exists():
            record(recording)
            print(f"{name}: recorded\n{recording.output.read_text(encoding='utf-8')}")
    import shown_tables  # it imports torch

    tables = {cell: make() for cell, make in shown_tables.TABLES.items()}
    for cell in show({**cells(), **tables}):
        print(f"no lesson has the cell {cell} yet: add one with this id")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
