"""A check's text in colours, where somebody reads it in a terminal or a notebook.

Green is passed, red is failed, and what is of less weight is dim. Without colour the text is
the same: in files, in reports, and wherever NO_COLOR is set (https://no-color.org), as it is
when the course's own notebooks are run and compared.
"""

import os
from typing import Any

COLOURS = {"passed": "32", "failed": "31", "not checked": "31"}
DIM = "2"
HIDDEN = "grading draws new ones."
"""How the line ends that says how many cases are hidden."""


def wanted(stream: Any) -> bool:
    """Return whether a stream shows colours and nobody has asked for none."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    notebook = type(stream).__module__.startswith("ipykernel")
    return notebook or (os.name != "nt" and stream.isatty())


def painted(text: str, state: str, stream: Any) -> str:
    """Return what is said of a question in this state as it is written to a stream."""
    if not wanted(stream):
        return text
    first, *rest = text.split("\n")
    lines = [_in(COLOURS.get(state, DIM), first)]
    lines += [_in(DIM, line) if line.endswith(HIDDEN) else line for line in rest]
    return "\n".join(lines)


def _in(colour: str, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"
