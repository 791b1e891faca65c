"""Messages between the grader and the sandbox: frames of plain values, and no pickle.

A frame is two big-endian 32-bit lengths, a header of JSON, and the bytes of its arrays one
after the other. In the header None, booleans, numbers and strings stand for themselves;
everything else is a list that begins with its kind:

    ["array", "<f4", [3, 5]]  ["tensor", "<f4", [3, 5], false]  ["list", 1, 2]
    ["tuple", 1, 2]           ["dict", ["key", 1], ...]

The grader reads answers with the same function as the sandbox reads questions, and it
refuses whatever is not exactly as written here: other dtypes, a byte too many, nesting that
is too deep, numbers beyond 64 bits. Leaves out strings in arrays, and objects of any kind.
"""

import json
import struct
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

MOST_HEADER = 1 << 20
MOST_BODY = 32 << 20
MOST_DEPTH = 6
MOST_AXES = 8
MOST_ITEMS = 100_000
MOST_NUMBER = 1 << 63
DTYPES = frozenset(
    "|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split()  # noqa: SIM905
)
HEAD = struct.Struct(">II")
CELL = "code cell "
"""Begins the name that a cell has where Python tells of a file; its number follows."""

Tensor = Callable[[np.ndarray, bool], Any]


class FormError(TypeError):
    """A value of a form that does not cross; `form` names its kind."""

    def __init__(self, form: str) -> None:
        self.form = form
        super().__init__(
            "to_frame: expected numbers, strings, arrays, tensors, or lists of them; "
            f"got {form}. Return one of those."
        )


class ViolationError(Exception):
    """A frame that is not as the protocol says."""


def to_frame(message: Mapping[str, object]) -> bytes:
    r"""Return a message as one frame.

    Raises:
        FormError: for a value that is neither a number, a string, None, an array of numbers, a
            tensor, nor a list, tuple or dictionary of them.
        ValueError: for one that is too large, too deep, or an array of too many axes.

    >>> to_frame({"op": "cell"})
    b'\x00\x00\x00\x18\x00\x00\x00\x00["dict", ["op", "cell"]]'
    """
    parts: list[bytes] = []
    header = json.dumps(_encoded(dict(message), parts, 0)).encode()
    body = b"".join(parts)
    if len(header) > MOST_HEADER or len(body) > MOST_BODY:
        raise ValueError(
            f"to_frame: expected at most {MOST_HEADER} bytes of text and {MOST_BODY} of "
            f"arrays; got {len(header)} and {len(body)}. Use smaller values."
        )
    return HEAD.pack(len(header), len(body)) + header + body


def lengths(head: bytes) -> tuple[int, int]:
    """Return the lengths of header and body; raise ViolationError if one is too large."""
    header, body = HEAD.unpack(head)
    if header > MOST_HEADER or body > MOST_BODY:
        raise ViolationError("a reply that is too large")
    return header, body


def from_frame(header: bytes, body: bytes, tensor: Tensor | None = None) -> dict[str, Any]:
    """Return the message of a frame.

    Args:
        header: its JSON.
        body: the bytes of its arrays.
        tensor: makes a tensor of an array, and of whether it wants a gradient; without it
            tensors arrive as arrays.

    Raises:
        ViolationError: whatever is wrong with it.

    >>> from_frame(to_frame({"value": (1, "a")})[8:], b"")
    {'value': (1, 'a')}
    """
    reader = _Reader(body, tensor)
    try:
        message = reader.value(json.loads(header), 0)
    except (ValueError, TypeError, RecursionError, OverflowError, MemoryError) as error:
        raise ViolationError(f"a reply that cannot be read ({type(error).__name__})") from error
    if type(message) is not dict or reader.position != len(body):
        raise ViolationError("a reply that is no message")
    return message


