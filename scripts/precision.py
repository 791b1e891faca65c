"""Which numbers a training computes in: bfloat16 where it is clearly faster, else float32.

Some processors multiply bfloat16 twice as fast as float32, others at half the speed or a fifth;
their names do not tell. So both are timed, once a process, on a product as large as those that
the trainings make, and bfloat16 must win by a fifth: a run that goes on must not choose anew by
chance. Leaves out float16, whose small gradients would need a scaled loss.
"""

from functools import cache

import torch

from mmcourse.clip.product_time import CLEARLY, times_as_long


def mixed(device: str, kind: torch.dtype | None = None) -> torch.autocast:
    """Return the context that a training's forward pass stands in: bfloat16, or as it is.

    Args:
        device: where it computes.
        kind: what was agreed with other processes; None is what `numbers` chooses.
    """
    chosen = numbers(device) if kind is None else kind
    return torch.autocast(device, torch.bfloat16, enabled=chosen is torch.bfloat16)


@cache
def numbers(device: str) -> torch.dtype:
    """Return bfloat16 where it is clearly faster here, float32 elsewhere."""
    return torch.bfloat16 if times_as_long(torch.bfloat16, device) <= CLEARLY else torch.float32


def told(device: str) -> str:
    """Return the chosen kind's name, as the manifest says it."""
    return str(numbers(device)).removeprefix("torch.")
