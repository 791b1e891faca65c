"""What is not what it seems: files that hide a package, and packages whose description is torn.

Python takes the first module of a name that it finds, and looks beside the reader first: a
`numpy.py` there is imported in NumPy's place, and what needs NumPy is blamed for it. Found by
files and metadata, nothing imported. Leaves out what a file says once it is imported.
"""

import csv
import sys
from importlib import metadata
from importlib.machinery import ModuleSpec
from pathlib import Path

DAMAGE = (ValueError, LookupError, TypeError, AttributeError, OSError, csv.Error)
"""What reading a torn METADATA or RECORD ends in, undecodable bytes among it."""


def is_damaged(name: str) -> bool:
    """Return whether a package is there, but its description cannot be read."""
    try:
        return metadata.version(name) is None
    except metadata.PackageNotFoundError:
        return False
    except DAMAGE:
        return True


def owners_of(module: str) -> tuple[str, ...]:
    """Return the packages that put a module there, passing over those that are damaged."""
    owners = set()
    for one in metadata.distributions():
        try:
            stated = (one.read_text("top_level.txt") or "").split()
            tops = stated or {path.parts[0].removesuffix(".py") for path in one.files or ()}
            if module in tops:
                owners.add(str(one.metadata["Name"]))
        except DAMAGE:
            continue
    return tuple(sorted(owners))


def shadow_of(name: str, spec: ModuleSpec | None) -> str | None:
    """Return the file or folder that is found in a package's place, or None.

    Args:
        name: of an installed package; one that is not installed has no shadow.
        spec: of its module, as Python finds it.
    """
    try:
        package = metadata.distribution(name)
        home = Path(str(package.locate_file(""))).resolve()
        elsewhere = "editable" in (package.read_text("direct_url.json") or "")
    except (metadata.PackageNotFoundError, *DAMAGE):
        return None
    place = place_of(spec)
    if place is None or elsewhere or Path(place).resolve().is_relative_to(home):
        return None
    return place


def place_of(spec: ModuleSpec | None) -> str | None:
    """Return the file that a module is in, or the folder of a package; None for none."""
    if spec is None or spec.origin is None or not spec.has_location:
        return None
    origin = Path(spec.origin)
    return str(origin.parent if origin.name == "__init__.py" else origin)


def hiding_python(folder: Path) -> tuple[str, ...]:
    """Return what in a folder has the name of one of Python's own modules."""
    try:
        found = [
            path
            for path in sorted(folder.iterdir())
            if path.suffix == ".py" or (path / "__init__.py").is_file()
        ]
    except OSError:
        return ()
    own = Path(sys.modules["os"].__file__ or "").parent
    if folder.resolve() == own.resolve():
        return ()
    return tuple(str(path) for path in found if path.stem in sys.stdlib_module_names)
