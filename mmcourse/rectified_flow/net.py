"""The network that says which way a picture lies: words and places in one transformer.

The 64 places of a folded picture and the tokens of its prompt attend to each other in one
sequence (arXiv 2403.03206, section 4, with one set of weights instead of two). Time and the
prompt's sentence vector scale and shift every layer's inputs (adaptive layer norm, arXiv
2212.09748, section 3.2), by one map that all layers share (arXiv 2310.00426, section 2.3).
"""

from collections import OrderedDict
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.signature import checked
from mmcourse.transformer import SelfAttention

WIDTH, LAYERS, HEADS = 192, 6, 3
SIDE, CHANNELS = 8, 16
"""Of a folded picture."""

LENGTH, DIM = 24, 128
"""Of a prompt: tokens, and numbers in each."""

WAVES = 32
"""Sines and as many cosines that a time is told in."""


@final
class ModulatedBlock(nn.Module):
    """A transformer block whose norms are scaled and shifted from outside."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = SelfAttention(width, heads)
        self.mlp = nn.Sequential(
            OrderedDict(
                c_fc=nn.Linear(width, 4 * width),
                gelu=nn.GELU("tanh"),
                c_proj=nn.Linear(4 * width, width),
            )
        )
        for name, spread in (
            ("attn.in_proj_weight", width**-0.5),
            ("attn.out_proj.weight", 0.3 * width**-0.5),
            ("mlp.c_fc.weight", (2 * width) ** -0.5),
            ("mlp.c_proj.weight", 0.3 * (4 * width) ** -0.5),
        ):
            nn.init.normal_(self.get_parameter(name), std=spread)

    def forward(
        self, x: Float[Tensor, "batch tokens width"], modulation: Float[Tensor, "batch 6 width"]
    ) -> Float[Tensor, "batch tokens width"]:
        """Return the tokens after this layer; at a modulation of 0 it is an ordinary one."""
        scale, shift, gate, scale2, shift2, gate2 = modulation[:, :, None].unbind(1)
        mixed, _ = self.attn(_norm(x) * (1 + scale) + shift)
        x = x + (1 + gate) * mixed
        return x + (1 + gate2) * self.mlp(_norm(x) * (1 + scale2) + shift2)


@final
class FlowNet(nn.Module):
    """A velocity for folded pictures, steered by a prompt.

    `nothing` is the learnt prompt of those who say none (`drop_condition`).
    """

    def __init__(self) -> None:
        super().__init__()
        self.nothing = nn.Parameter(0.02 * torch.randn(LENGTH, DIM))
        self.read_text = nn.Linear(DIM, WIDTH)
        self.text_embedding = nn.Parameter(0.02 * torch.randn(LENGTH, WIDTH))
        self.read_place = nn.Linear(CHANNELS, WIDTH)
        self.row_embedding = nn.Parameter(0.02 * torch.randn(SIDE, 1, WIDTH))
        self.column_embedding = nn.Parameter(0.02 * torch.randn(1, SIDE, WIDTH))
        self.read_time = _two_layers(2 * WAVES)
        self.read_sentence = _two_layers(DIM)
        self.modulate = nn.Linear(WIDTH, 6 * WIDTH)
        self.layer_embedding = nn.Parameter(torch.zeros(LAYERS, 6, WIDTH))
        self.resblocks = nn.ModuleList(ModulatedBlock(WIDTH, HEADS) for _ in range(LAYERS))
        self.modulate_last = nn.Linear(WIDTH, 2 * WIDTH)
        self.say_velocity = nn.Linear(WIDTH, CHANNELS)
        for layer in (self.modulate, self.modulate_last, self.say_velocity):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    @checked
    def forward(
        self,
        x: Float[Tensor, "batch 16 8 8"],
        times: Float[Tensor, " batch"],
        condition: Float[Tensor, "batch length dim"],
    ) -> Float[Tensor, "batch 16 8 8"]:
        """Return which way each picture lies.

        Args:
            x: folded pictures amid noise.
            times: from 0, all noise, to 1, none.
            condition: prompts from `read_prompts`; `nothing` for those without.
        """
        steer = F.silu(self.read_time(_waves(times)) + self.read_sentence(condition[:, 0]))
        words = self.read_text(condition) + self.text_embedding
        places = self.read_place(x.flatten(2).mT)  # (batch, 16, 8, 8) -> (batch, 64, width)
        places = places + (self.row_embedding + self.column_embedding).flatten(0, 1)
        tokens = torch.cat([words, places], dim=1)
        modulation = self.modulate(steer).unflatten(1, (6, WIDTH))
        for block, layer in zip(self.resblocks, self.layer_embedding, strict=True):
            tokens = block(tokens, modulation + layer)
        scale, shift = self.modulate_last(steer)[:, None].chunk(2, dim=2)
        last = _norm(tokens[:, LENGTH:]) * (1 + scale) + shift
        return self.say_velocity(last).mT.unflatten(2, (SIDE, SIDE))


def _two_layers(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))


def _norm(x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:])


def _waves(times: Float[Tensor, " batch"]) -> Float[Tensor, "batch waves"]:
    """Return times as sines and cosines of 32 speeds (arXiv 1706.03762, section 3.5)."""
    speeds = 100 * torch.exp(-torch.arange(WAVES, device=times.device) / 4)
    angles = times[:, None] * speeds.to(times)
    return torch.cat([angles.sin(), angles.cos()], dim=1)
