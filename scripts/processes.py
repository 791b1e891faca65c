"""One training by several processes, as torchrun starts them: who takes what, who writes.

    torchrun --standalone --nproc-per-node 2 scripts/train_weights.py tiny

Every process draws the same batch and takes its part of it, so the same pairs are seen in the
same order as in one process. DistributedDataParallel adds their gradients up, so all weights
move alike. The first process alone draws pictures, shows progress and writes files; where one
dies, torchrun ends the others, and with `--max-restarts` starts all again from the checkpoint.
Leaves out the loss of all pairs (`mmcourse.losses.ring`) and BatchNorm (`shared_norm`).
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

LONGEST_WAIT = timedelta(hours=2)
"""For the first process, which draws pictures that are missing and measures alone."""


@dataclass(frozen=True)
class Processes:
    """Those that train together, seen from one of them.

    Args:
        world: how many there are.
        rank: which of them this is, from 0.
        local: which of those on this machine, from 0.
    """

    world: int = 1
    rank: int = 0
    local: int = 0

    @property
    def several(self) -> bool:
        """Whether there are others."""
        return self.world > 1

    @property
    def first(self) -> bool:
        """Whether this is the one that shows and writes."""
        return self.rank == 0

    def device(self, kind: str) -> str:
        """Return where this process computes: each on a GPU of its own, or on the CPU."""
        return f"cuda:{self.local}" if kind == "cuda" and self.several else kind

    def refusal(self, sizes: Iterable[int]) -> str:
        """Return why these batches, or parts of them, cannot be shared; empty if they can."""
        uneven = sorted({size for size in sizes if size % self.world})
        if not uneven:
            return ""
        listed = " and ".join(map(str, uneven))
        return (
            f"every process must get as many pairs; got {self.world} processes for {listed}; "
            "choose --nproc-per-node so that it divides them."
        )

    def part(self, size: int, leading: int = 0) -> list[int]:
        """Return the rows of a batch that are this process's.

        Args:
            size: how many rows the batch has.
            leading: how many of them, from the first, are shared out apart: pairs of twins,
                whose halves must stay together.
        """
        return [*self._share(0, leading), *self._share(leading, size)]

    def _share(self, start: int, stop: int) -> range:
        each = (stop - start) // self.world
        return range(start + self.rank * each, start + (self.rank + 1) * each)

    @contextmanager
    def joined(self, device: str) -> Iterator[None]:
        """Let the processes talk to each other: over nccl on GPUs, over gloo elsewhere."""
        if not self.several:
            yield
            return
        on_gpu = torch.device(device).type == "cuda"
        dist.init_process_group(
            "nccl" if on_gpu else "gloo",
            timeout=LONGEST_WAIT,
            device_id=torch.device(device) if on_gpu else None,
        )
        yield
        dist.destroy_process_group()

    @contextmanager
    def first_before_others(self) -> Iterator[None]:
        """Hold the others back until the first has done what stands here."""
        if self.several and not self.first:
            dist.barrier()
        yield
        if self.several and self.first:
            dist.barrier()

    def all_agree(self, *, yes: bool, device: str) -> bool:
        """Return whether all say yes."""
        answer = torch.tensor(int(yes), device=device)
        if self.several:
            dist.all_reduce(answer, dist.ReduceOp.MIN)
        return bool(answer)

    def mean(self, loss: Tensor) -> Tensor:
        """Return the mean of all processes' losses; the gradient of each is its share of it."""
        return _Mean.apply(loss, self.world) if self.several else loss  # type: ignore[no-untyped-call]

    def spread(
        self, model: nn.Module, loss_at: Callable[[int], Tensor]
    ) -> Callable[[int], Tensor]:
        """Return the loss of a step, after whose backward pass all have the same gradient.

        Args:
            model: begins in all processes with the weights of the first.
            loss_at: step -> its loss; gradients of all processes are added up, not averaged.
        """
        if not self.several:
            return loss_at
        spread = DistributedDataParallel(
            _Step(model, loss_at),
            forward_sync_buffers=False,  # they are equal already: `shared_norm`
            gradient_as_bucket_view=True,  # or every gradient would be there twice
        )
        spread.register_comm_hook(None, _added_up)
        return spread


def started() -> Processes:
    """Return which process of how many torchrun has started here; one alone without it."""
    if "WORLD_SIZE" not in os.environ:
        return Processes()
    return Processes(*(int(os.environ[name]) for name in ("WORLD_SIZE", "RANK", "LOCAL_RANK")))


class _Step(nn.Module):
    """A model whose forward pass is its loss: what DistributedDataParallel watches over."""

    def __init__(self, model: nn.Module, loss_at: Callable[[int], Tensor]) -> None:
        super().__init__()
        self.model, self.loss_at = model, loss_at

    def forward(self, step: int) -> Tensor:
        return self.loss_at(step)


class _Mean(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, loss: Tensor, world: int) -> Tensor:
        ctx.world = world
        total = loss.detach().clone()
        dist.all_reduce(total)
        return total / world

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None]:
        return outer[0] / ctx.world, None


def _added_up(_: object, bucket: dist.GradBucket) -> torch.futures.Future[Tensor]:
    """Return the sum of the gradients of all processes, which DDP alone would divide."""
    work = dist.all_reduce(bucket.buffer(), async_op=True)
    return work.get_future().then(lambda done: done.value()[0])
