"""The five harmless things that a pickle of weights may name.

A pickle is a program: its instructions build objects, and may import and call whatever they
name. What `torch.save` and TorchScript need is a storage's dtype, a tensor's view of it, a
parameter or a list taken as it is, an ordered dict, and a module, which becomes a holder of its
members. Nothing is imported, and none of the five has any power.

Leaves out scripted objects other than modules, and tensors that are complex, quantised, sparse,
expanded, of eight-bit floats or of unsigned whole numbers above eight bits.
"""

import math
from collections.abc import Sequence
from typing import Any, final

import torch
from torch import Tensor

DTYPES = {
    "BFloat16Storage": torch.bfloat16,
    "BoolStorage": torch.bool,
    "ByteStorage": torch.uint8,
    "CharStorage": torch.int8,
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "IntStorage": torch.int32,
    "LongStorage": torch.int64,
    "ShortStorage": torch.int16,
}
SCRIPTED = "__torch__"
"""Where the classes of scripted modules are named."""

LISTS = "torch.jit._pickle"
"""Functions there say what kind a list is of."""

REBUILD = "torch._utils._rebuild_tensor_v2"
PARAMETER = "torch._utils._rebuild_parameter"
ORDERED = "collections.OrderedDict"

MOST_AXES = 64
"""Of a tensor; torch's own limit."""


@final
class Module:
    """What stands for a scripted module: nothing but its members."""

    __slots__ = ("members",)
    members: dict[str, Any]

    def __new__(cls) -> "Module":
        """Return one without members; a pickle makes objects without calling `__init__`."""
        module = super().__new__(cls)
        module.members = {}
        return module

    def __setstate__(self, members: object) -> None:
        if not isinstance(members, dict):
            raise ValueError(
                f"its pickle builds a Module from a {type(members).__name__}, where a module "
                "has a dict of members"
            )
        self.members = members  # not copied: many modules may be built from one dict


@final
class Ordered(dict[str, Any]):
    """What stands for an OrderedDict; torch hangs versions of modules on it, left out here."""

    def __init__(self) -> None:
        super().__init__()

    def __setstate__(self, state: object) -> None:
        pass


def named(module: str, name: str) -> Any:
    """Return what stands for a name in a pickle.

    Raises:
        ValueError: no file of weights needs what it names.
    """
    if module.split(".")[0] == SCRIPTED:
        return Module
    if module == LISTS:
        return _same
    if module == "torch" and name in DTYPES:
        return DTYPES[name]
    known = {REBUILD: _rebuilt, PARAMETER: _same, ORDERED: Ordered}
    if f"{module}.{name}" not in known:
        raise ValueError(
            f"its pickle asks for {module:.80}.{name:.80}, which no such archive needs and "
            "which could run code"
        )
    return known[f"{module}.{name}"]


def _same(value: Any, *_: object) -> Any:
    return value


def _rebuilt(
    storage: Any, offset: int, size: Sequence[int], stride: Sequence[int], *_: object
) -> Tensor:
    """Return a view of a storage.

    A view of more numbers than there are would let a small file fill the memory.
    """
    if not isinstance(storage, Tensor) or len(size) != len(stride):
        raise ValueError("a tensor of it has no storage, or no stride for each axis")
    if len(size) > MOST_AXES or not all(isinstance(n, int) for n in (offset, *size, *stride)):
        raise ValueError("the shape of a tensor of it is not a few whole numbers")
    last = offset + sum((side - 1) * step for side, step in zip(size, stride, strict=True))
    shape = f"a tensor of shape {tuple(size)!s:.80}"
    if min(offset, *size, *stride, 0) < 0 or math.prod(size) > max(0, len(storage) - offset):
        raise ValueError(f"{shape} is more than its storage holds")
    if math.prod(size) and last >= len(storage):
        raise ValueError(f"{shape} reaches beyond its storage")
    return torch.as_strided(storage, tuple(size), tuple(stride), offset)
