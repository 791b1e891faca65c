"""What an annotation asks of a value, read into forms.

Read are jaxtyping's arrays (`arrays`), the plain kinds of `forms`, functions, unions of these,
and what holds several: sequences, and the values of mappings. Whatever else an annotation says,
such as what a function returns, is not asked.
"""

import inspect
import os
import re
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from mmcourse.boundary.arrays import ArrayForm
from mmcourse.boundary.forms import PLAIN, Form, instance_of

NOTHING = (object, Any, inspect.Parameter.empty)
"""Annotations that ask nothing."""

SEVERAL: Mapping[Any, str] = {
    Sequence: "a sequence of",
    list: "a sequence of",
    Iterable: "several",
    Collection: "several",
}
"""How what holds several is called."""

IRREGULAR = {"True or False": "flags", "bytes": "bytes"}
"""Words whose plural is no added s."""


def form_of(annotation: Any) -> Form | None:
    """Return what an annotation asks, or None where it asks nothing that is read here.

    >>> form_of(Sequence[str]).wanted
    'a sequence of strings'
    """
    if hasattr(annotation, "dim_str"):
        return _array([annotation])
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return _union(typing.get_args(annotation))
    if origin in (Mapping, dict):
        return _mapping(*typing.get_args(annotation))
    if origin is tuple and Ellipsis not in (parts := typing.get_args(annotation)):
        return _of_length(len(parts))
    if origin in SEVERAL:
        return _several(origin, typing.get_args(annotation)[0])
    if origin is Callable or annotation is Callable:
        return Form("a function", callable)
    if annotation in PLAIN:
        return PLAIN[annotation]
    if origin is os.PathLike:
        return PLAIN[os.PathLike]
    if isinstance(annotation, type) and annotation not in NOTHING and origin is None:
        return instance_of(annotation)
    return None


def _array(annotations: Sequence[Any]) -> Form:
    """Return the form of one or more jaxtyping annotations that differ in their library."""
    axes = tuple(annotations[0].dim_str.split())
    form = ArrayForm(
        libraries=tuple(one.array_type for one in annotations),
        family=annotations[0].dtype.__name__,
        axes=axes,
        is_open=any(axis[0] in "*." for axis in axes),
    )
    return Form(form.wanted, lambda _: False, (form,))


def _union(parts: Iterable[Any]) -> Form | None:
    """Return the form of what may be one of several things, None among them."""
    arrays: dict[tuple[str, str], list[Any]] = {}
    forms = []
    optional = False
    for part in parts:
        if hasattr(part, "dim_str"):
            arrays.setdefault((part.dtype.__name__, part.dim_str), []).append(part)
        elif part is type(None):
            optional = True
        elif (form := form_of(part)) is None:
            return None  # one part that is not read may be anything
        else:
            forms.append(form)
    forms += [_array(alike) for alike in arrays.values()]
    wanted = list(dict.fromkeys(form.wanted for form in forms))  # None goes without saying
    return Form(
        " or ".join(wanted),
        lambda value: (optional and value is None) or any(form.fits(value) for form in forms),
        tuple(array for form in forms for array in form.arrays),
        either=tuple(forms),
    )


def _several(origin: Any, annotation: Any) -> Form | None:
    """Return the form of a sequence; of what may be read only once, no item is asked."""
    each = form_of(annotation)
    if each is None:  # whatever is in it, the rows of an array among them
        fits = _is_sequence_or_array if origin in (Sequence, list) else _is_several
        return Form("a sequence" if fits is _is_sequence_or_array else "several things", fits)
    wanted = f"{SEVERAL[origin]} {_plural(each.wanted)}"
    if origin in (Iterable, Collection):
        return Form(wanted, _is_several)
    return Form(wanted, _is_sequence, each=each)


def _mapping(_: Any, annotation: Any) -> Form:
    """Return the form of a mapping, of whose keys nothing is asked."""
    return Form(
        "a mapping",
        lambda value: isinstance(value, Mapping),
        each=form_of(annotation),
        by_key=True,
    )


def _of_length(length: int) -> Form:
    """Return the form of a tuple whose parts have meanings of their own."""

    def fits(value: Any) -> bool:
        is_array = hasattr(value, "shape") and value.shape[:1] == (length,)
        return is_array or (_is_sequence(value) and len(value) == length)

    return Form(f"a tuple of {length}", fits)


def _plural(wanted: str) -> str:
    """Return several of what is wanted once: of "a tensor of floats", "tensors of floats"."""
    if wanted in IRREGULAR:
        return IRREGULAR[wanted]
    kinds, of, rest = wanted.partition(" of ")
    things = (re.sub("^an? ", "", kind) for kind in kinds.split(" or "))
    return f"{' or '.join(f'{thing}s' for thing in things)}{of}{rest}"


def _is_several(value: Any) -> bool:
    return isinstance(value, Iterable) and not _is_text(value)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not _is_text(value)


def _is_sequence_or_array(value: Any) -> bool:
    return _is_sequence(value) or bool(getattr(value, "ndim", 0))


def _is_text(value: Any) -> bool:
    return isinstance(value, str | bytes)
