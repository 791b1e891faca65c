"""Read a submitted notebook: its cells' sources, and nothing else that is written in it.

Metadata, tags and outputs are the student's to write, so none is believed; the one name
kept, nbgrader's `grade_id` or else the cell's own, only says where a cell belongs. Leaves out
notebooks of format 3 and older.
"""

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from classroom.grading.faults import UnreadableError

MOST_BYTES = 16 << 20
MOST_CELLS = 1000
MOST_SOURCE = 900_000
"""Bytes of a code cell as it is sent to the sandbox: below `protocol.MOST_HEADER`."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: whether it is code, its source, and where it says that it belongs."""

    code: bool
    source: str
    place: str | None = None


def read_beneath(root: Path, parts: Sequence[str]) -> bytes:
    """Return the bytes of a regular file below `root`, reached through no symbolic link.

    Raises:
        UnreadableError: for anything else: a link, a pipe, a file that is too large.
    """
    opened = os.open(root, os.O_RDONLY)
    safely = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        for part in parts:
            above, opened = opened, os.open(part, safely, dir_fd=opened)
            os.close(above)
        found = os.fstat(opened)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableError("it is not a regular file")
        if found.st_size > MOST_BYTES:
            raise UnreadableError(f"it is larger than {MOST_BYTES >> 20} MB")
        with os.fdopen(os.dup(opened), "rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        linked = error.errno in (40, 20)  # ELOOP, ENOTDIR: what O_NOFOLLOW gives for a link
        why = "it is a symbolic link" if linked else f"it cannot be opened ({error.strerror})"
        raise UnreadableError(why) from error
    finally:
        os.close(opened)


def parse(content: bytes) -> tuple[Cell, ...]:
    """Return the cells of a notebook.

    Raises:
        UnreadableError: if it is none, or one of another format.

    >>> parse(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a = 1"]}]}')
    (Cell(code=True, source='a = 1', place=None),)
    """
    if not content.strip():
        raise UnreadableError("the file is empty")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError) as error:
        kind = type(error).__name__
        raise UnreadableError(
            f"the file is no notebook: its JSON is broken ({kind})"
        ) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise UnreadableError("the file is no notebook of format 4: it has no list of cells")
    if notebook.get("nbformat") != 4:
        raise UnreadableError("the notebook is not of format 4; open and save it in JupyterLab")
    if len(notebook["cells"]) > MOST_CELLS:
        raise UnreadableError(f"the notebook has more than {MOST_CELLS} cells")
    return tuple(_cell(number, cell) for number, cell in enumerate(notebook["cells"], 1))


def _cell(number: int, cell: object) -> Cell:
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(cell, dict) or not isinstance(source, str):
        raise UnreadableError("the notebook has a cell without a source")
    place: object = cell.get("metadata")
    for key in ("nbgrader", "grade_id"):
        place = place.get(key) if isinstance(place, dict) else None
    code = cell.get("cell_type") == "code"
    if code and len(json.dumps(source)) > MOST_SOURCE:
        raise UnreadableError(
            f"cell {number} is larger than {MOST_SOURCE // 1000} KB once encoded as JSON"
        )
    place = cell.get("id") if place is None else place
    known = place if isinstance(place, str) and len(place) < 200 else None
    return Cell(code=code, source=source, place=known)
