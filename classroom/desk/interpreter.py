"""Whether this Python can do what a command asks, and which one to call where it cannot.

The course's own is the one in `.venv`. Another that holds the same packages, such as conda's,
will do as well, and is named in a note. Packages are looked up, never imported. Leaves out
versions that do not fit: those are the doctor's.
"""

import importlib.util
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from classroom.desk.environment import is_isolated

NEEDED = ("IPython", "numpy", "torch")
"""What learners' notebooks and their checks are run with."""


def own(root: Path) -> Path:
    """Return where the course's own Python is, or would be after `make setup`."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_own(root: Path) -> bool:
    """Return whether the course's own Python runs this; a linked `.venv` counts."""
    return Path(sys.prefix).resolve() == (root / ".venv").resolve()


def lacking(names: Sequence[str] = NEEDED) -> list[str]:
    """Return the modules among `names` that this Python does not find."""
    return [name for name in names if importlib.util.find_spec(name) is None]


def refusal(words: Sequence[str], missing: Sequence[str], root: Path) -> str:
    """Return what to say of a Python that lacks modules, and the command to type instead.

    Args:
        words: the command that was called, such as ["check", "02"].
        missing: the modules.
        root: the course's folder.
    """
    lacks = f"{sys.executable} lacks {_listed(missing)}"
    if is_own(root):
        return f"{words[0]}: {lacks}. Install what is missing: make setup"
    said = f"{words[0]}: expected the course's Python; {lacks}."
    command = f"{_spelt(own(root), root)} -m mmcourse {_joined(words)}"
    if own(root).exists():
        return f"{said} Type: {command}"
    mend = (
        f" Set the course up: make setup (without make: python3 scripts/install.py), in {root}."
    )
    if is_isolated():
        mend += f" Or mend this one: {_joined([sys.executable])} -m mmcourse doctor says how."
    return f"{said}{mend} Then type: {command}"


def note(words: Sequence[str], root: Path) -> str:
    """Return what to say where another Python than the course's own runs a command, or ""."""
    if is_own(root) or not own(root).exists():
        return ""
    return (
        f"{words[0]}: {sys.executable} runs this, whose packages may differ from the "
        f"course's. The course's own: {_spelt(own(root), root)}"
    )


def _spelt(python: Path, root: Path) -> str:
    """Return a path as one types it here: short in the course's folder, whole elsewhere."""
    short = python.relative_to(root) if Path.cwd() == root else python
    return _joined([str(short.with_suffix("") if short.suffix == ".exe" else short)])


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _joined(words: Sequence[str]) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
