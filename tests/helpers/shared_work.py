"""What each of several processes does in tests; `together` runs it."""

import ctypes
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn

from mmcourse.losses import ring_clip_loss

M_MMAP_THRESHOLD = -3
"""Of glibc: from how many bytes on a piece of memory is a mapping of its own."""


def pairs(
    count: int, dim: int, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    """Return features of pictures and texts that are somewhat alike, and labels with twins."""
    generator = torch.Generator().manual_seed(count)
    images = torch.randn(count, dim, generator=generator, dtype=torch.float64)
    noise = torch.randn(count, dim, generator=generator, dtype=torch.float64)
    labels = torch.randint(count // 2, (count,), generator=generator)
    return images.to(dtype), (images + noise).to(dtype), labels


def mine(whole: Tensor) -> Tensor:
    """Return this process's rows."""
    return whole.chunk(dist.get_world_size())[dist.get_rank()].clone()


def ring(count: int, dim: int, kind: str, tile: int, labelled: bool) -> list[np.ndarray]:
    """Return loss and gradients of this process's pictures and texts, and of the scale."""
    images, texts, labels = map(mine, pairs(count, dim, getattr(torch, kind)))
    scale = torch.tensor(14.0, dtype=images.dtype)
    leaves = [leaf.requires_grad_() for leaf in (images, texts, scale)]
    loss = ring_clip_loss(*leaves, labels if labelled else None, tile=tile)
    (3 * loss).backward()  # what comes after the loss counts, too
    dist.all_reduce(scale.grad)
    return [loss.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)]


def ring_memory(count: int, dim: int, tile: int) -> float:
    """Return by how many MiB the process grows at most while it computes loss and gradients."""
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1 << 20)  # what is given back is gone at once
    images, texts, _ = map(mine, pairs(count, dim, torch.float32))
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _status("VmRSS")
    loss = ring_clip_loss(images.requires_grad_(), texts.requires_grad_(), 14.0, tile=tile)
    loss.backward()
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def uneven(counts: list[int], dim: int) -> None:
    """Give each process another number of pairs."""
    images = torch.ones(counts[dist.get_rank()], dim)
    ring_clip_loss(images, images, 14.0)


def last_dies() -> None:
    """Let the last process be killed while the others wait for its texts."""
    images = torch.ones(3, 5)
    ring_clip_loss(images, images, 14.0)
    if dist.get_rank() == dist.get_world_size() - 1:
        os.kill(os.getpid(), 9)
    ring_clip_loss(images, images, 14.0)


def norm(shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Return what a shared BatchNorm makes of this process's part, and its gradients."""
    from shared_norm import share_norms

    model, x, along = normed(shape)
    share_norms(model)
    part = mine(x).requires_grad_()
    out = model(part)
    out.backward(mine(along))
    for parameter in model.parameters():
        dist.all_reduce(parameter.grad)
    return described(model, part, out)


def normed(shape: tuple[int, ...]) -> tuple[nn.Module, Tensor, Tensor]:
    """Return a BatchNorm with weights, pictures, and a gradient for what it makes."""
    generator = torch.Generator().manual_seed(1)
    model = nn.Sequential(nn.BatchNorm2d(shape[1])).double()
    for parameter in model.parameters():
        nn.init.normal_(parameter, generator=generator)
    x, along = torch.randn(2, *shape, generator=generator, dtype=torch.float64)
    x = x * torch.arange(1, shape[0] + 1).reshape(-1, 1, 1, 1) + 2  # parts unlike each other
    return model, x, along


def described(model: nn.Module, x: Tensor, out: Tensor) -> dict[str, np.ndarray]:
    """Return what a norm made of pictures, its gradients and its buffers."""
    found = {"out": out, "to x": x.grad}
    found |= {f"to {name}": each.grad for name, each in model.named_parameters()}
    found |= dict(model.named_buffers())
    return {name: each.detach().numpy() for name, each in found.items()}


def mean_of_losses() -> tuple[float, float]:
    """Return the mean of 2 and 5 squared and so on, and the gradient of this process's own."""
    from processes import Processes

    number = torch.tensor(2.0 + 3 * dist.get_rank(), requires_grad=True)
    loss = Processes(dist.get_world_size(), dist.get_rank()).mean(number**2)
    loss.backward()
    return loss.item(), number.grad.item()


def gradients(name: str, folder: Path, changes: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return a recipe's first loss, and each weight's gradient, of this process or of all."""
    from processes import Processes

    world, rank = (dist.get_world_size(), dist.get_rank()) if dist.is_initialized() else (1, 0)
    trainee = small_trainee(name, folder, changes, Processes(world, rank))
    loss_at = trainee.processes.spread(trainee.model.train(), trainee.loss_at)
    loss = loss_at(0)
    loss.backward()
    found = {
        name: each.grad.numpy()
        for name, each in trainee.model.named_parameters()
        if each.grad is not None
    }
    return {"loss": loss.detach().numpy(), **found}


def small_trainee(name: str, folder: Path, changes: dict[str, Any], processes: Any) -> Any:
    """Return a recipe in training on few pictures, which lie in a folder."""
    from dataclasses import replace

    from recipes import RECIPES, Phase
    from trainee import Trainee
    from training_data import Diet, TrainingSet, draw_shard
    from training_twins import BOTH_COLOURS, TwinSet

    from mmcourse.world.words.caption import caption_grammar

    torch.set_num_threads(1)
    phase = Phase(until=changes.pop("steps", 1), batch=12, diet=Diet(**changes))
    recipe = replace(RECIPES[name], phases=(phase,), shards=1)
    with processes.first_before_others():
        twins = TwinSet(folder, 1, 1, per_shard=6, progress=False) if phase.diet.twins else None
        if processes.first and not any(folder.glob("pictures*")):
            draw_shard(folder, 1, 24, 0)
    data = TrainingSet(folder, 1, 1, per_shard=24, twins=twins, progress=False)
    for facts in twins.facts if twins else ():
        data.words |= caption_grammar(facts, BOTH_COLOURS).vocabulary
    return Trainee(recipe, data, "cpu", processes)


def restarted(folder: Path, killed_at: int | None) -> None:
    """Train for some steps by two processes that torchrun's engine starts, and starts again."""
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=2,
        run_id=folder.name,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        max_restarts=3,  # as in docs/scale.md: a new start may meet what the old one left
        monitor_interval=0.1,
        start_method="fork",
    )
    elastic_launch(config, train_and_die)(folder, killed_at)


def train_and_die(folder: Path, killed_at: int | None) -> None:
    """Train a small CLIP as `train_weights` does; in its first life, the second dies of it."""
    import train_weights
    from processes import started
    from stopwatch import Stopwatch

    train_weights.EVERY = 2
    train_weights.glance = lambda *_: None
    processes = started()
    with processes.joined("cpu"):
        trainee = small_trainee("tiny", folder, {"steps": 5}, processes)
        loss_at = trainee.loss_at

        def watched(step: int) -> Tensor:
            first_life = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
            if step == killed_at and first_life and not processes.first:
                os.kill(os.getpid(), 9)
            return loss_at(step)

        trainee.loss_at = watched
        train_weights.train(trainee, folder / "run.pt", Stopwatch(folder / "run.seconds"))
        torch.save(trainee.model.state_dict(), folder / f"weights-{processes.rank}.pt")
