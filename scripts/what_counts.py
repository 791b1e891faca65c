"""What a card says of its points, and an exercise of its imports, as the checks have it."""

import re
import sys
from collections.abc import Sequence

from nbformat import NotebookNode

from classroom import checks
from classroom.checks.question import Written

HEADING = re.compile(r"## (\d\d\.\d) ")
RATING = re.compile(r"^Difficulty .* minutes$", re.MULTILINE)
POINTS = re.compile(r"\n\nPoints: [^\n]*")
IMPORTS = re.compile(r"\n\nYou may import: [^\n]*")


def say_what_counts(notebook: NotebookNode) -> None:
    """Write into each card how its points are given, and into the title what to import."""
    numbers = []
    for cell in notebook.cells:
        heading = HEADING.match(cell.source)
        if cell.cell_type == "markdown" and heading:
            numbers.append(heading[1])
            card = POINTS.sub("", cell.source)
            cell.source = RATING.sub(lambda rating: rating[0] + points_of(numbers[-1]), card)
    title = notebook.cells[0]
    if title.cell_type == "markdown" and title.source.startswith("# ") and numbers:
        modules = checks.exercise(numbers[0][:2]).modules
        title.source = IMPORTS.sub("", title.source) + imports_of(modules)


def points_of(number: str) -> str:
    """Return the paragraph that says how a question's points are given; none without points."""
    if asked := written(number):
        return f"\n\nPoints: up to {asked.points:g}, given by a person."
    properties = [each for each in checks.find(number).properties if each.points]
    parts = " · ".join(f"{each.name} ({each.points:g})" for each in properties)
    whole = "It counts" if len(properties) == 1 else "Each counts"
    return f"\n\nPoints: {parts}. {whole} whole or not at all." if properties else ""


def imports_of(modules: Sequence[str]) -> str:
    """Return the paragraph that says what an answer may import.

    >>> imports_of(["math", "numpy"]).strip()
    "You may import: numpy (Python's own: math)."
    """
    own = [name for name in modules if name.partition(".")[0] in sys.stdlib_module_names]
    others = ", ".join(name for name in modules if name not in own)
    return f"\n\nYou may import: {others}" + (
        f" (Python's own: {', '.join(own)})." if own else "."
    )


def written(number: str) -> Written | None:
    """Return the written question of this number; None where it asks for a function."""
    known = {one.number: one for one in checks.exercise(number[:2]).written}
    return known.get(number)
