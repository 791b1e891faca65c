"""Good calls moved to a device, and what they give held against the processor's.

usage: python tests/helpers/on_device.py DEVICE [NAME …]

DEVICE is "cuda", or "afar", which stands in for it where there is none. Prints as JSON which
public names were tried, how each ended that went wrong, and which excuses are of names that are
gone.
"""

import contextlib
import copy
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
from places import HELPERS
from torch import Tensor, nn

sys.path[:0] = [str(HELPERS), str(HELPERS / "wrong_values")]

import public_names  # noqa: E402
from differing import differences, is_ours  # noqa: E402
from good_calls import GOOD_CALLS  # noqa: E402
from guard import guarded, own_folder  # noqa: E402

Move = Callable[[Tensor], Tensor]

EXCUSED = {
    "data.CompactTokens.__call__": "takes texts; the numbers that it holds stay where they are",
    "losses.cached_backward": "its encoder is a function with a weight of the processor's",
    "plots.sound_slider": "draws, from numbers that its caller copies",
    "train.fit": "its loss is a function of a layer of the processor's",
    "train.optimizers": "returns what holds parameters, and computes nothing",
}
"""Public names whose good call holds a tensor and is not tried elsewhere, and why."""

EXCUSED_AFAR = {
    "checkpoints.save": "the stand-in has no memory that safetensors could read",
}
"""Those that are tried on CUDA alone, and why."""


def cases() -> list[str]:
    """Return the public names of which a good call holds a tensor or a model."""
    with guarded():
        return [name for name in GOOD_CALLS if _holds(name)]


def _holds(name: str) -> bool:
    found: list[Tensor] = []

    def note(tensor: Tensor) -> Tensor:
        found.append(tensor)
        return tensor

    with own_folder(name):
        moved(GOOD_CALLS[name](), note)
    return bool(found)


def moved(value: Any, move: Move) -> Any:
    """Return a copy in which each tensor has been moved, those of models and records too."""
    known: dict[int, tuple[Any, Any]] = {}

    def go(one: Any) -> Any:
        if id(one) not in known:
            known[id(one)] = (one, _moved(one, move, go))
        return known[id(one)][1]

    return go(value)


def _moved(one: Any, move: Move, go: Callable[[Any], Any]) -> Any:
    if isinstance(one, nn.Parameter):
        return nn.Parameter(move(one.detach()), one.requires_grad)
    if isinstance(one, Tensor):
        return move(one.detach()).requires_grad_(one.requires_grad)
    if isinstance(one, dict):
        return {key: go(each) for key, each in one.items()}
    if isinstance(one, tuple) and hasattr(one, "_fields"):
        return type(one)(*map(go, one))
    if isinstance(one, list | tuple):
        return type(one)(map(go, one))
    if isinstance(one, nn.Module) or is_ours(one):
        new = copy.copy(one)
        for key, each in vars(one).items():
            object.__setattr__(new, key, go(each))
        return new
    return one


def result(name: str, move: Move | None = None) -> Any:
    """Return what a good call gives, after its tensors have been moved."""
    with own_folder(name):
        call = GOOD_CALLS[name]()
        torch.manual_seed(0)
        call = call if move is None else moved(call, move)
        called, arguments = public_names.as_called(
            name, public_names.public_names()[name], call
        )
        given = called(**arguments)
        return list(given) if isinstance(given, Iterator) else given


def tried(name: str, move: Move) -> str:
    """Return how a call on a device differs from the processor's, or how it failed; or ""."""
    expected = result(name)
    try:
        return "; ".join(differences(result(name, move), expected))
    except Exception as error:
        return " ".join(f"{type(error).__name__}: {error}".split())


def main(device: str, *names: str) -> int:
    """Try cases on a device; print what was tried, and what went wrong with which."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    with contextlib.ExitStack() as stack:
        stack.enter_context(guarded())
        known = cases()
        excused = EXCUSED | (EXCUSED_AFAR if device == "afar" else {})
        chosen = names or [name for name in known if name not in excused]
        gone = sorted({*EXCUSED, *EXCUSED_AFAR}.difference(known))
        if device == "afar":
            import afar

            afar.tell_torch()

            stack.enter_context(afar.Watching())
            stack.enter_context(afar.Making())
        wrong = {name: tried(name, lambda one: one.to(f"{device}:0")) for name in chosen}
    said = {name: how for name, how in wrong.items() if how}
    told = {"tried": list(chosen), "wrong": said, "gone": gone}
    print(json.dumps(told), file=sys.__stdout__)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
