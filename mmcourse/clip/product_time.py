"""How long one matrix product takes here, in each precision.

Some processors multiply bfloat16 twice as fast as float32, others at a fifth of its speed, and
their names do not tell. So it is tried, on a product as large as those of a small model.
"""

import time

import torch

ROWS, WIDTH = 4_096, 192
"""Tokens in a batch, and numbers in each."""

ROUNDS = 5

CLEARLY = 0.8
"""Of float32's time is what another precision may take at most, to be chosen: what goes on from
an earlier run must not choose anew by chance."""


def product_seconds(dtype: torch.dtype, device: str) -> float:
    """Return the shortest of some times that one product took; the first does not count.

    On a CPU they are the processor's own, so that what else it does counts for nothing.
    """
    clock = time.process_time if device == "cpu" else time.perf_counter
    rows = torch.ones(ROWS, WIDTH, dtype=dtype, device=device)
    weights = torch.ones(WIDTH, 4 * WIDTH, dtype=dtype, device=device)
    times = []
    for _ in range(ROUNDS + 1):
        started = clock()
        (rows @ weights)[0, 0].item()  # reading a number waits for the device
        times.append(clock() - started)
    return min(times[1:])


def times_as_long(dtype: torch.dtype, device: str) -> float:
    """Return how many times as long as in float32 a product takes."""
    return product_seconds(dtype, device) / product_seconds(torch.float32, device)
