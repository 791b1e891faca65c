"""Compare an answer with what was expected: shape, kind, finiteness, then values.

Both are first made plain: tensors become numpy arrays, whatever their device, dtype or
gradient. Then float32 and float64, numpy and torch, a Python float and an array without axes
are all welcome. Leaves out which tolerance is right: each question declares its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

MOST_ITEMS = 10_000
"""A list with more items than this is no answer; an array may be larger."""
NUMBERS = "biufc"
"""The kinds of numpy dtype that hold numbers, True and False included."""
EXACT: Mapping[type, Callable[[Any], Any]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
}
"""What makes a number or a string one of Python's own, whatever class it is of."""


@dataclass(frozen=True)
class Difference:
    """How an answer differs from what was expected.

    `largest` is the largest difference of two finite numbers, where that is what differs;
    `path` leads through lists and dictionaries to what differs, `at` to the number in it.
    """

    kind: Literal["shape", "type", "finite", "values", "count"]
    text: str
    largest: float | None = None
    path: tuple[int | str, ...] = ()
    at: tuple[int, ...] = ()


FORMS = "an answer is a number, an array or tensor of numbers, a string, or a list of these"


class FormError(TypeError):
    """A value of a form that no answer has; `form` names its kind."""

    def __init__(self, form: str) -> None:
        self.form = form
        super().__init__(f"{FORMS}; got {form}.")


