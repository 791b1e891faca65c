"""How long one matrix product takes here, in each precision.

Some processors multiply bfloat16 twice as fast as float32, others at a fifth of its speed, and
their names do not tell. So it is tried, on a product as large as those of a small model.
"""

import time

import torch

ROWS, WIDTH = 4_096, 192
"""Tokens in a batch, and numbers in each."""

ROUNDS = 3
LEAST = 0.03
"""Seconds that a round takes at least: some clocks tick every 0.016."""

CLEARLY = 0.8
"""Another precision is chosen only where it takes at most this share of float32's time: what
goes on from an earlier run must not choose anew by chance."""


def product_seconds(dtype: torch.dtype, device: str) -> float:
    """Return how long one product takes, in the shortest of some rounds.

    On a CPU it is the processor's own time, so that what else it does counts for nothing.
    """
    clock = time.process_time if device == "cpu" else time.perf_counter
    rows = torch.ones(ROWS, WIDTH, dtype=dtype, device=device)
    weights = torch.ones(WIDTH, 4 * WIDTH, dtype=dtype, device=device)

    def seconds(count: int) -> float:
        started = clock()
        for _ in range(count):
            product = rows @ weights
        product[0, 0].item()  # reading a number waits for the device
        return clock() - started

    seconds(1)  # the first is slower
    count = 1
    while seconds(count) < LEAST:
        count *= 2
    return min(seconds(count) for _ in range(ROUNDS)) / count


def times_as_long(dtype: torch.dtype, device: str) -> float:
    """Return how many times as long as in float32 a product takes."""
    return product_seconds(dtype, device) / product_seconds(torch.float32, device)
