"""What an array has to be: its library, its dtype, its axes, and where it lies.

    Float[Tensor, "batch 3 dim"]

asks for a torch tensor of floats with three axes, of which the second has 3 places. An axis has
one length in all arguments of a call: `batch` is as long here as there. Axes are written as in
jaxtyping, which makes such annotations: `dim`, `3`, `dim+1`, `dim-1`, `*batch`, `...`, `_any`.
Leaves out NaN and infinity, which a function asks about where it minds (`values`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

FAMILIES = {
    "Float": "floats",
    "Num": "real numbers",
    "Int": "whole numbers",
    "Bool": "True and False",
    "Shaped": "numbers",
    "UInt8": "whole numbers from 0 to 255 (uint8)",
}
MAKES = {
    ("Float", "Tensor"): "torch.as_tensor(x, dtype=torch.float32)",
    ("Float", "ndarray"): "np.array(x, dtype=float)",
    ("Num", "Tensor"): "torch.as_tensor(x, dtype=torch.float32)",
    ("Num", "ndarray"): "np.array(x, dtype=float)",
    ("Int", "Tensor"): "torch.as_tensor(x, dtype=torch.long)",
    ("Int", "ndarray"): "np.array(x, dtype=int)",
    ("UInt8", "ndarray"): "(255 * x).astype(np.uint8), of x in [0, 1],",
}
"""What makes an array of such a family, in such a library, out of something else."""

WHY = {
    "batch": "row i of each must be one pair",
    "n": "row i of each belongs to row i of the other",
    "dim": "only vectors of one space compare",
}
"""Why an axis has one length in all arguments, where its name does not say so."""


@dataclass(slots=True)
class Call:
    """What one call has shown so far: lengths of axes, and who said so; a device; a library."""

    operation: str
    alike: bool = False
    lengths: dict[str, Any] = field(default_factory=lambda: {"": 0})  # so `3` is `+3`
    said_by: dict[str, tuple[str, Any]] = field(default_factory=dict)
    device: Any = None
    library: type | None = None


@dataclass(frozen=True, slots=True)
class ArrayForm:
    """What one annotation asks of an array.

    Args:
        libraries: the types that it may have: numpy's array, torch's tensor, or either.
        family: of its dtypes, as jaxtyping calls it.
        axes: of its shape, as they are written.
        is_open: whether one of them stands for any number of axes.
    """

    libraries: tuple[type, ...]
    family: str
    axes: tuple[str, ...]
    is_open: bool

    @property
    def wanted(self) -> str:
        """Return what it asks for, in words."""
        names = {"ndarray": "numpy array", "Tensor": "tensor"}
        kinds = " or ".join(sorted(names.get(one.__name__, "array") for one in self.libraries))
        return f"a {kinds} of {FAMILIES.get(self.family, self.family.lower())}"

    def remedy(self, value: Any) -> str:
        """Return what to add to a refusal: what makes such an array of a value."""
        names = [one.__name__ for one in self.libraries]
        is_tensor = "ndarray" not in names or ("Tensor" in names and hasattr(value, "layout"))
        made = MAKES.get((self.family, "Tensor" if is_tensor else "ndarray"))
        return f"; {made} makes one" if made else ""

    def takes(self, axes: int) -> bool:
        """Return whether an array may have so many axes."""
        return self.is_open or axes == len(self.axes)

    def check(self, call: Call, name: str, array: Any) -> None:
        """Refuse an array of one of the libraries; else remember its axes and its device.

        Raises:
            TypeError: it has another dtype, or is a tensor that is sparse or quantised.
            ValueError: it has other axes, or lies on another device than an argument before.
        """
        if not belongs(self.family, array.dtype):
            raise TypeError(
                f"{call.operation}: {name} must be {self.wanted}; got {described(array)}"
                f"{self.remedy(array)}."
            )
        if call.alike:
            _check_library(call, array)
        shape = array.shape
        if self.axes or any(length != 1 for length in shape):  # one number may come with axes
            self._check_axes(call, name, shape)
        if hasattr(array, "layout"):
            _check_tensor(call, name, array)

    def _check_axes(self, call: Call, name: str, shape: tuple[int, ...]) -> None:
        lengths: tuple[Any, ...] = self._spread(shape) if self.is_open else shape
        if len(lengths) != len(self.axes):
            raise self._other_shape(call, name, shape)
        for axis, length in zip(self.axes, lengths, strict=True):
            if axis[0] in "_.":
                continue
            of, more = _read(axis)
            rest = length - more if more else length
            known = call.lengths.get(of)
            if known is None:
                call.lengths[of] = rest
                call.said_by[of] = name, shape
            elif known != rest:
                raise self._disagrees(call, name, shape, of)

    def _spread(self, shape: tuple[int, ...]) -> tuple[Any, ...]:
        """Return the lengths with those of the open axis as one; of too few, none."""
        place = next(i for i, axis in enumerate(self.axes) if axis[0] in "*.")
        after = len(self.axes) - place - 1
        if len(shape) < place + after:
            return ()
        end = len(shape) - after
        return (*shape[:place], tuple(shape[place:end]), *shape[end:])

    def _other_shape(self, call: Call, name: str, shape: Iterable[int]) -> ValueError:
        shape = tuple(shape)
        alone = f"; one alone is {name}[None]" if len(shape) + 1 == len(self.axes) else ""
        wanted = (
            f"have shape ({', '.join(axis.lstrip('_') for axis in self.axes)})"
            if self.axes
            else "be one number"
        )
        return ValueError(f"{call.operation}: {name} must {wanted}; got {shape}{alone}.")

    def _disagrees(self, call: Call, name: str, shape: Any, axis: str) -> ValueError:
        other, others = call.said_by.get(axis, (name, shape))
        if other == name:
            return self._other_shape(call, name, shape)
        why = f"pass {name}.T" if self._turned_fits(call, name, shape) else WHY.get(axis, "")
        why = f"; {why}" if why else ""
        one = axis.lstrip("*")
        return ValueError(
            f"{call.operation}: {other} and {name} must agree in {one}; got shapes "
            f"{tuple(others)} and {tuple(shape)}{why}."
        )

    def _turned_fits(self, call: Call, name: str, shape: Any) -> bool:
        """Return whether a matrix has its axes the wrong way round."""
        known = {
            axis: call.lengths[axis] for axis, said in call.said_by.items() if said[0] != name
        }
        if not len(shape) == len(self.axes) == 2:
            return False
        turned = zip(self.axes, reversed(shape), strict=True)
        return all(known.get(axis, size) == size for axis, size in turned)


def described(value: Any) -> str:
    """Return what was received, in few words: its type, and itself where that is short.

    >>> described(3), described("a cat"), described([1] * 99)
    ('3', "'a cat'", 'list')
    """
    if value is None or isinstance(value, bool | int | float | str | bytes):
        text = repr(value)
        return text if len(text) <= 40 else f"{text[:36]} …"
    dtype = getattr(value, "dtype", None)
    name = type(value).__name__
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return f"{name} of {dtype}" if dtype is not None else name


@cache
def belongs(family: str, dtype: Any) -> bool:
    """Return whether numpy's or torch's dtype is one of a family."""
    name = str(getattr(dtype, "name", dtype)).removeprefix("torch.")
    if family == "Shaped":
        return True
    floats = name.startswith(("float", "bfloat", "longdouble"))
    whole = name.startswith(("int", "uint"))
    kinds = {"Float": floats, "Int": whole, "Num": floats or whole}
    return kinds.get(family, name == family.lower())


@cache
def _read(axis: str) -> tuple[str, int]:
    """Return the name of an axis, none of `3`, and what is added: 3 there, 1 in `dim+1`."""
    if axis.isdigit():
        return "", int(axis)
    for sign in "+-":
        name, found, more = axis.partition(sign)
        if found:
            return name, int(sign + more)
    return axis, 0


@cache
def _is_strided(layout: Any) -> bool:
    return str(layout) == "torch.strided"


def _check_library(call: Call, array: Any) -> None:
    """Refuse a mixture of libraries."""
    call.library = call.library or type(array)
    if hasattr(array, "layout") != hasattr(call.library, "layout"):
        raise TypeError(
            f"{call.operation}: all must be numpy arrays, or all torch tensors; got "
            f"{call.library.__name__} and {type(array).__name__}; torch.as_tensor converts one."
        )


def _check_tensor(call: Call, name: str, tensor: Any) -> None:
    if not _is_strided(tensor.layout) or tensor.is_quantized:
        raise TypeError(
            f"{call.operation}: {name} must be a dense tensor; got {tensor.layout} of "
            f"{tensor.dtype}; x.to_dense() or x.dequantize() makes one."
        )
    if call.device is None:
        call.device = tensor.device
    elif tensor.device != call.device:
        raise ValueError(
            f"{call.operation}: all tensors must be on one device; got {call.device} and "
            f"{tensor.device}; move one with .to(other.device)."
        )
