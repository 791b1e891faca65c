"""The documents of the repository as pages: README, instructors' guide, cards, results."""

import re
from pathlib import Path

from pages.addresses import DOCUMENTS, addresses
from pages.links import FIGURES, pictures, relinked

FOLD = re.compile(r"\s*<details>\s*<summary>(.*?)</summary>(.*?)</details>[ \t]*\n?", re.DOTALL)


def pages(root: Path) -> dict[str, str]:
    """Return the page of each document."""
    known = addresses(root)
    made = {}
    for name, page in known.items():
        if page.endswith(".md"):
            text = (root / name).read_text(encoding="utf-8")
            made[page] = relinked(unfolded(text), name, known)
    readme = DOCUMENTS["README.md"]
    if readme in made:  # the site has the same name: there the page is what it is
        made[readme] = re.sub(r"\A# .*", "# The repository", made[readme])
    return made


def figures(root: Path) -> dict[str, bytes]:
    """Return the documents' pictures, by where they stand in the folder that Sphinx reads."""
    found = set()
    for name, page in addresses(root).items():
        if page.endswith(".md"):
            found |= pictures((root / name).read_text(encoding="utf-8"), name)
    return {f"{FIGURES}/{path}": (root / path).read_bytes() for path in sorted(found)}


def unfolded(text: str) -> str:
    """Return Markdown in which what is folded is read as Markdown, too.

    Jupyter finds formulas inside an HTML block; MyST reads one only between blank lines.

    >>> print(unfolded("Why? <details><summary>Answer</summary>$x$ is 0.</details>"))
    Why?
    <BLANKLINE>
    <details>
    <summary>Answer</summary>
    <BLANKLINE>
    $x$ is 0.
    <BLANKLINE>
    </details>
    <BLANKLINE>
    """
    fold = "\n\n<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n"
    return FOLD.sub(lambda found: fold.format(found[1].strip(), found[2].strip()), text)
