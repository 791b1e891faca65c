"""Tensors from a zip file: a TorchScript archive, or the state dict that `torch.save` writes.

In both `data.pkl` says which name has which tensor, and `data/0`, `data/1`, … hold the numbers.
An archive, such as OpenAI's released models, has a `code/` besides, a program that is of no
interest here. torch's own reader of these, `torch.jit`, is deprecated, and runs what it reads;
the other one, `torch.load`, believes what a file says of its sizes.
"""

import io
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from torch import Tensor

from mmcourse.checkpoints.harmless import Module
from mmcourse.checkpoints.unpickler import unpickled

SIZES = ("input_resolution", "context_length", "vocab_size")
"""Numbers that OpenAI's archives hold beside the weights; the shapes say the same."""

MOST_NAME = 1000
"""Characters of a tensor's dotted name."""

DAMAGED = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError,
    ValueError, pickle.UnpicklingError, zipfile.BadZipFile,
)  # fmt: skip
"""What the zip reader, and a pickle that does not fit together, raise."""


def is_zip(path: Path) -> bool:
    """Return whether a file begins as a zip file does."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read_archive(path: Path) -> Any:
    """Return the tensors in an archive's modules, by dotted name, or what a state dict holds.

    Raises:
        ValueError: the file is damaged, or its pickle asks for anything but such tensors.
    """
    try:
        with zipfile.ZipFile(path) as file:
            records = _Records(file, path.stat().st_size)
            root = unpickled(io.BytesIO(records.read("data.pkl")), records.storage)
        return _tensors(root) if records.scripted or isinstance(root, Module) else root
    except DAMAGED as error:
        raise ValueError(
            f"read: {path} must be a whole TorchScript archive of tensors in modules, or a "
            f"whole state dict; got one where {error!s:.300}; save model.state_dict() "
            "alone, or get the file again, from a source you know."
        ) from error


@final
class _Records:
    """The files inside a zip file, which together hold no more than it has bytes."""

    def __init__(self, file: zipfile.ZipFile, left: int) -> None:
        self.file, self.left = file, left
        names = file.namelist()
        pickles = [name for name in names if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise ValueError(f"there are {len(pickles)} files data.pkl")
        self.folder = pickles[0].removesuffix("data.pkl")
        self.scripted = f"{self.folder}constants.pkl" in names
        says_order = f"{self.folder}byteorder" in names
        self.order = self.read("byteorder").decode() if says_order else "little"
        if self.order not in ("little", "big"):
            raise ValueError(f"its byte order is {self.order:.20}, not little or big")
        self.storages: dict[str, Tensor] = {}

    def read(self, name: str) -> bytes:
        """Return a record.

        torch compresses none of those that are read here; one that unpacks to many times the
        size of the file would have to be, or several would have to be the same bytes.
        """
        record = self.file.getinfo(self.folder + name)
        plain = record.compress_type == zipfile.ZIP_STORED and not record.flag_bits & 1
        if not plain or record.compress_size != record.file_size:
            raise ValueError(f"{name:.80} is compressed or encrypted")
        self.left -= record.file_size
        if self.left < 0:
            raise ValueError(f"{name:.80} is said to hold more than the file does")
        return self.file.read(record)

    def storage(self, key: str, dtype: torch.dtype, count: int) -> Tensor:
        """Return a record as a flat tensor, the same one each time."""
        if key not in self.storages:
            numbers = np.frombuffer(self.read(f"data/{key}"), f"u{dtype.itemsize}").copy()
            if self.order != sys.byteorder:
                numbers.byteswap(inplace=True)
            self.storages[key] = torch.from_numpy(numbers).view(dtype)
        if len(self.storages[key]) != count:
            found = len(self.storages[key])
            raise ValueError(f"data/{key:.80} holds {found} numbers, not {count}")
        return self.storages[key]


def _tensors(root: Any) -> dict[str, Tensor]:
    """Return the tensors in a tree of modules, by dotted name."""
    if not isinstance(root, Module):
        raise ValueError(f"its root is a {type(root).__name__}, not a module")
    found: dict[str, Tensor] = {}
    waiting, seen = [("", root)], set()
    while waiting:
        prefix, module = waiting.pop()
        if id(module.members) in seen:
            raise ValueError("a module lies within itself, or twice")
        seen.add(id(module.members))
        for name, member in module.members.items():
            if len(prefix) + len(str(name)) > MOST_NAME:  # many would fill the memory
                raise ValueError(f"a name in it has more than {MOST_NAME} characters")
            if isinstance(member, Module):
                waiting.append((f"{prefix}{name}.", member))
            elif isinstance(member, Tensor) and (prefix or name not in SIZES):
                found[f"{prefix}{name}"] = member
    return found