def _encoded(value: object, parts: list[bytes], depth: int) -> object:
    if depth > MOST_DEPTH:
        raise ValueError(f"to_frame: expected at most {MOST_DEPTH} levels; got more.")
    if isinstance(value, np.generic):
        value = value.item()  # a string of numpy's is a string, and a number a number
    if value is None or type(value) in (bool, float, str):
        return value
    if type(value) is int:
        if abs(value) >= MOST_NUMBER:
            raise ValueError("to_frame: expected whole numbers of 64 bits; got a larger one.")
        return value
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return [kind, *(_encoded(one, parts, depth + 1) for one in value)]
    if isinstance(value, dict):
        pairs = ([str(key), _encoded(one, parts, depth + 1)] for key, one in value.items())
        return ["dict", *pairs]
    if isinstance(value, (np.ndarray, complex)):
        return ["array", *_array(np.asarray(value), parts)]
    torch = sys.modules.get("torch")  # a tensor exists only where torch was imported
    if torch is not None and isinstance(value, torch.Tensor):
        return ["tensor", *_array(_from_torch(value), parts), bool(value.requires_grad)]
    raise FormError(type(value).__name__)


def _from_torch(value: Any) -> np.ndarray:
    plain = value.detach().cpu()
    if "bfloat16" in str(plain.dtype):  # numpy has no such dtype; float32 holds it exactly
        plain = plain.float()
    return np.asarray(plain.resolve_conj().resolve_neg().numpy())


def _array(array: np.ndarray, parts: list[bytes]) -> tuple[str, list[int]]:
    dtype = array.dtype.newbyteorder("<").str
    if dtype not in DTYPES:
        raise FormError(f"an array of {array.dtype}")
    if array.ndim > MOST_AXES:
        raise ValueError(f"to_frame: expected at most {MOST_AXES} axes; got {array.ndim}.")
    parts.append(array.astype(dtype, copy=False).tobytes())
    return dtype, [int(length) for length in array.shape]


class _Reader:
    """Turns a header back into values, taking the bytes of arrays in their order."""

    def __init__(self, body: bytes, tensor: Tensor | None) -> None:
        self.body = body
        self.tensor = tensor
        self.position = 0
        self.items = 0

    def value(self, node: object, depth: int) -> Any:
        self.items += 1
        if depth > MOST_DEPTH or self.items > MOST_ITEMS:
            raise ViolationError("a reply with too many parts")
        if node is None or type(node) in (bool, float):
            return node
        if type(node) is str:  # half of a surrogate pair would break every file written later
            return node.encode("utf-8", "replace").decode()
        if type(node) is int and abs(node) < MOST_NUMBER:
            return node
        if type(node) is list and node and type(node[0]) is str:
            return self.compound(node[0], node[1:], depth + 1)
        raise ViolationError("a reply with an unknown value")

    def compound(self, kind: str, rest: list[Any], depth: int) -> Any:
        if kind == "list":
            return [self.value(one, depth) for one in rest]
        if kind == "tuple":
            return tuple(self.value(one, depth) for one in rest)
        if kind == "dict":
            if any(type(pair) is not list or len(pair) != 2 for pair in rest):
                raise ViolationError("a reply with a broken dictionary")
            return {self.key(key): self.value(one, depth) for key, one in rest}
        if kind == "array" and len(rest) == 2:
            return self.array(*rest)
        if kind == "tensor" and len(rest) == 3 and type(rest[2]) is bool:
            array = self.array(*rest[:2])
            return self.tensor(array, rest[2]) if self.tensor else array
        raise ViolationError("a reply of an unknown kind")

    def key(self, key: object) -> str:
        if type(key) is not str:
            raise ViolationError("a reply with a key that is no text")
        return key.encode("utf-8", "replace").decode()

    def array(self, dtype: object, shape: object) -> np.ndarray:
        if type(dtype) is not str or dtype not in DTYPES:
            raise ViolationError("a reply with an array of another dtype")
        if type(shape) is not list or len(shape) > MOST_AXES:
            raise ViolationError("a reply with an array of too many axes")
        count = 1
        for length in shape:
            if type(length) is not int or not 0 <= length <= MOST_BODY:
                raise ViolationError("a reply with an impossible shape")
            count *= length
        end = self.position + count * np.dtype(dtype).itemsize
        if end > len(self.body):
            raise ViolationError("a reply with an array larger than its bytes")
        stored = "|u1" if dtype == "|b1" else dtype  # a boolean is 0 or 1, whatever was sent
        array = np.ndarray(shape, stored, self.body[self.position : end]).copy()
        self.position = end
        return array != 0 if dtype == "|b1" else array
