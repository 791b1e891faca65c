"""State dicts as torch wrote them before 1.6 (2020): five pickles in a row, then the numbers.

The pickles say who wrote the file, in which version and byte order, what there is, and in which
order the storages follow: each a count in eight bytes, and so many numbers.
"""

import io
import sys
from pathlib import Path
from typing import Any, final

import torch
from torch import Tensor

from mmcourse.checkpoints.archive import DAMAGED
from mmcourse.checkpoints.scan import MOST_BYTES
from mmcourse.checkpoints.unpickler import unpickled

MAGIC = 0x1950A86A20F9469CFC6C
"""What the first of the pickles holds."""

PICKLES = 5


def read_old(path: Path) -> Any:
    """Return what such a file holds.

    Raises:
        ValueError: it is no such file, is damaged, or asks for anything but tensors.
    """
    try:
        with path.open("rb") as file:
            return _read(file, path.stat().st_size)
    except DAMAGED as error:
        raise ValueError(
            f"read: {path} must be safetensors, a state dict or a TorchScript archive, and "
            f"whole; got one that is none of these, or where {error!s:.300}; save "
            "model.state_dict() alone, or get the file again."
        ) from error


def _read(file: io.BufferedReader, size: int) -> Any:
    storages = _Storages(size)
    start = io.BytesIO(file.read(MOST_BYTES))
    magic, _version, system, root, order = (
        unpickled(start, storages.storage) for _ in range(PICKLES)
    )
    if magic != MAGIC:
        raise ValueError("its first pickle is of something else")
    if system["little_endian"] != (sys.byteorder == "little"):
        raise ValueError("it is of a machine with another byte order")
    file.seek(start.tell())
    storages.fill(file, order)
    return root


@final
class _Storages:
    """Flat tensors, empty until their numbers are read; together no more than the file."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.known: dict[str, Tensor] = {}

    def storage(self, key: str, dtype: torch.dtype, count: int) -> Tensor:
        """Return the tensor of a key, the same one each time."""
        if key not in self.known:
            self.left -= count * dtype.itemsize
            if count < 0 or self.left < 0:
                raise ValueError(f"storage {key:.80} is said to hold more than the file does")
            self.known[key] = torch.empty(count, dtype=dtype)
        return self.known[key]

    def fill(self, file: io.BufferedReader, order: Any) -> None:
        """Read the numbers of all."""
        # anything may be in the list: two nests of tuples could be compared for ever
        named = isinstance(order, list) and all(isinstance(key, str) for key in order)
        if not named or sorted(order) != sorted(self.known):
            raise ValueError("its list of storages is not that of its tensors")
        for key in order:
            count = int.from_bytes(file.read(8), "little")
            numbers = self.known[key].view(torch.uint8).numpy().data
            if count != len(self.known[key]) or file.readinto(numbers) != len(numbers):
                raise ValueError(f"storage {key:.80} is cut short, or of another length")
