"""Every public name of `mmcourse`, found as a reader finds it: what the packages hand on.

Leaves out what is no idea of the course: `boundary` and `moved` (machinery), `checks` (a door
to `classroom`).
"""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

PACKAGES = (
    "ask", "attention_maps", "audio", "autoencoder", "caption", "captioning", "checkpoints",
    "choice", "clip", "codebook", "data", "draw", "few_shot", "flamingo", "foreign", "fusion",
    "images", "indexes", "judge", "lesson", "listen", "losses", "metrics", "picture_words",
    "plots", "probe", "recordings", "rectified_flow", "retrieval", "retrieval.approximate",
    "retrieval.shards", "search", "similarity", "small", "speech", "tokenizer", "train",
    "transformer", "unknown_words", "video", "vqa", "world", "zeroshot",
)  # fmt: skip


def public_names() -> dict[str, Any]:
    """Return functions, constructors and public methods by name, such as `clip.CLIP.forward`.

    A class stands for its constructor, and does so only where it has one of its own.
    """
    found = {}
    for package in PACKAGES:
        for name, thing in _handed_on(package):
            if inspect.isclass(thing):
                found |= dict(_of_class(f"{package}.{name}", thing))
            elif callable(thing):
                found[f"{package}.{name}"] = thing
    return found


def parameters(thing: Any) -> dict[str, inspect.Parameter]:
    """Return what a caller may pass by name."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    every = inspect.signature(thing).parameters.values()
    return {one.name: one for one in every if one.kind in kinds and one.name != "self"}


def as_called(name: str, thing: Any, call: dict[str, Any]) -> tuple[Callable[..., Any], Any]:
    """Return what to call, and its arguments: of a method the receiver's own."""
    rest = dict(call)
    if "self" in rest:
        return getattr(rest.pop("self"), name.rpartition(".")[2]), rest
    return thing, rest


def _handed_on(package: str) -> Iterator[tuple[str, Any]]:
    module = import_module(f"mmcourse.{package}")
    for name in getattr(module, "__all__", None) or list(vars(module)):
        thing = getattr(module, name)
        of_ours = hasattr(module, "__all__") or _module(thing) == module.__name__
        if of_ours and _is_code(thing) and not name.startswith("_"):
            yield name, thing


def _is_code(thing: Any) -> bool:
    return inspect.isclass(thing) or inspect.isfunction(thing) or hasattr(thing, "__wrapped__")


def _module(thing: Any) -> str:
    return getattr(thing, "__module__", "")


def _of_class(name: str, kind: type) -> Iterator[tuple[str, Any]]:
    if {"__init__", "__new__"} & vars(kind).keys():
        yield name, kind
    for method, thing in vars(kind).items():
        function = thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing
        called = inspect.isfunction(function) or hasattr(function, "__wrapped__")
        if called and (method == "__call__" or not method.startswith("_")):
            yield f"{name}.{method}", getattr(kind, method)
