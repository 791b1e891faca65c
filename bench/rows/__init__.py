"""One file a row: what is measured, and beside whom.

A file says what it measures (`TITLE`), where that helps what its numbers come from (`NOTE`),
and yields its cases, each made when its turn comes, so
that one's gigabytes are gone before the next begins.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from bench.measure import Case


class Row(Protocol):
    """What a file of this folder holds."""

    TITLE: str

    def cases(self, *, large: bool) -> Iterator[Case]:
        """Yield what is measured; `large` adds what takes long."""


def names() -> list[str]:
    """Return what rows there are, in the order of the alphabet."""
    return sorted(module.name for module in iter_modules(__path__))


def row(name: str) -> Row:
    """Return a row by its name."""
    return import_module(f"{__name__}.{name}")  # type: ignore[return-value]
