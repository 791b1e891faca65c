"""All calls of public names with one wrong value, and how each ended.

Each is made in an empty folder of its own, on one thread, within a few seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import judged
import public_names
import torch
from good_calls import EXEMPT, GOOD_CALLS
from guard import TooSlow, guarded, own_folder, timed, written
from seen import has_nan, is_opaque, seen
from wrong_kinds import KINDS, NOT_MADE, holds_array, wrong_value

SAME = ("a generator", "one axis more", "another dtype", "a sparse tensor", "the other library")
"""Kinds that hold what the right value holds, so that an equal result is no sign of neglect."""

NOT_FINITE = ("not a number", "an array with NaN", "a meta tensor")

PURE = "plots."
"""Drawing leaves nothing to chance, and takes most of the time: once is enough."""

CALLED_BY_CLASS = ("__call__", "forward")
"""Methods whose caller writes the name of an instance alone."""


@dataclass(frozen=True)
class Outcome:
    """How one call ended.

    Args:
        name: the public name that was called.
        parameter: the one that got a wrong value.
        kind: of the wrong value.
        how: "refused", "python" (its own words for arguments that do not bind), "foreign" or
            "worked".
        said: the exception with its message, or what is wrong with the result.
    """

    name: str
    parameter: str
    kind: str
    how: str
    said: str = ""

    @property
    def nonsense(self) -> bool:
        """Whether it worked and should not have."""
        return self.how == "worked" and bool(self.said)

    def __str__(self) -> str:
        return f"{self.name}({self.parameter}={self.kind})"


def sweep(wanted: str = "") -> list[Outcome]:
    """Return the outcome of every triple of name, parameter and kind.

    Args:
        wanted: a package, class or function, such as `losses` or `clip_loss`; "" means all.
    """
    names = public_names.public_names()
    chosen = [name for name in names if name in GOOD_CALLS and _is_meant(name, wanted)]
    with guarded():
        return [one for name in chosen for one in _of_name(name, names[name])]


def good_results(name: str) -> None:
    """Call a public name with right values alone, twice; what it raises is let through."""
    with guarded():
        _result(name, public_names.public_names()[name])
        _result(name, public_names.public_names()[name])


def unlisted() -> tuple[set[str], set[str]]:
    """Return public names without a good call, and good calls or exemptions of no name."""
    names, known = set(public_names.public_names()), {*GOOD_CALLS, *EXEMPT}
    return names - known, known - names


def ungiven() -> list[str]:
    """Return parameters that a good call leaves out."""
    return [
        f"{name}.{parameter}"
        for name, thing in public_names.public_names().items()
        if name in GOOD_CALLS
        for parameter in public_names.parameters(thing).keys() - _arguments(name).keys()
    ]


def _is_meant(name: str, wanted: str) -> bool:
    return not wanted or f".{wanted}." in f".{name}."


def _arguments(name: str) -> dict[str, Any]:
    with own_folder(name):
        return {key: value for key, value in GOOD_CALLS[name]().items() if key != "self"}


def _of_name(name: str, thing: Any) -> Iterator[Outcome]:
    torch.manual_seed(0)
    (_, good), (_, again) = _result(name, thing), _result(name, thing)
    twice = good == again and not name.startswith(PURE)
    arrays = 0
    for parameter, right in _arguments(name).items():
        rows = arrays % 2 == 0  # the first array gets a row more, the second a column
        arrays += holds_array(right)
        for kind in KINDS:
            outcome = _outcome(name, thing, parameter, kind, rows=rows, good=good, twice=twice)
            if outcome is not None:
                yield outcome


def _outcome(
    name: str, thing: Any, parameter: str, kind: str, *, rows: bool, good: Any, twice: bool
) -> Outcome | None:
    """Return how a call ended, or None where the kind is right or cannot be made."""
    if judged.is_right(name, public_names.parameters(thing).get(parameter), parameter, kind):
        return None
    spoilt = (parameter, kind, rows)
    torch.manual_seed(0)  # but not before the second call: what is left to chance differs then
    try:
        value, result = _result(name, thing, spoilt)
        again = _result(name, thing, spoilt)[1] if twice else result
    except NotMadeError:
        return None
    except (Exception, SystemExit, TooSlow) as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return Outcome(name, parameter, kind, _how(thing, error), said)
    said = _what_is_wrong(name, parameter, kind, value)
    if not said and again != result:
        said = "two equal calls differ"
    if not said and result == good and kind not in SAME and not is_opaque(good):
        may = judged.kinds_of("MAY_NOT_MATTER", f"{name}.{parameter}")
        said = "" if may & {kind, "anything"} else "is ignored"
    return Outcome(name, parameter, kind, "worked", said)


def _what_is_wrong(name: str, parameter: str, kind: str, value: Any) -> str:
    if kind in judged.kinds_of("MUST_REFUSE", f"{name}.{parameter}"):
        return "must be refused"
    return "gives NaN" if kind not in NOT_FINITE and has_nan(value) else ""


class NotMadeError(Exception):
    """A kind that cannot be made of a value."""


def _result(
    name: str, thing: Any, spoilt: tuple[str, str, bool] | None = None
) -> tuple[Any, Any]:
    """Return what a call gives, and what of it can be compared; one argument may be spoilt."""
    with own_folder(name):
        call = GOOD_CALLS[name]()
        if spoilt is not None:
            parameter, kind, rows = spoilt
            call[parameter] = wrong_value(kind, call[parameter], rows=rows)
            if call[parameter] is NOT_MADE:
                raise NotMadeError
        value, printed = timed(*public_names.as_called(name, thing, call))
        return value, seen((value, printed, written()))


def _how(thing: Any, error: BaseException) -> str:
    """Return in whose words a call was refused."""
    full, said = thing.__qualname__, str(error)
    owner, _, last = full.rpartition(".")
    ours = {full, last, *([owner] if last in CALLED_BY_CLASS else [])}
    if isinstance(error, Exception) and any(said.startswith(f"{one}:") for one in ours):
        return "refused"
    binding = said.startswith((f"{full}() ", f"{full}.__init__() "))
    return "python" if binding and isinstance(error, TypeError) else "foreign"
