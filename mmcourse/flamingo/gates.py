"""Gated cross-attention: words look at their picture, through a gate that is shut at first.

Before a layer of the frozen language model stands x + tanh(α) · look(x), then
x + tanh(β) · think(x); α and β start at 0, tanh(0) is 0, so at first the model is exactly what
it was, and training opens the gates as far as it helps (arXiv 2204.14198, section 2.2). Leaves
out what else the words may do: they exchange what they saw in the layer behind.
"""

from typing import final

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.transformer import WIDEST, LayerNorm
from mmcourse.vqa.cross_attention import CrossAttention


@final
class GatedCrossAttention(nn.Module):
    """What words take from pictures, times a gate.

    Args:
        width: numbers in a token.
        heads: of the attention; they share the width out evenly.

    Raises:
        ValueError: a number is out of range, or the heads do not share the width out evenly.

    A new one changes nothing:

    >>> x, may = torch.randn(2, 3, 8), torch.ones(2, 3, 5, dtype=torch.bool)
    >>> bool((GatedCrossAttention(8, 2)(x, torch.randn(2, 5, 8), may) == x).all())
    True
    """

    @checked
    def __init__(self, width: int = 128, heads: int = 4) -> None:
        super().__init__()
        width = whole("GatedCrossAttention", "width", width, least=1, most=WIDEST)
        heads = whole("GatedCrossAttention", "heads", heads, least=1, most=width)
        if width % heads:
            raise ValueError(
                f"GatedCrossAttention: width must be a multiple of heads; got {width} and "
                f"{heads}."
            )
        self.ln_look = LayerNorm(width)
        self.look = CrossAttention(width, heads)
        self.look_gate = nn.Parameter(torch.zeros(()))
        self.think = nn.Sequential(
            LayerNorm(width),
            nn.Linear(width, 2 * width),
            nn.GELU(),
            nn.Linear(2 * width, width),
        )
        self.think_gate = nn.Parameter(torch.zeros(()))

    @checked
    def forward(
        self,
        x: Float[Tensor, "batch tokens width"],
        seen: Float[Tensor, "batch places width"],
        may: Bool[Tensor, "batch tokens places"],
    ) -> Float[Tensor, "batch tokens width"]:
        """Return the tokens after they looked; what may see nothing takes nothing.

        Args:
            x: tokens of a document.
            seen: what there is to see in all of its pictures.
            may: which token may look where.
        """
        found, _ = self.look(self.ln_look(x), seen, may)
        found = found * may.any(-1, keepdim=True)  # before the first picture there is none
        x = x + self.look_gate.tanh() * found
        return x + self.think_gate.tanh() * self.think(x)

    @property
    def openings(self) -> tuple[float, float]:
        """Return how far both gates are open: tanh of each, from -1 to 1."""
        return float(self.look_gate.detach().tanh()), float(self.think_gate.detach().tanh())
