"""The stack machine of pickle, cut down to what an archive of tensors needs.

A pickle is a program: its instructions build objects on a stack, and may import and call
whatever they name. This machine knows the instructions that torch's writer uses, imports
nothing and calls nothing, so a pickle from anywhere can be run. What it names stays a name,
and a scripted module becomes a holder of its members.

Leaves out scripted objects other than modules, quantised and sparse tensors.
"""

import math
import pickletools
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, final

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

MOST_AXES = 64
"""Of a tensor; torch's own limit."""

LISTS = "torch.jit._pickle"
"""Functions there say what kind a list is of."""


class Global(NamedTuple):
    """Something that a pickle names; it is never imported."""

    module: str
    name: str


REBUILD = Global("torch._utils", "_rebuild_tensor_v2")
ORDERED = Global("collections", "OrderedDict")


@final
@dataclass
class Module:
    """What stands for a scripted module: nothing but its members."""

    members: dict[str, Any] = field(default_factory=dict)


@final
class Machine:
    """Runs one pickle.

    Args:
        storage: key, dtype and count of numbers -> those numbers, as a flat tensor.
    """

    CONSTANTS: ClassVar = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
    EMPTY: ClassVar = {"EMPTY_TUPLE": tuple, "EMPTY_LIST": list, "EMPTY_DICT": dict}
    LITERALS: ClassVar = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE"}
    TUPLES: ClassVar = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}

    def __init__(self, storage: Callable[[str, torch.dtype, int], Tensor]) -> None:
        self.storage = storage
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []  # the stacks below each open mark
        self.memo: dict[int, Any] = {}
        self.steps: dict[str, Callable[[Any], None]] = {
            "APPEND": lambda _: self._append([self.stack.pop()]),
            "APPENDS": lambda _: self._append(self._since_mark()),
            "BINGET": lambda key: self.stack.append(self.memo[key]),
            "BINPERSID": self._persistent,
            "BINPUT": self._remember,
            "BUILD": self._build,
            "GLOBAL": self._name,
            "LONG_BINGET": lambda key: self.stack.append(self.memo[key]),
            "LONG_BINPUT": self._remember,
            "MARK": self._mark,
            "NEWOBJ": self._new,
            "PROTO": lambda _: None,
            "REDUCE": self._reduce,
            "SETITEM": lambda _: self._set_items(self._pop(2)),
            "SETITEMS": lambda _: self._set_items(self._since_mark()),
            "STOP": lambda _: None,
            "TUPLE": self._tuple,
        }

    def run(self, pickle: bytes) -> Any:
        """Return what the pickle builds.

        Raises:
            ValueError: it names or does what no archive of tensors needs.
            LookupError, TypeError: it does not fit together.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a name, which is then refused
            for opcode, argument, _ in pickletools.genops(pickle):
                self._step(opcode.name, argument)
        return self.stack.pop()

    def _step(self, instruction: str, argument: Any) -> None:
        if instruction in self.LITERALS:
            self.stack.append(argument)
        elif instruction in self.CONSTANTS:
            self.stack.append(self.CONSTANTS[instruction])
        elif instruction in self.EMPTY:
            self.stack.append(self.EMPTY[instruction]())
        elif instruction in self.TUPLES:
            self.stack.append(tuple(self._pop(self.TUPLES[instruction])))
        elif instruction in self.steps:
            self.steps[instruction](argument)
        else:
            raise ValueError(f"its pickle uses {instruction}, which torch never writes")

    def _pop(self, count: int) -> list[Any]:
        return [self.stack.pop() for _ in range(count)][::-1]

    def _mark(self, _: None) -> None:
        self.marked.append(self.stack)
        self.stack = []

    def _since_mark(self) -> list[Any]:
        since, self.stack = self.stack, self.marked.pop()
        return since

    def _tuple(self, _: None) -> None:
        members = self._since_mark()  # before the stack is looked up: it is another one then
        self.stack.append(tuple(members))

    def _remember(self, key: int) -> None:
        self.memo[key] = self.stack[-1]

    def _name(self, argument: str) -> None:
        named = Global(*argument.split(" ", 1))
        scripted = named.module.split(".")[0] == SCRIPTED
        storage = named.module == "torch" and named.name in DTYPES
        if not (scripted or storage or named.module == LISTS or named in (REBUILD, ORDERED)):
            raise ValueError(
                f"its pickle asks for {named.module}.{named.name}, which no such archive needs "
                "and which could run code"
            )
        self.stack.append(named)

    def _new(self, _: None) -> None:
        named, arguments = self._pop(2)
        if not isinstance(named, Global) or named.module.split(".")[0] != SCRIPTED or arguments:
            raise ValueError(
                f"its pickle makes an object of {_said(named)}, which is no module"
            )
        self.stack.append(Module())

    def _reduce(self, _: None) -> None:
        named, arguments = self._pop(2)
        if named == REBUILD:
            self.stack.append(_rebuilt(*arguments[:4]))
        elif named == ORDERED and not arguments:
            self.stack.append({})
        elif isinstance(named, Global) and named.module == LISTS:
            self.stack.append(arguments[0])
        else:
            raise ValueError(f"its pickle calls {_said(named)}, which is no tensor")

    def _persistent(self, _: None) -> None:
        kind, named, key, _device, count = self.stack.pop()
        plain = isinstance(key, str) and isinstance(count, int)
        if kind != "storage" or not isinstance(named, Global) or not plain:
            raise ValueError(f"its pickle refers to {_said(named)}, which is no storage")
        self.stack.append(self.storage(key, DTYPES[named.name], count))

    def _append(self, items: list[Any]) -> None:
        if not isinstance(self.stack[-1], list):
            raise ValueError(f"its pickle appends to a {type(self.stack[-1]).__name__}")
        self.stack[-1].extend(items)

    def _set_items(self, items: Sequence[Any]) -> None:
        if not isinstance(self.stack[-1], dict):
            raise ValueError(f"its pickle sets items of a {type(self.stack[-1]).__name__}")
        if not all(isinstance(key, str | int) for key in items[::2]):
            raise ValueError("its pickle has a key that is neither a name nor a number")
        self.stack[-1].update(zip(items[::2], items[1::2], strict=True))

    def _build(self, _: None) -> None:
        members = self.stack.pop()
        if not isinstance(self.stack[-1], Module) or not isinstance(members, dict):
            raise ValueError(
                f"its pickle builds a {type(self.stack[-1]).__name__} from a "
                f"{type(members).__name__}, where a module has a dict of members"
            )
        self.stack[-1].members.update(members)


def _said(named: object) -> str:
    """Return a name, or the type in its place: a nest of tuples may be endless in print."""
    return f"{named.module}.{named.name}" if isinstance(named, Global) else type(named).__name__


def _rebuilt(storage: Any, offset: int, size: Sequence[int], stride: Sequence[int]) -> Tensor:
    """Return a view of a storage.

    A view of more numbers than there are would let a small file fill the memory.
    """
    if not isinstance(storage, Tensor) or len(size) != len(stride):
        raise ValueError("a tensor of it has no storage, or no stride for each axis")
    if len(size) > MOST_AXES or not all(isinstance(n, int) for n in (offset, *size, *stride)):
        raise ValueError("the shape of a tensor of it is not a few whole numbers")
    last = offset + sum((side - 1) * step for side, step in zip(size, stride, strict=True))
    if min(offset, *size, *stride, 0) < 0 or math.prod(size) > max(0, len(storage) - offset):
        raise ValueError(f"a tensor of shape {tuple(size)} is more than its storage holds")
    if math.prod(size) and last >= len(storage):
        raise ValueError(f"a tensor of shape {tuple(size)} reaches beyond its storage")
    return torch.as_strided(storage, tuple(size), tuple(stride), offset)
