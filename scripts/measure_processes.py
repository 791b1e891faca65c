"""What a training step takes from each of several processes: time, and memory.

Either a step of `tiny` with batches of 144, or CLIP's loss alone, of many random pairs. Prints
one line. Time is the processor's own, so that what else the machine does counts for nothing;
memory is by how much a process grows at most (on Linux alone).

usage: torchrun --standalone --nproc-per-node N scripts/measure_processes.py [--pairs N]
"""

import argparse
import ctypes
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.distributed as dist
from processes import Processes, started
from recipes import RECIPES, Phase
from torch import Tensor, nn
from trainee import Trainee
from training_data import Diet, TrainingSet, draw_shard

from mmcourse.losses import clip_loss, ring_clip_loss

BATCH, PICTURES = 144, 512
DIM = 512
STEPS = 4
"""The first does not count."""

M_MMAP_THRESHOLD = -3
"""Of glibc: from how many bytes on a piece of memory is a mapping of its own."""


def a_step(processes: Processes) -> Callable[[], Tensor]:
    """Return what takes one step of `tiny`, up to its gradient, on pictures drawn for it."""
    phase = Phase(until=STEPS, batch=BATCH, diet=Diet())
    with TemporaryDirectory() as folder:
        draw_shard(Path(folder), 1, PICTURES, 0)
        data = TrainingSet(Path(folder), 1, 1, PICTURES, progress=False)
    recipe = replace(RECIPES["tiny"], phases=(phase,))
    trainee = Trainee(recipe, data, "cpu", processes)
    model = trainee.model.train()
    loss_at = processes.spread(model, trainee.loss_at)

    def step() -> Tensor:
        model.zero_grad()
        loss = loss_at(0)
        loss.backward()
        return torch.stack(
            [
                loss.detach(),
                nn.utils.get_total_norm(
                    [weight.grad for weight in model.parameters() if weight.grad is not None]
                ),
            ]
        )

    return step


def the_loss(processes: Processes, pairs: int, *, obvious: bool) -> Callable[[], Tensor]:
    """Return what computes the loss of random pairs, of which each process has its share."""
    generator = torch.Generator().manual_seed(0)
    rows = processes.part(pairs)
    sides = [torch.randn(pairs, DIM, generator=generator)[rows] for _ in range(2)]

    def step() -> Tensor:
        images, texts = (side.requires_grad_() for side in sides)
        images.grad = texts.grad = None
        loss = (clip_loss if obvious else ring_clip_loss)(images, texts, 14.0)
        loss.backward()
        length = images.grad.square().sum() + texts.grad.square().sum()
        if processes.several:
            dist.all_reduce(length)
        return torch.stack([loss.detach(), length.sqrt()])

    return step


def measured(step: Callable[[], Tensor], times: int) -> tuple[Tensor, Tensor]:
    """Return what a step returns, and its CPU seconds beside its growth in MiB.

    Args:
        step: is done once before it counts, for the time, and first of all for the memory.
        times: how often it counts; the shortest is told.
    """
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, found, seconds = memory("VmRSS"), step(), []
    grown = memory("VmHWM") - before
    for _ in range(times):
        begun = time.process_time()
        step()
        seconds.append(time.process_time() - begun)
    return found, torch.tensor([min(seconds, default=torch.nan), grown])


def memory(name: str) -> float:
    """Return what Linux says of this process's memory, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def main(words: list[str]) -> None:
    """Measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--pairs", type=int, help="of the loss alone")
    parser.add_argument("--obvious", action="store_true", help="by clip_loss; one process")
    parser.add_argument("--times", type=int, default=STEPS - 1)
    chosen = parser.parse_args(words)
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1 << 20)  # what is given back is gone at once
    torch.set_num_threads(1)
    processes = started()
    with processes.joined("cpu"):
        if chosen.pairs is None:
            step = a_step(processes)
        else:
            step = the_loss(processes, chosen.pairs, obvious=chosen.obvious)
        (loss, length), worst = measured(step, chosen.times)
        if processes.several:
            dist.all_reduce(worst, dist.ReduceOp.MAX)
    if processes.first:
        seconds, grown = worst.tolist()
        print(
            f"processes {processes.world}: loss {loss:.5f}, gradient {length:.5f} long; "
            f"each {seconds:.2f} CPU seconds, {grown:.0f} MiB"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
