"""Python's own unpickler, for pickles from anywhere: it names five harmless things alone."""

import io
import pickle
from collections.abc import Callable
from typing import Any, TypeAlias, final

import torch
from torch import Tensor

from mmcourse.checkpoints.harmless import named
from mmcourse.checkpoints.scan import check

Storage: TypeAlias = Callable[[str, torch.dtype, int], Tensor]
"""Key, dtype and count of numbers -> those numbers, as a flat tensor."""


def unpickled(stream: io.BytesIO, storage: Storage) -> Any:
    """Return what a pickle builds, after looking at what it would do.

    What follows it in the stream is left unread.

    Raises:
        ValueError: it names or does what no file of weights needs.
        LookupError, TypeError, pickle.UnpicklingError: it does not fit together.
    """
    start = stream.tell()
    check(stream)
    stream.seek(start)
    return _Unpickler(stream, storage).load()


@final
class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, storage: Storage) -> None:
        super().__init__(stream)
        self.storage = storage

    def find_class(self, module: str, name: str) -> Any:
        return named(module, name)

    def persistent_load(self, reference: Any) -> Tensor:
        kind, dtype, key, _device, count, *_ = reference
        plain = isinstance(key, str) and isinstance(count, int)
        if kind != "storage" or not isinstance(dtype, torch.dtype) or not plain:
            raise ValueError("its pickle refers to something which is no storage")
        return self.storage(key, dtype, count)
