"""The lessons and exercises: where they are, what they say, and links to them."""

from functools import lru_cache
from pathlib import Path

import nbformat


def notebooks(root: Path) -> list[Path]:
    """Return the lessons, then the exercises, in order."""
    return sorted(root.glob("notebooks/*.ipynb")) + sorted(
        root.glob("exercises/*/[0-9]*.ipynb")
    )


@lru_cache
def cells(notebook: Path, kind: str) -> list[str]:
    """Return the texts of all cells of a kind, "code" or "markdown"."""
    every = nbformat.read(notebook, as_version=4).cells
    return [cell.source for cell in every if cell.cell_type == kind]


def link_to(notebook: Path) -> str:
    """Return a link to a notebook's page, in two words."""
    kind = "lesson" if notebook.parent.name == "notebooks" else "exercise"
    return f"{{doc}}`{kind} {notebook.name[:2]} </{kind}s/{notebook.stem}>`"
