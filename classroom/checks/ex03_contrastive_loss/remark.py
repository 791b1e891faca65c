"""What no output of a loss shows on a CPU: labels left behind there."""

import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

from classroom.checks.question import Answer


def remark(answer: Answer) -> str | None:
    """Return a line of feedback without points, or None where nothing is to say."""
    seen = _Labels()
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), seen:
        warnings.simplefilter("ignore")
        answer(torch.eye(3, 5), torch.eye(3, 5), 9.0)
    if seen.left_behind:
        return (
            "On a GPU it would stop: your labels stay on the CPU. Make them with "
            "device=images.device."
        )
    return None


class _Labels(TorchFunctionMode):
    """Sees whether cross_entropy is given labels that were made without a device."""

    def __init__(self) -> None:
        super().__init__()
        self.left_behind = False
        self._made: list[Any] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        if func in (F.cross_entropy, F.nll_loss):
            labels = named.get("target", args[1] if len(args) > 1 else None)
            self.left_behind |= any(labels is one for one in self._made)
        out = func(*args, **named)
        if func in (torch.arange, torch.tensor) and named.get("device") is None:
            self._made.append(out)
        if func in (torch.Tensor.to, torch.Tensor.cuda, torch.Tensor.type_as):
            self._made.clear()
        return out
