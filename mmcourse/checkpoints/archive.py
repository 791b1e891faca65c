"""Tensors from a TorchScript archive, such as OpenAI's released models, without running it.

An archive is a zip file: `data.pkl` says which module holds which tensor, `data/0`, `data/1`,
… hold the numbers, and `code/` a program that is of no interest here. torch's own reader,
`torch.jit`, is deprecated, and runs what it reads.
"""

import sys
import zipfile
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from torch import Tensor

from mmcourse.checkpoints.machine import Machine, Module

SIZES = ("input_resolution", "context_length", "vocab_size")
"""Numbers that OpenAI's archives hold beside the weights; the shapes say the same."""

DAMAGED = (
    zipfile.BadZipFile, ArithmeticError, EOFError, LookupError, OSError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip
"""What the zip reader, and a pickle that does not fit together, raise."""


def is_archive(path: Path) -> bool:
    """Return whether a zip file is a TorchScript archive, not what `torch.save` writes."""
    try:
        with zipfile.ZipFile(path) as file:
            return any(name.endswith("/constants.pkl") for name in file.namelist())
    except zipfile.BadZipFile:
        return False


def read_archive(path: Path) -> dict[str, Tensor]:
    """Return the tensors that an archive's modules hold, by dotted name.

    Raises:
        ValueError: the file is damaged, or its pickle asks for anything but such tensors.
    """
    try:
        with zipfile.ZipFile(path) as file:
            records = _Records(file)
            return _tensors(Machine(records.storage).run(records.read("data.pkl")))
    except DAMAGED as error:
        raise ValueError(
            f"read: {path} must be a whole TorchScript archive of tensors in modules; got "
            f"one where {error}; get the file again, from a source you know."
        ) from error


@final
class _Records:
    """The files inside an archive."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        pickles = [name for name in file.namelist() if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise ValueError(f"there are {len(pickles)} files data.pkl")
        self.folder = pickles[0].removesuffix("data.pkl")
        says_order = f"{self.folder}byteorder" in file.namelist()
        self.order = self.read("byteorder").decode() if says_order else "little"
        self.storages: dict[str, Tensor] = {}

    def read(self, name: str) -> bytes:
        """Return a record.

        torch compresses none of those that are read here; one that unpacks to many times the
        size of the file would have to be.
        """
        record = self.file.getinfo(self.folder + name)
        if record.compress_type != zipfile.ZIP_STORED or record.flag_bits & 1:
            raise ValueError(f"{name} is compressed or encrypted")
        return self.file.read(record)

    def storage(self, key: str, dtype: torch.dtype, count: int) -> Tensor:
        """Return a record as a flat tensor, the same one each time."""
        if key not in self.storages:
            numbers = np.frombuffer(self.read(f"data/{key}"), f"u{dtype.itemsize}").copy()
            if self.order != sys.byteorder:
                numbers.byteswap(inplace=True)
            self.storages[key] = torch.from_numpy(numbers).view(dtype)
        if len(self.storages[key]) != count:
            raise ValueError(f"data/{key} holds {len(self.storages[key])} numbers, not {count}")
        return self.storages[key]


def _tensors(root: Any) -> dict[str, Tensor]:
    """Return the tensors in a tree of modules, by dotted name."""
    if not isinstance(root, Module):
        raise ValueError(f"its root is a {type(root).__name__}, not a module")
    found: dict[str, Tensor] = {}
    waiting, seen = [("", root)], set()
    while waiting:
        prefix, module = waiting.pop()
        if id(module) in seen:
            raise ValueError("a module lies within itself, or twice")
        seen.add(id(module))
        for name, member in module.members.items():
            if isinstance(member, Module):
                waiting.append((f"{prefix}{name}.", member))
            elif isinstance(member, Tensor) and (prefix or name not in SIZES):
                found[prefix + name] = member
    return found
