"""The glossary as a page, by Sphinx's own directive, so that any page leads to {term}`hub`."""

from pathlib import Path

from draw_ideas import Idea, ideas

from pages.meanings import link_to_file
from pages.workbooks import link_to

GLOSSARY = "docs/glossary.md"
OPENING = """\
# Glossary

{many} ideas, each in one sentence, with the lesson that first teaches it, if one does, and the
file whose subject it is.
"""


def pages(root: Path) -> dict[str, str]:
    """Return the page `glossary.md`."""
    listed = ideas(root / GLOSSARY)
    terms = [_term(idea, root) for idea in listed]
    glossary = ["``````{glossary}", *terms, "``````", ""]
    return {"glossary.md": "\n".join([OPENING.format(many=len(listed)), *glossary])}


def _term(idea: Idea, root: Path) -> str:
    """Return a term and, below it, what it is and where."""
    lessons = [link_to(path) for path in root.glob(f"notebooks/{idea.lesson}_*.ipynb")]
    places = ", ".join([*lessons, link_to_file(Path(idea.where), root)])
    return f"{idea.term}\n  {idea.sentence}\\\n  {places}\n"
