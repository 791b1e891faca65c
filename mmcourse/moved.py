"""Names of edition 0.1 for what stands elsewhere since; gone with the next edition.

Notebooks that were handed out import by these names, and learners have copies of them. A
finder gives them today's module under its old name. Leaves out whatever no notebook imported.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pkgutil import resolve_name
from types import ModuleType

MOVED = {
    "mmcourse.bpe": "mmcourse.tokenizer.bpe",
    "mmcourse.chosen": "mmcourse.lesson",
    "mmcourse.compact": "mmcourse.data.compact",
    "mmcourse.doctor": "mmcourse.checks.doctor",
    "mmcourse.environment": "mmcourse.checks.environment",
    "mmcourse.world.places": "mmcourse.world.words.places",
    "mmcourse.world.render": "mmcourse.world.looks.render",
    "mmcourse.world.sampling": "mmcourse.world.scenes.sampling",
}


class Finder(MetaPathFinder, Loader):
    """Finds a module by the name that it had."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a specification for an old name, and None for any other."""
        del path, target  # it is the name alone that counts
        return ModuleSpec(name, self) if name in MOVED else None

    def exec_module(self, module: ModuleType) -> None:
        """Put today's module in the place of the empty one that the import has made."""
        sys.modules[module.__name__] = resolve_name(MOVED[module.__name__])


def hand_on(package: str) -> None:
    """Enter a package's old modules at once, where functions of the same names stand in it.

    An import sets a package's attribute: found late, the module would hide the function.
    """
    for old, new in MOVED.items():
        if old.startswith(f"{package}."):
            sys.modules[old] = sys.modules[new]
