"""What an answer raised, as data: its kind, its words, and the learner's own line.

A traceback runs through our files and libraries as well; a learner needs one line of it,
their own. Leaves out the rest of the traceback on purpose.
"""

import sysconfig
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import classroom
import mmcourse

OURS = [Path(str(package.__file__)).resolve().parent for package in (classroom, mmcourse)]
LIBRARIES = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
TYPED = ("<string>", "<stdin>")
"""Code that was typed at a prompt, or run from a string: its lines are not kept."""
MOST_TEXT = 2_000
"""Characters kept of what an error says."""

Frame = tuple[str, int, str]
"""The file, the line's number in it, and its text; a traceback has the innermost last."""


@dataclass(frozen=True)
class Place:
    """A line of a cell: its number, counted from 1, and its text."""

    line: int
    text: str


@dataclass(frozen=True)
class Raised:
    """An error as data, wherever it was raised.

    `stub` says that it is the learner's own `raise NotImplementedError()`, still standing.
    """

    kind: str
    text: str
    place: Place | None
    stub: bool


def raised(error: BaseException) -> Raised:
    """Return an error as data, whatever its own methods do."""
    found = traceback.extract_tb(error.__traceback__)
    frames = [(one.filename, one.lineno or 0, one.line or "") for one in found]
    return blamed(type(error).__name__, said(error), frames)


def blamed(kind: str, text: str, frames: Sequence[Frame]) -> Raised:
    """Return an error as data, from its name, its words and its traceback's lines."""
    place = None
    for name, line, words in reversed(frames):
        if line and _is_theirs(name):  # what begins has no line when it is stopped
            place = Place(line, words.strip())
            break
    own = bool(frames) and (_is_theirs(frames[-1][0]) or frames[-1][0] in TYPED)
    stub = own and kind == "NotImplementedError" and not text.strip()
    text = "".join(one for one in text[:MOST_TEXT] if one.isprintable() or one in "\n\t")
    return Raised(kind, text, place, stub)


def said(error: BaseException) -> str:
    """Return the words of an error; none where it cannot say them."""
    try:
        if isinstance(error, SyntaxError) and error.lineno:
            return f"{error.msg}, in line {error.lineno}: {(error.text or '').strip()}"
        return str.__str__(str(error))
    except Exception:  # a learner's own class may have any `__str__`
        return ""


def _is_theirs(name: str) -> bool:
    if name.startswith("<"):  # code without a file; IPython calls a cell so outside Jupyter
        return name.startswith("<ipython-input")
    path = Path(name)
    return not any(path.is_relative_to(folder) for folder in (*OURS, *LIBRARIES))