def plain(value: object) -> Any:
    """Return `value` with its tensors as numpy arrays, and its tuples as lists.

    What comes out holds arrays of numbers, numbers, strings, None, lists and dictionaries of
    them alone, and shares no memory with `value`.

    Raises:
        FormError: it holds anything else, or more items than an answer has.

    >>> plain((np.float32(0.5), ["a", np.arange(2)]))
    [0.5, ['a', array([0, 1])]]
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple(EXACT)):
        return _exactly(value)
    if hasattr(value, "detach"):
        value = _array(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in NUMBERS:
        return np.array(value)
    if isinstance(value, list | tuple):
        if len(value) > MOST_ITEMS:
            raise FormError(f"a list of {len(value)} items")
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    received = type(value).__name__
    if isinstance(value, np.ndarray):
        received = f"an array of {value.dtype}"
    raise FormError(received)


def differs(expected: Any, got: Any, rtol: float, atol: float) -> Difference | None:
    """Return how `got` differs from `expected`, both plain, or None where it does not.

    Two numbers agree where |got - expected| <= atol + rtol |expected|, in float64. NaN agrees
    with NaN alone, an infinity with the same one. Whole numbers may be given as floats;
    True and False only as themselves.

    >>> differs(np.array([0.6, 0.8]), np.array([0.6, 0.3]), 0, 1e-6).text
    'the largest difference is 0.5, at [1]'
    >>> differs([1, "a"], [1, "a"], 0, 0) is None
    True
    """
    if _is_numbers(expected):
        return _numbers_differ(expected, got, rtol, atol)
    if isinstance(expected, list):
        if isinstance(got, np.ndarray) and got.ndim:
            got = list(got)
        if not isinstance(got, list):
            return _type_differs(expected, got)
        if len(got) != len(expected):
            return Difference("count", f"{len(got)} items, where {len(expected)} are expected")
        return _first_difference(range(len(expected)), expected, got, rtol, atol)
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return _type_differs(expected, got)
        if set(got) != set(expected):
            names = f"the names {sorted(got)}, where {sorted(expected)} are expected"
            return Difference("count", names)
        return _first_difference(list(expected), expected, got, rtol, atol)
    if type(expected) is not type(got):
        return _type_differs(expected, got)
    return None if expected == got else Difference("values", f"{got!r}, not {expected!r}")


def _exactly(value: Any) -> Any:
    """Return Python's own number or string: a class of the learner's may say what it likes."""
    return next(exact(value) for kind, exact in EXACT.items() if isinstance(value, kind))


def _array(tensor: Any) -> np.ndarray:
    tensor = tensor.detach().cpu()
    if str(tensor.dtype) == "torch.bfloat16":  # numpy has no such dtype
        tensor = tensor.float()
    if str(tensor.layout) != "torch.strided":
        tensor = tensor.to_dense()
    return tensor.resolve_conj().resolve_neg().numpy()


def _is_numbers(value: object) -> bool:
    return isinstance(value, np.ndarray | bool | int | float | complex)


def _first_difference(
    places: Sequence[Any], expected: Any, got: Any, rtol: float, atol: float
) -> Difference | None:
    for place in places:
        found = differs(expected[place], plain(got[place]), rtol, atol)
        if found:
            text, path = f"item {place}: {found.text}", (place, *found.path)
            return replace(found, text=text, path=path)
    return None


def _type_differs(expected: object, got: object) -> Difference:
    return Difference("type", f"{_kind(got)}, where {_kind(expected)} is expected")


def _kind(value: object) -> str:
    if isinstance(value, np.ndarray):
        kind = "True and False" if value.dtype == bool else "numbers"
        return f"an array of {kind}" if value.ndim else kind.replace("and", "or")
    names = {bool: "True or False", str: "a string", list: "a list", dict: "a dictionary"}
    if value is None:
        return "None"
    return names.get(type(value), "a number")


def _numbers_differ(
    expected: object, got: object, rtol: float, atol: float
) -> Difference | None:
    if not _is_numbers(got):
        return _type_differs(expected, got)
    wanted, given = _wide(expected), _wide(got)
    if wanted.shape != given.shape:
        text = f"shape {_shape(given)}, where {_shape(wanted)} is expected"
        return Difference("shape", text)
    if (wanted.dtype == bool) != (given.dtype == bool):
        return _type_differs(np.asarray(expected), np.asarray(got))
    if wanted.dtype == bool:
        wrong = np.asarray(wanted != given)
        text = f"{int(wrong.sum())} of {wrong.size} differ{_at(wrong)}"
        return Difference("values", text, at=_place(wrong)) if wrong.any() else None
    return _finite_differ(wanted, given) or _values_differ(wanted, given, rtol, atol)


def _finite_differ(wanted: np.ndarray, given: np.ndarray) -> Difference | None:
    unlike = np.asarray(np.isfinite(wanted) != np.isfinite(given))
    unlike |= np.isnan(wanted) != np.isnan(given)
    unlike |= np.isinf(wanted) & (wanted != given)
    if not unlike.any():
        return None
    place = _place(unlike)
    text = f"{given[place]:g}{_at(unlike)}, where {wanted[place]:.6g} is expected"
    return Difference("finite", text, at=place)


def _values_differ(
    wanted: np.ndarray, given: np.ndarray, rtol: float, atol: float
) -> Difference | None:
    finite = np.isfinite(wanted)
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = np.where(finite, np.abs(given - wanted), 0)
        limits = np.where(finite, atol + rtol * np.abs(wanted), 0)
    if not (gaps > limits).any():
        return None
    largest, where = float(gaps.max()), np.asarray(gaps == gaps.max())
    text = f"the largest difference is {largest:.3g}{_at(where)}"
    return Difference("values", text, largest, at=_place(where))


def _wide(value: Any) -> np.ndarray:
    """Return numbers as bool, float64 or complex128."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # a whole number beyond 64 bits
            array = np.asarray(float(value))
    except OverflowError:
        array = np.asarray(np.inf if value > 0 else -np.inf)
    if array.dtype.kind == "b":
        return array
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _shape(array: np.ndarray) -> str:
    return str(array.shape) if array.ndim else "() (one number)"


def _at(where: np.ndarray) -> str:
    return f", at {list(_place(where))}" if where.ndim else ""


def _place(where: np.ndarray) -> tuple[int, ...]:
    """Return the first index at which `where` holds."""
    return tuple(int(index) for index in np.unravel_index(int(where.argmax()), where.shape))
