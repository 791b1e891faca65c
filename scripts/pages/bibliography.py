"""The bibliography as a page: each work once, where it can be read, and what cites it."""

from pathlib import Path

from pages.meanings import link_to_file
from pages.papers import Paper, citing, papers, unknown
from pages.workbooks import link_to

OPENING = """\
# Bibliography

The {many} works that the course cites, by first author, each with the lessons, exercises and
files that cite it. The year is that of the preprint where there is one; lessons may name the
year of the conference.
"""


def pages(root: Path) -> dict[str, str]:
    """Return the page `bibliography.md`; `[](#radford2021learning)` leads to an entry.

    Raises:
        ValueError: something is cited that has no entry.
    """
    if missing := unknown(root):
        raise ValueError(
            f"bibliography: every work needs an entry; there is none of {missing}."
        )
    listed = papers(root)
    entries = [_entry(paper, root) for paper in listed]
    return {"bibliography.md": "\n".join([OPENING.format(many=len(listed)), *entries])}


def _entry(paper: Paper, root: Path) -> str:
    """Return one work as a paragraph with an address of its own."""
    where = [paper.where, f"arXiv {paper.arxiv}" if paper.arxiv else "", paper.doi]
    said = ", ".join(filter(None, where)) or "here"
    title = f"*{paper.title}*"
    read = f"[{title}]({paper.link})" if paper.link else title
    names = " and ".join([", ".join(paper.authors[:-1]), paper.authors[-1]]).removeprefix(
        " and "
    )
    cited = ", ".join(_place(path, root) for path in citing(root)[paper.key])
    return f"({paper.key})=\n{names}: {read}, {said}, {paper.year}.\\\nCited in {cited}.\n"


def _place(path: Path, root: Path) -> str:
    """Return what cites a work, as a link where it has a page."""
    if path.suffix == ".ipynb":
        return link_to(path)
    return link_to_file(path.relative_to(root), root)
