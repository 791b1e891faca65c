"""A stored table, read back: its columns by name, each text as what it stands for."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def rows(
    operation: str,
    path: Path,
    fields: Sequence[str],
    kinds: Sequence[Callable[[str], Any]],
    script: str,
) -> list[list[Any]]:
    """Return the rows of a table with these columns.

    Args:
        operation: who asks.
        path: a csv file with a heading.
        fields: what its columns must be called, in order.
        kinds: what each text becomes.
        script: what writes such a table.

    Raises:
        ValueError: the file holds something else.
    """
    with path.open(newline="", encoding="utf-8") as file:
        heading, *found = list(csv.reader(file)) or [[]]
    if tuple(heading) != tuple(fields):
        raise ValueError(
            f"{operation}: {path} must have the columns {', '.join(fields)}; got "
            f"{', '.join(heading)}; python scripts/{script} writes it anew."
        )
    return [[kind(text) for kind, text in zip(kinds, row, strict=True)] for row in found]
