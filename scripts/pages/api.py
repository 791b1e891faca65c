"""The reference of `mmcourse`: a page for each module that hands something on, and an index.

Each name is an object of Sphinx's Python domain, so that `[load](#mmcourse.clip.load)` leads to
it from any page, a search finds it first, and `Film` is told from `film`. Below what its
docstring says stand the lessons and exercises that use it; what a lesson takes from a file that
its package does not hand on has its place at the end of the package's page.
"""

from pathlib import Path

from pages.entry import entry, told
from pages.source import Module, modules, public, thing_at, tree
from pages.uses import uses
from pages.wording import escaped, first_paragraph, prose

OPENING = """\
# Reference

What `mmcourse` hands on: {names} names in {modules} modules, in the order in which the lessons
teach them. All of it is made from the docstrings in the source.

*Tensor (batch, dim) of floats* has two axes, called batch and dim. A name that comes twice in a
signature has one length there; a number is a length; \\*batch is any number of axes.

"""
AXES = "Every axis has one name"
"""So begins what the head of the package says of them."""

DEEPER = """\
## Names from within

Lessons take these from the files named here; the package does not hand them on.
"""


def pages(root: Path) -> dict[str, str]:
    """Return the pages of the reference by their paths, such as `api/clip.md`."""
    found = {f"api/{module.name}.md": page(module, root) for module in modules(root)}
    return {"api/index.md": index(root), **found}


def index(root: Path) -> str:
    """Return the page that leads to all others."""
    known = modules(root)
    rows = [
        f"| [{one.name}]({one.name}.md) | {_cell(one.thing.docstring.value)} "
        f"| {one.lesson or '–'} |"
        for one in known
    ]
    head = tree(root).docstring.value
    parts = [
        OPENING.format(names=len(public(root)), modules=len(known)),
        "\n".join(["| Module | What it is | Lesson |", "|---|---|---|", *rows]),
        prose(head[head.index(AXES) :]),
        "\n".join(["```{toctree}", ":hidden:", "", *(one.name for one in known), "```"]),
    ]
    return "\n\n".join(parts) + "\n"


def page(module: Module, root: Path) -> str:
    """Return the page of one module."""
    deeper = [
        name
        for name in sorted(uses(root))
        if name.startswith(f"{module.thing.path}.") and name not in public(root)
    ]
    parts = [f"# {module.thing.path}", *told(module.thing, root)]
    parts += [entry(name, thing, root) for name, thing in module.names.items()]
    if deeper:
        parts += [DEEPER, *(entry(name, thing_at(name, root), root) for name in deeper)]
    return "\n\n".join(parts) + "\n"


def _cell(docstring: str) -> str:
    """Return a docstring's first paragraph for a table; a bar would end its column."""
    return escaped(first_paragraph(docstring)).replace("|", "\\|")
