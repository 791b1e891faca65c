"""The resampler: however many places a picture has, the language model gets two tokens of it.

Learned *latents* ask the places of the frozen tower's grid, by cross-attention; what they find
is all that words will see (Perceiver Resampler, arXiv 2204.14198, section 2.1). Differs from
the paper: one layer instead of six, latents do not see each other, no frames of a film.
"""

from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.transformer import WIDEST, LayerNorm
from mmcourse.vqa.cross_attention import CrossAttention

HEADS = 4


@final
class Resampler(nn.Module):
    """16 places of 256 numbers become 2 tokens of 128, or other sizes.

    Args:
        dim: numbers in the feature of a place.
        places: how many there are.
        width: numbers in a token; a multiple of 4.
        latents: tokens that come out.

    Raises:
        ValueError: a number is out of range.

    >>> Resampler(dim=8, places=5, width=12, latents=3)(torch.zeros(7, 5, 8)).shape
    torch.Size([7, 3, 12])
    """

    @checked
    def __init__(
        self, dim: int = 256, places: int = 16, *, width: int = 128, latents: int = 2
    ) -> None:
        super().__init__()
        dim = whole("Resampler", "dim", dim, least=1, most=WIDEST)
        places = whole("Resampler", "places", places, least=1, most=WIDEST)
        latents = whole("Resampler", "latents", latents, least=1, most=WIDEST)
        width = whole("Resampler", "width", width, least=HEADS, most=WIDEST)
        if width % HEADS:
            raise ValueError(f"Resampler: width must be a multiple of {HEADS}; got {width}.")
        self.ln_image = LayerNorm(dim)
        self.projector = nn.Linear(dim, width)
        self.place_embedding = nn.Parameter(0.02 * torch.randn(places, width))
        self.latent_embedding = nn.Parameter(0.3 * torch.randn(latents, width))
        self.look = CrossAttention(width, HEADS)
        self.mlp = nn.Sequential(
            LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width)
        )
        self.ln_final = LayerNorm(width)

    @checked
    def forward(
        self, grid: Float[Tensor, "batch places dim"]
    ) -> Float[Tensor, "batch latents width"]:
        """Return what the latents found in each picture."""
        places = self.projector(self.ln_image(grid)) + self.place_embedding
        latents = self.latent_embedding.expand(len(grid), -1, -1)
        found, _ = self.look(latents, places)
        return self.ln_final(found + self.mlp(found))
