"""Which numbers a training computes in: bfloat16 where it is clearly faster, else float32.

Some processors multiply bfloat16 twice as fast as float32, others at half the speed or a fifth;
their names do not tell. So both are timed, once a process, on a product as large as those that
the trainings make, and bfloat16 must win by a fifth: a run that goes on must not choose anew by
chance. Leaves out float16, whose small gradients would need a scaled loss.
"""

import time
from functools import cache

import torch

ROWS, WIDTH = 4_096, 192
"""Tokens in a batch, and numbers in each."""

ROUNDS = 5

CLEARLY = 0.8
"""Of float32's time is what bfloat16 may take at most, to be chosen."""


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
    faster = seconds(torch.bfloat16, device) <= CLEARLY * seconds(torch.float32, device)
    return torch.bfloat16 if faster else torch.float32


def seconds(kind: torch.dtype, device: str) -> float:
    """Return the shortest of some times that one product took; the first does not count.

    On a CPU they are the processor's own, so that what else it does counts for nothing.
    """
    clock = time.process_time if device == "cpu" else time.perf_counter
    rows = torch.ones(ROWS, WIDTH, dtype=kind, device=device)
    weights = torch.ones(WIDTH, 4 * WIDTH, dtype=kind, device=device)
    times = []
    for _ in range(ROUNDS + 1):
        started = clock()
        (rows @ weights)[0, 0].item()  # reading a number waits for the device
        times.append(clock() - started)
    return min(times[1:])


def told(device: str) -> str:
    """Return the chosen kind's name, as the manifest says it."""
    return str(numbers(device)).removeprefix("torch.")
