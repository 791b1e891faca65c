"""Where the names in a docstring lead: to the reference, to papers; and where a file leads."""

from functools import lru_cache
from pathlib import Path

import griffe

from pages.addresses import addresses
from pages.papers import with_links
from pages.source import PACKAGE, methods, modules, name_of, parameters, public
from pages.wording import prose, said


class Links:
    """Makes the links in what is said of a thing.

    `load` means what its file imports or defines by that name, else what its package hands on;
    `clip.load` is a name of the whole package's. Arguments are no names.
    """

    def __init__(self, thing: griffe.Object, root: Path) -> None:
        """Begin at a module, or at something that is defined in one."""
        self.file, self.root = thing if thing.is_module else thing.module, root
        self.arguments = {one.name for one in parameters(thing)}

    def prose(self, text: str) -> str:
        """Return text in MyST with its links."""
        return prose(text, self._code, lambda words: with_links(words, self.root))

    def type(self, annotation: object) -> str:
        """Return a type in words, the package's classes linked."""
        return said(str(annotation), lambda word: self._link(word, word))

    def _code(self, code: str) -> str:
        name = code.strip("`").removesuffix("()")
        return code if name in self.arguments else self._link(name, code)

    def _link(self, name: str, text: str) -> str:
        """Return a text as a link to what a name means here, or without one."""
        first, dot, rest = name.partition(".")
        path = self.file.imports.get(first, f"{self.file.path}.{first}")
        package = ".".join(self.file.path.split(".")[:2])
        meant = (
            f"{PACKAGE}.{name}" if dot else "",
            f"{name_of(path, self.root)}{dot}{rest}",
            f"{package}.{name}",
        )
        target = next((one for one in meant if one in _targets(self.root)), None)
        return f"[{text}](#{target})" if target else text


def link_to_file(where: Path, root: Path) -> str:
    """Return a file, given from the root, as a link to its page or its module's, if any."""
    name, (package, *inside) = where.as_posix(), where.with_suffix("").parts
    page = addresses(root).get(name)
    if package == PACKAGE and inside[0] in {one.name for one in modules(root)}:
        page = f"api/{inside[0]}.md"
    return f"[`{name}`](/{page})" if page else f"`{name}`"


@lru_cache
def _targets(root: Path) -> set[str]:
    """Return the names that have a place in the reference: what is handed on, and methods."""
    kinds = {name: thing for name, thing in public(root).items() if thing.is_class}
    inner = {f"{name}.{one}" for name, thing in kinds.items() for one in methods(thing)}
    return {*public(root), *inner}
