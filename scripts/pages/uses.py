"""Which lessons and exercises use a name of `mmcourse`, and which names one of them uses.

Found in the code cells, by what they import and by what they take from imported modules, as
`clip.load` after `from mmcourse import clip`. Leaves out methods, which no
import tells apart.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pages.source import PACKAGE, is_module, name_of, thing_at
from pages.wording import escaped, first_paragraph
from pages.workbooks import cells, notebooks


@lru_cache
def used_names(notebook: Path, root: Path) -> list[str]:
    """Return the names that a notebook uses, such as `mmcourse.clip.load`, in their order.

    A name that a lesson takes from within a package has the package's own name for it, if the
    package hands it on, and else that of the file, as `mmcourse.clip.text.text_feature`.
    """
    nodes = [node for cell in cells(notebook, "code") for node in ast.walk(ast.parse(cell))]
    imported = dict(_imported(nodes))
    modules = {local: path for local, path in imported.items() if is_module(path, root)}
    taken = [*imported.values(), *_attributes(nodes, modules)]
    return sorted({name for path in taken if (name := name_of(path, root))})


@lru_cache
def uses(root: Path) -> dict[str, list[Path]]:
    """Return the notebooks, lessons before exercises, that use each name."""
    found: dict[str, list[Path]] = {}
    for notebook in notebooks(root):
        for name in used_names(notebook, root):
            found.setdefault(name, []).append(notebook)
    return found


def names_used_here(root: Path, number: str) -> str:
    """Return a folded list for the end of a lesson's page: each name, and what it is."""
    (lesson,) = root.glob(f"notebooks/{number}_*.ipynb")
    lines = [f"- {_said(name, root)}" for name in used_names(lesson, root)]
    return "\n".join(["`````{dropdown} Names of mmcourse used here", *lines, "`````", ""])


def _said(name: str, root: Path) -> str:
    """Return a name with a link to the reference and the first paragraph there."""
    link = f"[`{name.removeprefix(f'{PACKAGE}.')}`](#{name})"
    docstring = thing_at(name, root).docstring
    return f"{link}: {escaped(first_paragraph(docstring.value))}" if docstring else link


def _imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield what is imported from the package: its name in the notebook, and its path."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{PACKAGE}."):
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def _attributes(nodes: Iterable[ast.AST], modules: dict[str, str]) -> Iterator[str]:
    """Yield the paths of what is taken from modules by a dot."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules:
            yield f"{modules[ast.unparse(node.value)]}.{node.attr}"
