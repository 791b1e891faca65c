"""Turn the shipped painter's dials; writes mmcourse/small/samplings.csv, which lesson 13 reads.

Guidance from 0 to 8 at 8 steps; and at the usual guidance 1 to 32 looks at the network, in
Euler's steps and in midpoint's. Every setting paints two pictures of 21 prompts, one a kind,
from the same noise as the others; five seeds, each with prompts of its own. About half an hour
on one core.

usage: python scripts/sampling_runs.py [SAMPLINGS.csv]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from matching_runs import write
from measure_pictures import SINGLE, right, texts
from torch import Tensor

from mmcourse.judge import NONE, Judge, load_judge
from mmcourse.rectified_flow import (
    Painter,
    agreement,
    euler,
    load_painter,
    midpoint,
    single_wishes,
)  # fmt: skip
from mmcourse.rectified_flow.painter import GUIDANCE
from mmcourse.small.samplings import STORED_SAMPLINGS, Sampling

SEEDS = range(5)
FIRST = 20_29
"""Prompts are drawn from here on: other ones than were measured for the manifest."""

STEPS = 8
"""Of Euler's, while guidance changes."""

GUIDANCES = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0)
LOOKS = (1, 2, 4, 8, 16, 32)
"""How often the network is asked by Euler's steps."""

BY_MIDPOINT = (2, 4, 8, 16)
"""And by midpoint's, of which each asks twice."""

METHODS = {"euler": euler, "midpoint": midpoint}
LOW, HIGH = 2, 253
"""Numbers of a picture that are as low, or as high, are at their limit."""


def settings() -> list[tuple[str, int, float]]:
    """Return every method, number of steps and guidance that is asked for, each once."""
    found = [("euler", STEPS, guidance) for guidance in GUIDANCES]
    found += [("euler", looks, GUIDANCE) for looks in LOOKS]
    found += [("midpoint", looks // 2, GUIDANCE) for looks in BY_MIDPOINT]
    return list(dict.fromkeys(found))


def sampling(
    painter: Painter, judge: Judge, method: str, steps: int, guidance: float, seed: int
) -> Sampling:
    """Return what one setting of the dials comes to."""
    wishes = single_wishes(np.random.default_rng(FIRST + seed), 1) * 2
    wanted = [wish.wanted for wish in wishes]
    pixels = painter.paint(
        texts(wishes),
        generator=torch.Generator().manual_seed(FIRST + seed),
        guidance=guidance,
        steps=steps,
        method=METHODS[method],
    )
    seen = judge.verdicts(pixels)
    met = [right(seen, wanted, (part,)).double().mean().item() for part in SINGLE]
    none = sum(verdict.kind == NONE for verdict in seen) / len(seen)
    cosine = agreement(painter.reader, pixels, texts(wishes)).mean().item()
    shares = (*met, none, cosine, at_limit(pixels), apart(pixels))
    return Sampling(method, steps, guidance, seed, *shares, len(seen))


def at_limit(pixels: Tensor) -> float:
    """Return the share of all numbers that are at their limit."""
    return ((pixels <= LOW) | (pixels >= HIGH)).double().mean().item()


def apart(pixels: Tensor) -> float:
    """Return how far the first half of some pictures is from the second, one by one."""
    first, second = pixels.double().chunk(2)
    return (first - second).abs().mean().item()


def main(arguments: Sequence[str]) -> int:
    """Turn the dials and write the table; return an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("path", type=Path, nargs="?", default=STORED_SAMPLINGS)
    path = parser.parse_args(arguments).path
    painter, judge, found = load_painter(), load_judge(), []
    for seed in SEEDS:
        for method, steps, guidance in settings():
            found.append(sampling(painter, judge, method, steps, guidance, seed))
            print(found[-1], flush=True)
    write(path, found, shared=4)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
