"""What `mmcourse` hands on, read from its source without running it.

The map at the head of the package says which modules there are, and in which order they are
taught. A package hands on what its `__all__` names; of any other module, what is defined in it
under a name without an underscore. Leaves out machinery that is not on the map.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import griffe

PACKAGE = "mmcourse"
ROW = re.compile(r"^    (\d\d|--|  )  (\w+) +\S")
"""A row of the map: perhaps a lesson, and a module with what it is about."""

BESIDE = {"retrieval": ("retrieval.approximate", "retrieval.shards")}
"""Modules that their package does not import, as they need an extra: public all the same."""


@dataclass(frozen=True)
class Module:
    """A module of the map, the number of the lesson that teaches it, and what it hands on.

    `lesson` is empty where no lesson does; `names` goes from `mmcourse.clip.load` to what that
    is, wherever it is defined.
    """

    name: str
    lesson: str
    thing: griffe.Module
    names: dict[str, griffe.Object]


@lru_cache
def tree(root: Path) -> griffe.Module:
    """Return the whole package as it stands in its files."""
    options = griffe.GoogleOptions(warnings=False)  # a class may say its fields as arguments
    loaded = griffe.load(
        PACKAGE,
        search_paths=[root],
        try_relative_path=False,  # or the folder that we stand in would win
        allow_inspection=False,
        docstring_parser="google",
        docstring_options=options,
    )
    assert isinstance(loaded, griffe.Module)
    return loaded


@lru_cache
def modules(root: Path) -> list[Module]:
    """Return the modules that hand something on, in the order of the map."""
    whole = tree(root)
    found, lesson = [], ""
    for row in filter(None, map(ROW.match, _docstring(whole).splitlines())):
        lesson = row[1].strip("- ") if row[1].strip() else lesson
        thing = whole[row[2]]
        names = _names(whole, thing)
        for inner in BESIDE.get(row[2], ()):
            names |= _names(whole, whole[inner])
        if names:
            found.append(Module(row[2], lesson, thing, names))
    return found


@lru_cache
def public(root: Path) -> dict[str, griffe.Object]:
    """Return every name that is handed on, and what it is."""
    return {name: thing for module in modules(root) for name, thing in module.names.items()}


@lru_cache
def name_of(path: str, root: Path) -> str | None:
    """Return the public name of what is imported by a path, or the path if it has none.

    None for a module, and for what is not there.
    """
    if path in public(root):
        return path
    thing = _at(path, root)
    if thing is None or thing.is_module:
        return None
    return next((name for name, one in public(root).items() if one is thing), thing.path)


def thing_at(name: str, root: Path) -> griffe.Object:
    """Return what has a name that `name_of` gives."""
    return public(root).get(name) or tree(root)[_inside(name)]


def is_module(path: str, root: Path) -> bool:
    """Return whether what is imported by a path is a module."""
    thing = _at(path, root)
    return path not in public(root) and thing is not None and thing.is_module


def methods(kind: griffe.Class) -> dict[str, griffe.Object]:
    """Return the public methods and properties of a class that have a docstring."""
    return {
        name: thing
        for name, thing in kind.members.items()
        if (name == "__call__" or not name.startswith("_"))
        and (thing.is_function or "property" in thing.labels)
        and thing.docstring
    }


def parameters(thing: griffe.Object) -> list[griffe.Parameter]:
    """Return what a call takes, without `self`; of a named tuple, its fields."""
    if isinstance(thing, griffe.Class) and any(
        str(base) == "NamedTuple" for base in thing.bases
    ):
        kind = griffe.ParameterKind.positional_or_keyword
        return [
            griffe.Parameter(name, annotation=field.annotation, kind=kind, default=field.value)
            for name, field in thing.attributes.items()
            if field.annotation is not None
        ]
    taken = getattr(thing, "parameters", ())
    return [one for one in taken if one.name not in ("self", "cls")]


def sections(thing: griffe.Object) -> list[griffe.DocstringSection]:
    """Return the parts of a docstring, Google's `Args:` and `Raises:` apart from its text.

    Those of a class and of its constructor are one.
    """
    own = thing.docstring.parsed if thing.docstring else []
    making = thing.members.get("__init__") if thing.is_class else None
    return [*own, *making.docstring.parsed] if making and making.docstring else own


def _names(whole: griffe.Module, module: griffe.Module) -> dict[str, griffe.Object]:
    """Return what a module hands on, by the name that it has there."""
    names = module.exports
    if names is None:
        own = (thing for thing in module.members.values() if not thing.is_alias)
        names = [thing.name for thing in own if _is_public(thing)]
    paths = {
        name: module.imports.get(name, f"{module.path}.{name}") for name in map(str, names)
    }
    return {f"{module.path}.{name}": whole[_inside(path)] for name, path in paths.items()}


def _is_public(thing: griffe.Object) -> bool:
    """Return whether a module without `__all__` hands something on that is defined in it."""
    if thing.is_attribute:
        return thing.name.isupper() and thing.docstring is not None
    return not thing.name.startswith("_") and not thing.is_module


def _at(path: str, root: Path) -> griffe.Object | None:
    """Return what stands at a path in the package's files."""
    try:
        thing = tree(root)[_inside(path)]
    except KeyError:
        return None
    return None if thing.is_alias else thing


def _inside(path: str) -> str:
    return path.removeprefix(f"{PACKAGE}.")


def _docstring(thing: griffe.Object) -> str:
    return thing.docstring.value if thing.docstring else ""
