"""What an argument has to be: how a value is asked, and how a refusal is said.

Here are the plain kinds: numbers, strings, True and False, paths, instances of a class. Arrays
are asked by `arrays`. Which form an annotation has is read in `annotations`.
"""

import os
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mmcourse.boundary.arrays import ArrayForm, Call, belongs, described
from mmcourse.boundary.scalars import is_real, is_whole

CLASSES = {
    "PIL.Image.Image": (
        "a Pillow picture",
        "open a file with images.open_rgb(path), or pass Image.fromarray(pixels)",
    ),
    "numpy.random._generator.Generator": (
        "a numpy Generator",
        "np.random.default_rng(0) makes one",
    ),
    "torch._C.Generator": (
        "a torch Generator",
        "torch.Generator().manual_seed(0) makes one",
    ),
    "torch.nn.modules.module.Module": ("a torch module", ""),
}
"""How instances of other people's classes are called, and what makes one."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an argument has to be.

    Args:
        wanted: that, in words: "a string".
        fits: whether a value is that; arrays are asked by `arrays`.
        arrays: what is asked of a value that is one.
        each: what is asked of every item, if the argument holds several, in a mapping of its
            values.
        by_key: whether it is such a mapping.
        either: the forms of which the argument must have one, if there are several.
        remedy: what makes such a value, in words.
    """

    wanted: str
    fits: Callable[[Any], bool]
    arrays: tuple[ArrayForm, ...] = ()
    each: "Form | None" = None
    by_key: bool = False
    either: "tuple[Form, ...]" = ()
    remedy: str = ""

    def check(self, call: Call, name: str, value: Any) -> None:
        """Refuse a value, or remember the axes of its arrays.

        Raises:
            TypeError: it is something else.
            ValueError: it is an array with other axes, or on another device.
        """
        if asked := [form for form in self.arrays if isinstance(value, form.libraries)]:
            fitting = [form for form in asked if belongs(form.family, value.dtype)]
            shaped = (form for form in fitting if form.takes(value.ndim))
            next(shaped, (fitting or asked)[0]).check(call, name, value)
        elif not self.fits(value):
            raise TypeError(
                f"{call.operation}: {name} must be {self.wanted}; got {described(value)}"
                f"{self._remedy(value)}."
            )
        for form in self.either:
            if form.fits(value):
                return form.check(call, name, value)
        if self.each is not None and not asked:
            for place, item in value.items() if self.by_key else enumerate(value):
                self.each.check(call, f"{name}[{place!r}]", item)
        return None

    def would_take(self, value: Any) -> bool:
        """Return whether a value is of the right kind, whatever its axes are."""
        return self.fits(value) or any(isinstance(value, one.libraries) for one in self.arrays)

    def _remedy(self, value: Any) -> str:
        if isinstance(value, tuple) and any(
            self.fits(item) and hasattr(item, "parameters") for item in value
        ):
            return "; it holds one: unpack it, as in `model, preprocess = clip.load(name)`"
        if self.each is not None and not self.by_key and self.each.would_take(value):
            return (
                f"; pass [{value!r:.40}]" if isinstance(value, str) else "; pass a list of it"
            )
        if self.remedy:
            return f"; {self.remedy}"
        alone = self.arrays and self.wanted == self.arrays[0].wanted
        return self.arrays[0].remedy(value) if alone else ""


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


PLAIN: Mapping[Any, Form] = {
    int: Form("a whole number", is_whole),
    typing.SupportsIndex: Form("a whole number", is_whole),
    float: Form("a number", is_real),
    bool: Form("True or False", _is_flag),
    str: Form("a string", lambda value: isinstance(value, str)),
    bytes: Form("bytes", lambda value: isinstance(value, bytes | bytearray | memoryview)),
    os.PathLike: Form("a path", lambda value: isinstance(value, str | os.PathLike)),
}
"""Forms of what Python itself has."""


def instance_of(kind: type) -> Form:
    """Return the form of a class; it may name attributes by which others stand in for it."""
    alike: tuple[str, ...] = getattr(kind, "STAND_INS_HAVE", ())
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    wanted, remedy = CLASSES.get(
        f"{kind.__module__}.{kind.__qualname__}", (f"{article} {kind.__name__}", "")
    )

    def fits(value: Any) -> bool:
        if isinstance(value, kind):
            return True
        return bool(alike) and all(hasattr(value, one) for one in alike)

    return Form(wanted, fits, remedy=remedy)
