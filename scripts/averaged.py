"""A running mean of weights: what is shipped of a painter (arXiv 2006.11239, appendix B)."""

from copy import deepcopy
from typing import final

import torch
from torch import nn

AVERAGED = 0.999
"""What the mean keeps of itself at every step."""


@final
class Averaged(nn.Module):
    """A network that learns, and the running mean of its weights."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net, self.mean = net, deepcopy(net)
        self.mean.requires_grad_(requires_grad=False)

    @torch.no_grad()
    def after_step(self, done: int) -> None:
        """Move the mean; at first fast, as early weights are worth nothing."""
        keep = min(AVERAGED, done / (done + 20))
        for mean, now in zip(self.mean.parameters(), self.net.parameters(), strict=True):
            mean.lerp_(now, 1 - keep)
