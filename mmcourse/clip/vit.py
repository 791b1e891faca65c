"""CLIP's vision transformer: a picture as a sentence of patches.

arXiv 2010.11929, with a layer norm before the transformer (arXiv 2103.00020, section 2.4).
Parameter names are those of OpenAI's checkpoints.
"""

from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.transformer import LayerNorm, Transformer


@final
class VisionTransformer(nn.Module):
    """Patches and one class token, a transformer, and the class token's projection.

    Args:
        input_resolution: width and height of the pictures, in pixels.
        patch_size: width and height of a patch; it divides `input_resolution`.
        width: numbers per token.
        layers: transformer layers.
        heads: attention heads; they divide `width`.
        output_dim: length of the embedding.
    """

    def __init__(
        self,
        *,
        input_resolution: int,
        patch_size: int,
        width: int,
        layers: int,
        heads: int,
        output_dim: int,
    ) -> None:
        super().__init__()
        self.input_resolution = input_resolution
        spread, tokens = width**-0.5, (input_resolution // patch_size) ** 2 + 1
        self.conv1 = nn.Conv2d(3, width, patch_size, patch_size, bias=False)
        self.class_embedding = nn.Parameter(spread * torch.randn(width))
        self.positional_embedding = nn.Parameter(spread * torch.randn(tokens, width))
        self.ln_pre = LayerNorm(width)
        self.transformer = Transformer(width, layers, heads)
        self.ln_post = LayerNorm(width)
        self.proj = nn.Parameter(spread * torch.randn(width, output_dim))

    def forward(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch dim"]:
        """Return one embedding per picture, read from the class token."""
        return self._project(self.transformer(self.embed(images)))

    def grid(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch tokens dim"]:
        """Return the patches' tokens after the last layer, row by row from the top left."""
        return self.transformer(self.embed(images))[:, 1:]

    def with_attention(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> tuple[Float[Tensor, "batch dim"], list[Float[Tensor, "batch heads tokens tokens"]]]:
        """Return the embeddings, and every layer's attention; token 0 is the class token."""
        tokens, attentions = self.transformer.with_attention(self.embed(images))
        return self._project(tokens), attentions

    def embed(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch tokens dim"]:
        """Return what enters the transformer: class token and patches, with their positions."""
        patches = self.conv1(images).flatten(2).mT  # (batch, width, rows, columns) -> tokens
        first = self.class_embedding.to(patches.dtype).expand(len(images), 1, -1)
        tokens = torch.cat([first, patches], dim=1)
        return self.ln_pre(tokens + self.positional_embedding.to(tokens.dtype))

    def _project(self, tokens: Float[Tensor, "batch tokens dim"]) -> Float[Tensor, "batch out"]:
        return self.ln_post(tokens[:, 0]) @ self.proj
