"""What a built page holds: its anchors, what it points to, its pictures, its text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ASKED_FOR = {"img": "src", "script": "src", "audio": "src", "source": "src", "iframe": "src"}
"""Elements that make a browser ask for something, and the attribute that says for what."""


@dataclass
class Page(HTMLParser):
    """One page, read as a browser would."""

    path: Path
    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    pictures: list[dict[str, str | None]] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    _inside: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note what an element is, has and asks for."""
        named = dict(attrs)
        self.anchors |= {value for key, value in attrs if key in ("id", "name") and value}
        if tag == "a" and named.get("href"):
            self.links.append(named["href"])
        if tag == "link" and named.get("rel") not in ("index", "next", "prev", "search"):
            self.asked.append(named["href"])
        if named.get(ASKED_FOR.get(tag, "")):
            self.asked.append(named[ASKED_FOR[tag]])
        if tag == "img":
            self.pictures.append(named)
        if tag == "math":
            self.formulas.append("")
        if tag in ("pre", "code", "script", "style", "math"):
            self._inside.append(tag)

    def handle_endtag(self, tag):
        """Leave an element."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        """Note a text: of a formula, or of what is neither code nor script."""
        if not self._inside:
            self.prose.append(data)
        elif "math" in self._inside:
            self.formulas[-1] += data


def is_outside(target):
    """Return whether a link leads to another place; what a page holds itself does not."""
    parts = urlsplit(target)
    return parts.scheme != "data" and bool(parts.scheme or parts.netloc)


def missing(target, page, anchors):
    """Return whether a page's target is not there, or has no such anchor.

    Args:
        target: as it stands in the page.
        page: the page's path.
        anchors: the anchors of each page, by its path.
    """
    parts = urlsplit(target)
    there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if there.is_dir():
        there /= "index.html"
    if not there.is_file():
        return True
    return there in anchors and bool(parts.fragment) and parts.fragment not in anchors[there]
