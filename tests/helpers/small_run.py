"""A training run small enough to be killed anywhere, with everything that a real one has."""

import math
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from mmcourse.train import History, fit, optimizers

STEPS = 8
EVERY = 3


class Small(nn.Module):
    """Matrices for AdamW and for Muon, a BatchNorm with its buffers, and a learned scale."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.first = nn.Linear(3, 5)
        self.norm = nn.BatchNorm1d(5)
        self.resblocks = nn.ModuleList([nn.Linear(5, 5)])
        self.logit_scale = nn.Parameter(torch.tensor(math.log(3)))
        for parameter in (*self.first.parameters(), *self.resblocks.parameters()):
            nn.init.normal_(parameter, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        return self.logit_scale.exp() * self.resblocks[0](self.norm(self.first(x)))


def loss_of(model: Small) -> Callable[[int], Tensor]:
    """Return what gives a step's loss, on numbers drawn from a generator of its own."""

    def loss_at(step: int) -> Tensor:
        x = torch.randn(7, 3, generator=torch.Generator().manual_seed(step))
        return (model(x) - x.sum(1, keepdim=True)).square().mean()

    return loss_at


def train(
    model: Small,
    checkpoint: Path | None = None,
    loss_at: Callable[[int], Tensor] | None = None,
    lr: float = 0.01,
    steps: int = STEPS,
    *,
    writes: bool = True,
) -> History:
    """Train with both optimizers, quietly."""
    return fit(
        model,
        loss_at or loss_of(model),
        steps,
        chosen=optimizers(model, lr=lr, muon_lr=0.02),
        checkpoint=checkpoint,
        every=EVERY,
        writes=writes,
        progress=False,
    )
