"""What a pickle would do, found out before it does it.

An unpickler can be told what a pickle may name, not what may be done with it: a few bytes make
Python set aside gigabytes, or hash a nest of tuples for ever. So the program is first walked
through with the kind of each value in its place: the instruction that made it, or what was
named. Nothing is built, and what torch's writers never do is refused.
"""

import io
import pickletools
import warnings
from typing import Any, final

from mmcourse.checkpoints.harmless import LISTS, ORDERED, PARAMETER, REBUILD, SCRIPTED, named

MOST_BYTES = 1 << 20
"""Of a pickle; that of the deepest of OpenAI's models, RN50x64, has a fifth of it."""

KEYS = {"BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1"}
"""What a key may be; to hash a tuple can take for ever."""

VALUES = KEYS | {
    "BINFLOAT", "BINPERSID", "EMPTY_DICT", "EMPTY_LIST", "EMPTY_TUPLE", "NEWFALSE", "NEWTRUE",
    "NONE", "PROTO", "STOP", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3",
}  # fmt: skip
"""Instructions that make a value of what is on the stack, or mark an end."""

LISTED, DICTED = {"EMPTY_LIST"}, {"EMPTY_DICT", f"{ORDERED}()"}
APPLIED = {
    "APPEND": ("appends to", LISTED),
    "APPENDS": ("appends to", LISTED),
    "BUILD": ("builds", {f"{SCRIPTED}()", f"{ORDERED}()"}),
    "NEWOBJ": ("makes an object of", {SCRIPTED}),
    "REDUCE": ("calls", {LISTS, ORDERED, PARAMETER, REBUILD}),
    "SETITEM": ("sets items of", DICTED),
    "SETITEMS": ("sets items of", DICTED),
}
"""Instruction -> what it does, and to what kinds alone it may."""


def check(stream: io.BytesIO) -> None:
    """Refuse a pickle that torch never writes; what follows it in the stream is left unread.

    Raises:
        ValueError: it is too long, names or does what no file of weights needs.
        LookupError: it does not fit together.
    """
    walk, most = _Walk(), stream.tell() + MOST_BYTES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in a name, which is then refused
        for opcode, argument, place in pickletools.genops(stream):
            if (place or 0) > most:
                raise ValueError(f"its pickle has more than {MOST_BYTES:,} bytes")
            walk.step(opcode, argument)


@final
class _Walk:
    """The stack machine of pickle, with kinds for values."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.below: list[list[str]] = []  # the stacks below each open mark
        self.memo: list[str] = []

    def step(self, opcode: pickletools.OpcodeInfo, argument: Any) -> None:
        match opcode.name:
            case "MARK":
                self.below.append(self.stack)
                self.stack = []
            case "BINPUT" | "LONG_BINPUT":
                self._remember(argument)
            case "BINGET" | "LONG_BINGET":
                self.stack.append(self.memo[argument])
            case "GLOBAL":
                self.stack.append(_kind(*argument.split(" ", 1)))
            case name if name in APPLIED:
                taken = self._taken(opcode)  # before the stack is looked up: it may be another
                self.stack.append(_result(name, taken))
            case name if name in VALUES:
                self._taken(opcode)
                self.stack += [name] * len(opcode.stack_after)
            case name:
                raise ValueError(f"its pickle uses {name}, which torch never writes")

    def _remember(self, place: int) -> None:
        """Note the value on top; Python sets aside memory for all places below."""
        if place > len(self.memo):
            raise ValueError(f"its pickle notes a value in place {place} before any below it")
        self.memo[place : place + 1] = [self.stack[-1]]

    def _taken(self, opcode: pickletools.OpcodeInfo) -> list[str]:
        """Take the values of an instruction off the stack; the lowest is the first."""
        since: list[str] = []
        count = len(opcode.stack_before)
        if pickletools.stackslice in opcode.stack_before:
            since, self.stack = self.stack, self.below.pop()
            count -= 2  # the mark, and what lies above it
        return [self.stack.pop() for _ in range(count)][::-1] + since


def _kind(module: str, name: str) -> str:
    """Return the kind of a name, after making sure that it is a harmless one."""
    named(module, name)
    if module.split(".")[0] == SCRIPTED:
        return SCRIPTED
    return LISTS if module == LISTS else f"{module}.{name}"


def _result(instruction: str, taken: list[str]) -> str:
    """Return the kind of what an instruction leaves of its target."""
    does, kinds = APPLIED[instruction]
    target, *given = taken
    if target not in kinds:
        raise ValueError(f"its pickle {does} {target}, which torch never does")
    if instruction.startswith("SETITEM") and not KEYS.issuperset(given[::2]):
        raise ValueError("its pickle has a key that is neither a name nor a number")
    if target == ORDERED and given != ["EMPTY_TUPLE"]:  # its keys would be hashed unseen
        raise ValueError("its pickle makes an OrderedDict that is not empty at first")
    return f"{target}()" if instruction in ("NEWOBJ", "REDUCE") else target
