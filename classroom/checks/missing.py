"""Why a notebook defines no function of a name: the cell that should do it stopped, often.

A cell with a syntax error defines nothing; its learner has tried all the same.
"""

import re
from collections.abc import Iterable


def why_missing(function: str, cells: Iterable[tuple[str, str | None]]) -> tuple[str, bool]:
    """Return what to say of a missing function, and whether somebody tried to write it.

    Args:
        function: its name.
        cells: the source of each code cell, and what it raised or why it was stopped.

    >>> why_missing("f", [("x = 1", None), ("def f(x)", "SyntaxError: expected ':'")])
    ("code cell 2, which should define it, stopped: SyntaxError: expected ':'", True)
    """
    defining = re.compile(
        rf"^\s*(?:(?:async\s+)?def|class)\s+{function}\b|^{function}\s*=", re.M
    )
    for position, (source, error) in enumerate(cells, start=1):
        if error and defining.search(source):
            return f"code cell {position}, which should define it, stopped: {error}", True
    return "the notebook defines no function or class of this name.", False
