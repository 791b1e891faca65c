"""The signature is the check: what it says of the arguments is asked of them, once.

    @checked
    def cosine_matrix(a: Num[Array, "n dim"], b: Num[Array, "m dim"]) -> Float[Array, "n m"]:

refuses, before the body runs, arguments that are no such arrays, whose axes do not fit each
other's, or that lie on different devices. The words are the course's: operation, expected,
received, remedy. Private functions call private ones, so that nothing is asked twice. What no
annotation says stays in the function.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mmcourse.boundary.annotations import form_of
from mmcourse.boundary.arrays import Call
from mmcourse.boundary.forms import Form

F = TypeVar("F", bound=Callable[..., Any])


def checked(function: F) -> F:
    """Return the function, which refuses what its signature does not say.

    Values that it was not given are not asked, and a call that Python itself would refuse is
    left to Python. Never meant for `forward` of a module, which is called in training.

    >>> @checked
    ... def double(n: int) -> int:
    ...     return 2 * n
    >>> double("two")
    Traceback (most recent call last):
    TypeError: double: n must be a whole number; got 'two'.
    """
    return _asking(function, alike=False)


def checked_alike(function: F) -> F:
    """Return the function as `checked` does; its arrays are all numpy's, or all torch's."""
    return _asking(function, alike=True)


def _asking(function: F, *, alike: bool) -> F:
    signature = inspect.signature(function)
    operation, forms = _operation(function), _forms(signature)
    by_place = tuple(
        (name, forms.get(name))
        for name, one in signature.parameters.items()
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    )

    def ask(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        call = Call(operation, alike)
        for (name, form), value in zip(by_place, args, strict=False):
            if form is not None:
                form.check(call, name, value)
        for name, value in kwargs.items():
            form = forms.get(name)
            if form is not None:
                form.check(call, name, value)

    @functools.wraps(function)
    def refusing(*args: Any, **kwargs: Any) -> Any:
        try:
            ask(args, kwargs)
        except (TypeError, ValueError):
            if _binds(signature, args, kwargs):
                raise
        return function(*args, **kwargs)

    return refusing  # type: ignore[return-value]


def _operation(function: Callable[..., Any]) -> str:
    """Return the name that a refusal begins with: the class's for what makes or calls one."""
    names = function.__qualname__.rpartition("<locals>.")[2].split(".")
    return names[0] if names[-1] in ("__init__", "__call__") else ".".join(names)


def _binds(
    signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> bool:
    """Return whether Python itself takes such a call."""
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _forms(signature: inspect.Signature) -> dict[str, Form]:
    found = {
        name: form_of(one.annotation)
        for name, one in signature.parameters.items()
        if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    }
    return {name: form for name, form in found.items() if form is not None}
