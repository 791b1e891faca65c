"""Links between files of the repository, turned into links between pages of the site.

A link to a file that is no page would lead nowhere: its name is said instead, as code. Leaves
out links in HTML, of which the documents have none.
"""

import posixpath
import re
from collections.abc import Mapping

PICTURES = (".png", ".jpg", ".svg")
FIGURES = "figures"
"""The folder, beside the pages, in which the documents' pictures lie as in the repository."""

INSIDE = r"(?:`[^`]*`|[^`\[\]])*"
PIECE = re.compile(
    r"(?P<fence>^ *(?P<ticks>```+|~~~+).*?^ *(?P=ticks) *$)"
    r"|(?P<code>(?P<tick>`+)(?!`)(?:(?!\n\n).)+?(?<!`)(?P=tick)(?!`))"
    rf"|(?P<mark>!?)\[(?P<text>{INSIDE})\]\((?P<target>[^()\s]+)\)",
    re.DOTALL | re.MULTILINE,
)


def relinked(text: str, here: str, pages: Mapping[str, str]) -> str:
    """Return Markdown whose links lead to pages.

    Args:
        text: as it stands in the repository.
        here: the file that it stands in, as a path from the repository's root.
        pages: where each file that has a page stands in the folder that Sphinx reads.

    >>> pages = {"docs/tiny.md": "cards/tiny.md", "README.md": "readme.md"}
    >>> relinked("see [cards](docs/tiny.md#data), [the licence](LICENSE)", "README.md", pages)
    'see [cards](cards/tiny.md#data), the licence (`LICENSE`)'
    """

    def piece(found: re.Match[str]) -> str:
        target = found["target"]
        if not target or re.match(r"[a-z]+:|#", target):
            return found[0]
        path, hash_sign, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
        if path.endswith(PICTURES):
            return f"{found['mark']}[{found['text']}](/{FIGURES}/{path})"
        if path not in pages:
            return _said(found["text"], path)
        start = posixpath.dirname(pages[here])
        return f"[{found['text']}]({posixpath.relpath(pages[path], start)}{hash_sign}{anchor})"

    return PIECE.sub(piece, text)


def pictures(text: str, here: str) -> set[str]:
    """Return the pictures of a document, as paths from the repository's root."""
    folder = posixpath.dirname(here)
    targets = {found["target"] or "" for found in PIECE.finditer(text)}
    local = {one for one in targets if one.endswith(PICTURES) and ":" not in one}
    return {posixpath.normpath(posixpath.join(folder, one)) for one in local}


def _said(text: str, path: str) -> str:
    """Return a link's text and, where it does not say so itself, which file it meant."""
    if path in text:
        return text if "`" in text else f"`{text}`"
    return f"{text} (`{path}`)"
