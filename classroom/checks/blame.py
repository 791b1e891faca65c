"""Where in the learner's own code an error was raised.

A traceback runs through our files and libraries as well; a learner needs one line of it,
their own. Leaves out the rest of the traceback on purpose.
"""

import sysconfig
import traceback
from dataclasses import dataclass
from pathlib import Path

import classroom
import mmcourse

OURS = [Path(str(package.__file__)).resolve().parent for package in (classroom, mmcourse)]
LIBRARIES = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]


@dataclass(frozen=True)
class Place:
    """A line of a cell: its number, counted from 1, and its text."""

    line: int
    text: str


def place(error: BaseException) -> Place | None:
    """Return the innermost line of the learner's that raised `error`, if any did."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _is_theirs(frame.filename):
            return Place(frame.lineno or 0, (frame.line or "").strip())
    return None


def _is_theirs(name: str) -> bool:
    if name.startswith("<"):  # code without a file; IPython calls a cell so outside Jupyter
        return name.startswith("<ipython-input")
    path = Path(name)
    return not any(path.is_relative_to(folder) for folder in (*OURS, *LIBRARIES))
