"""Weights on their way into mmcourse/weights: rounded, written, told of in the manifest."""

import platform
from collections.abc import Mapping

import torch
from precision import told
from processes import started
from torch import Tensor, nn

from mmcourse import checkpoints
from mmcourse.checkpoints.weights import WEIGHTS

HALFWAY = "-halfway"
"""Ends the name of what is shipped out of the middle of a training."""


def rounded(model: nn.Module) -> nn.Module:
    """Return the model with its weights rounded to float16, as they are shipped."""
    return model.half().float().eval()


def ship(
    name: str,
    model: nn.Module,
    seed: int,
    minutes: float,
    metrics: Mapping[str, tuple[float, int]],
    *,
    vocabulary: Tensor | None = None,
) -> None:
    """Write a model's file and its entry in the manifest.

    Args:
        name: of the file.
        model: `rounded`, and measured so.
        seed: that the training started from.
        minutes: that it took.
        metrics: as in the manifest.
        vocabulary: as for `checkpoints.save`.
    """
    path, device = WEIGHTS / f"{name}.safetensors", next(model.parameters()).device
    checkpoints.save(model.half(), path, vocabulary=vocabulary)
    model.float()
    entry = checkpoints.Entry(
        model=type(model).__name__,
        sha256=checkpoints.sha256(path),
        command=f"{starter()} scripts/train_weights.py {name.removesuffix(HALFWAY)}",
        seed=seed,
        device=torch.cuda.get_device_name() if device.type == "cuda" else processor(),
        minutes=round(minutes, 1),
        metrics=metrics,
    )
    checkpoints.write_manifest_entry(name, entry)


def starter() -> str:
    """Return what a training was started with: python, or torchrun for several processes."""
    world = started().world
    return "python" if world == 1 else f"torchrun --nproc-per-node {world}"


def processor() -> str:
    """Return what this machine computes on, in words."""
    return f"CPU ({platform.machine()}), {torch.get_num_threads()} thread(s), {told('cpu')}"
