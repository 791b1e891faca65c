"""Which numbers a training computes in: bfloat16 where it is faster here, float32 elsewhere.

Some processors multiply bfloat16 twice as fast as float32, others at half the speed or a fifth;
their names do not tell. So both are timed, once a process, on a product as large as those that
the trainings make. Leaves out float16, whose small gradients would need a scaled loss.
"""

import time
from functools import cache

import torch

ROWS, WIDTH = 4_096, 192
"""Tokens in a batch, and numbers in each."""

ROUNDS = 5


def mixed(device: str) -> torch.autocast:
    """Return the context that a training's forward pass stands in: bfloat16, or as it is."""
    return torch.autocast(device, torch.bfloat16, enabled=numbers(device) is torch.bfloat16)


@cache
def numbers(device: str) -> torch.dtype:
    """Return what is faster here: bfloat16 or float32."""
    return min((torch.float32, torch.bfloat16), key=lambda kind: seconds(kind, device))


def seconds(kind: torch.dtype, device: str) -> float:
    """Return the shortest of some times that one product took; the first does not count."""
    rows = torch.ones(ROWS, WIDTH, dtype=kind, device=device)
    weights = torch.ones(WIDTH, 4 * WIDTH, dtype=kind, device=device)
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        (rows @ weights)[0, 0].item()  # reading a number waits for the device
        times.append(time.perf_counter() - started)
    return min(times[1:])


def told(device: str) -> str:
    """Return the faster kind's name, as the manifest says it."""
    return str(numbers(device)).removeprefix("torch.")
