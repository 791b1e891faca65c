"""The works that the course cites, and where it cites them.

`site/references.bib` holds each work once. A place cites it by its arXiv number, its DOI, its
address, or by one of the words in the entry's field `said`, which no style of BibTeX prints:
`said = {Okabe and Ito}`. Places are lessons, exercises, documents, modules and scripts.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pybtex.database import Entry, parse_file

from pages.workbooks import cells, notebooks

BIB = "site/references.bib"
PLACES = ("*.md", "docs/*.md", "mmcourse/**/*.py", "classroom/**/*.py", "scripts/**/*.py")
VENUES = ("journal", "booktitle", "publisher", "institution")
ARXIV = re.compile(r"arxiv(?:\.org/(?:abs|pdf)/|[\s:\[#]+)((?:\d{4}\.|[a-z-]+/)\d{4,7})", re.I)
DOI = re.compile(r"doi\.org/(10\.\d{4,}/[^\s)>\]}\"]+)")
CITED = re.compile(r"\barXiv\s+(\d{4}\.\d{4,5})")
"""An arXiv number as a docstring cites it."""


@dataclass(frozen=True)
class Paper:
    """A work: who wrote what, when and where, and the words by which the course means it."""

    key: str
    authors: tuple[str, ...]
    title: str
    year: str
    where: str
    arxiv: str
    doi: str
    url: str
    said: tuple[str, ...]

    @property
    def link(self) -> str:
        """Where the work can be read; empty for a book."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@lru_cache
def papers(root: Path) -> list[Paper]:
    """Return the entries by their keys, which begin with the first author's name and the year.

    Raises:
        PybtexError: the file is not BibTeX, or a key comes twice.
    """
    entries = parse_file(root / BIB, bib_format="bibtex").entries
    return [_paper(key, entry) for key, entry in sorted(entries.items())]


@lru_cache
def places(root: Path) -> dict[Path, str]:
    """Return the texts that may cite a work; of a notebook, what it says and computes."""
    written = {path for pattern in PLACES for path in root.glob(pattern)}
    found = {path: path.read_text(encoding="utf-8") for path in sorted(written)}
    for path in notebooks(root):
        found[path] = "\n".join(cells(path, "markdown") + cells(path, "code"))
    return found


@lru_cache
def citing(root: Path) -> dict[str, list[Path]]:
    """Return the places that cite each work, by its key."""
    found: dict[str, list[Path]] = {paper.key: [] for paper in papers(root)}
    for path, text in places(root).items():
        numbers, plain = set(ARXIV.findall(text)), " ".join(text.split())
        for paper in papers(root):
            signs = filter(None, (paper.doi, paper.url, *paper.said))
            if paper.arxiv in numbers or any(sign in plain for sign in signs):
                found[paper.key].append(path)
    return found


def unknown(root: Path) -> dict[str, list[Path]]:
    """Return the arXiv numbers and DOIs that are cited without an entry, and where."""
    known = {name for paper in papers(root) for name in (paper.arxiv, paper.doi)}
    found: dict[str, list[Path]] = {}
    for path, text in places(root).items():
        for name in {*ARXIV.findall(text), *DOI.findall(text)} - known:
            found.setdefault(name, []).append(path)
    return found


def with_links(text: str, root: Path) -> str:
    """Return a text whose arXiv numbers lead to their entries."""
    keys = {paper.arxiv: paper.key for paper in papers(root)}

    def link(found: re.Match[str]) -> str:
        key = keys.get(found[1])
        return f"[arXiv {found[1]}](#{key})" if key else found[0]

    return CITED.sub(link, text)


def _paper(key: str, entry: Entry) -> Paper:
    fields = {name: " ".join(value.split()) for name, value in entry.fields.items()}
    said = tuple(filter(None, map(str.strip, fields.get("said", "").split(";"))))
    return Paper(
        key=key,
        authors=tuple(_name(str(person)) for person in entry.persons["author"]),
        title=fields["title"].replace("{", "").replace("}", ""),
        year=fields["year"],
        where=next((fields[one] for one in VENUES if one in fields), ""),
        arxiv=fields.get("eprint", ""),
        doi=fields.get("doi", ""),
        url=fields.get("url", ""),
        said=said,
    )


def _name(person: str) -> str:
    """Return a name as it is said: "Radford, Alec" is Alec Radford."""
    last, _, first = person.strip("{}").partition(", ")
    return f"{first} {last}".strip()
