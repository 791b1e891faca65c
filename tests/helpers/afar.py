"""A device that stands in for a GPU where there is none: its numbers are here, and it says no.

Tensors "on" it are wrappers around ordinary ones. What a GPU refuses is refused: an operation
on tensors of both devices, drawing there with a generator of the processor, `.numpy()`. Torch
is told of it (`tell_torch`) for the rest of the process, which should be one of its own. Leaves
out all that makes a GPU's numbers differ, and whatever only its kernels lack.
"""

from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

CROSSING = ("copy_", "_to_copy")
"""Operations from one device to another."""

INDEXING = ("index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index")
"""A GPU takes indices that lie on the processor."""


def tell_torch() -> None:
    """Let torch know the device, until this process ends."""
    _setup_privateuseone_for_python_backend("afar")
    # Wrappers have versions, which inference mode leaves out:
    torch.inference_mode = lambda mode=True: torch.no_grad() if mode else torch.enable_grad()


class Far(torch.Tensor):
    """A tensor that says it is elsewhere."""

    @staticmethod
    def __new__(cls, here: torch.Tensor) -> "Far":
        """Wrap a tensor."""
        new = torch.Tensor._make_wrapper_subclass(
            cls,
            here.shape,
            strides=here.stride(),
            storage_offset=here.storage_offset(),
            dtype=here.dtype,
            device="afar:0",
        )
        new.here = here
        return new

    def tolist(self) -> Any:
        """Return its numbers, which a GPU's tensor copies first, too."""
        return self.here.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """Refuse, as a GPU's tensor does, unless a copy will do."""
        if force:
            return self.here.numpy(force=True)
        raise TypeError("can't convert a far tensor to numpy; use Tensor.cpu() first")

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        """Refuse, as a GPU's tensor does."""
        return self.numpy()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None):
        """Do it here, and wrap what comes."""
        return _done(func, args, kwargs or {})


class Watching(TorchDispatchMode):
    """Sees what is made on the device, or sent there, from what is here."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None):
        """Do it here, and wrap what comes if it was asked for there."""
        return _done(func, args, kwargs or {})


class Making(TorchFunctionMode):
    """Sees what is made of numbers of Python's, and indices, which the other one does not."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None):
        """Make it here, then send it there."""
        kwargs = kwargs or {}
        if func in (torch.tensor, torch.as_tensor) and _is_afar(kwargs.get("device")):
            made = func(*args, **{**kwargs, "device": "cpu"})
            return made.to("afar:0")
        if func in (torch.Tensor.__getitem__, torch.Tensor.__setitem__):
            args = (args[0], _as_tensors(args[1]), *args[2:])
        return func(*args, **kwargs)


def _as_tensors(index: Any) -> Any:
    """Return an index whose lists and arrays are tensors, which a GPU takes from here."""
    if isinstance(index, tuple):
        return tuple(map(_as_tensors, index))
    return torch.as_tensor(index) if isinstance(index, list | np.ndarray) else index


def _is_afar(device: Any) -> bool:
    return device is not None and torch.device(device).type == "afar"


def _done(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    leaves, name = tree_leaves((args, kwargs)), func._schema.name.partition("::")[2]
    tensors = [one for one in leaves if isinstance(one, torch.Tensor)]
    far = [one for one in tensors if isinstance(one, Far)]
    device = kwargs.get("device")
    there = bool(far) if device is None else _is_afar(device)
    if name == "copy_":
        there = isinstance(args[0], Far)
    if far and name not in CROSSING + INDEXING:
        near = [one for one in tensors if not isinstance(one, Far) and one.ndim]
        if near:
            raise RuntimeError(f"{name}: expected all tensors on one device; got two")
    if there and any(isinstance(one, torch.Generator) for one in leaves):
        raise RuntimeError(f"{name}: expected a generator of the device; got the processor's")
    known = {id(one.here): one for one in far}
    args, kwargs = tree_map(
        lambda one: one.here if isinstance(one, Far) else one, (args, kwargs)
    )
    if device is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}

    def wrapped(one: Any) -> Any:
        return known.get(id(one), Far(one)) if isinstance(one, torch.Tensor) and there else one

    return tree_map(wrapped, func(*args, **kwargs))
