"""The transformer that both of CLIP's sentence and patch towers are made of.

Pre-norm residual blocks (arXiv 1706.03762; norm first as in arXiv 2103.00020, section 2.4)
with the QuickGELU of OpenAI's release. Parameter names are those of OpenAI's checkpoints.
Leaves out dropout, which CLIP does not use, and fused attention: the plain products are what
the lesson takes apart, and at these sizes train faster on a CPU.
"""

from collections import OrderedDict
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

WIDEST = 1 << 20
"""Numbers in a token, tokens, or layers: no machine holds more."""

Mask = Float[Tensor, "tokens tokens"] | Float[Tensor, "batch 1 1 tokens"]
"""Added to the scores: one for all texts, or one of the tokens that each text has."""


@final
class LayerNorm(nn.LayerNorm):
    """Layer normalisation (arXiv 1607.06450), in float32 even amid half precision."""

    def forward(self, x: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch dim"]:
        """Return `x` with mean 0 and spread 1 along its last axis, then scaled and shifted."""
        dtype = torch.promote_types(x.dtype, torch.float32)
        wide, weight, bias = (part.to(dtype) for part in (x, self.weight, self.bias))
        return F.layer_norm(wide, self.normalized_shape, weight, bias, self.eps).to(x.dtype)


@final
class QuickGELU(nn.Module):
    """x σ(1.702 x): the activation of OpenAI's weights, close to GELU (arXiv 1606.08415)."""

    def forward(self, x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Return each number times the sigmoid of 1.702 times itself."""
        return x * (1.702 * x).sigmoid_()  # in place of what nobody else holds


@final
class SelfAttention(nn.Module):
    """Multi-head self-attention: softmax(Q K^T / sqrt(head_dim)) V (arXiv 1706.03762, 3.2)."""

    @checked
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        width = whole("SelfAttention", "width", width, least=1, most=WIDEST)
        self.heads = whole("SelfAttention", "heads", heads, least=1, most=width)
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def forward(
        self,
        x: Float[Tensor, "batch tokens dim"],
        mask: Mask | None = None,
    ) -> tuple[Float[Tensor, "batch tokens dim"], Float[Tensor, "batch heads tokens tokens"]]:
        """Return the new tokens, and how much each (rows) took from each other (columns).

        Args:
            x: the tokens.
            mask: added to the scores: 0 where a token may look, -inf where it may not.
        """
        packed = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        # (batch, tokens, 3 dim) -> 3 of (batch, heads, tokens, head_dim)
        shape = (*x.shape[:2], 3, self.heads, x.shape[2] // self.heads)
        split = packed.reshape(shape).permute(2, 0, 3, 1, 4)
        queries, keys, values = split.unbind(0)
        scores = (queries * queries.shape[-1] ** -0.5) @ keys.mT
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        attention = scores.softmax(-1).to(values.dtype)
        # (batch, heads, tokens, head_dim) -> (batch, tokens, dim)
        mixed = (attention @ values).transpose(1, 2).flatten(2)
        return self.out_proj(mixed), attention


@final
class ResidualAttentionBlock(nn.Module):
    """One layer: tokens exchange what they know, then each thinks for itself."""

    @checked
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        width = whole("ResidualAttentionBlock", "width", width, least=1, most=WIDEST)
        heads = whole("ResidualAttentionBlock", "heads", heads, least=1, most=width)
        self.attn = SelfAttention(width, heads)
        self.ln_1 = LayerNorm(width)
        self.mlp = nn.Sequential(
            OrderedDict(
                c_fc=nn.Linear(width, 4 * width),
                gelu=QuickGELU(),
                c_proj=nn.Linear(4 * width, width),
            )
        )
        self.ln_2 = LayerNorm(width)

    def forward(
        self,
        x: Float[Tensor, "batch tokens dim"],
        mask: Mask | None = None,
    ) -> tuple[Float[Tensor, "batch tokens dim"], Float[Tensor, "batch heads tokens tokens"]]:
        """Return the tokens after this layer, and its attention."""
        mixed, attention = self.attn(self.ln_1(x), mask)
        x = x + mixed
        return x + self.mlp(self.ln_2(x)), attention


@final
class Transformer(nn.Module):
    """A stack of `layers` blocks.

    Weights start as in OpenAI's release: the deeper the stack, the smaller what each layer
    adds to it.
    """

    @checked
    def __init__(self, width: int, layers: int, heads: int) -> None:
        super().__init__()
        width = whole("Transformer", "width", width, least=1, most=WIDEST)
        layers = whole("Transformer", "layers", layers, least=0, most=WIDEST)
        self.width = width
        self.resblocks = nn.ModuleList(
            ResidualAttentionBlock(width, heads) for _ in range(layers)
        )
        added = width**-0.5 * (2 * layers) ** -0.5 if layers else 0.0
        spreads = {
            "attn.in_proj_weight": width**-0.5,
            "attn.out_proj.weight": added,
            "mlp.c_fc.weight": (2 * width) ** -0.5,
            "mlp.c_proj.weight": added,
        }
        for block in self.resblocks:
            for name, spread in spreads.items():
                nn.init.normal_(block.get_parameter(name), std=spread)

    def forward(
        self,
        x: Float[Tensor, "batch tokens dim"],
        mask: Mask | None = None,
    ) -> Float[Tensor, "batch tokens dim"]:
        """Return the tokens after the last layer."""
        for block in self.resblocks:
            x, _ = block(x, mask)
        return x

    def with_attention(
        self,
        x: Float[Tensor, "batch tokens dim"],
        mask: Mask | None = None,
    ) -> tuple[
        Float[Tensor, "batch tokens dim"], list[Float[Tensor, "batch heads tokens tokens"]]
    ]:
        """Return the tokens after the last layer, and every layer's attention, in order."""
        attentions = []
        for block in self.resblocks:
            x, attention = block(x, mask)
            attentions.append(attention)
        return x, attentions


@checked
def causal_mask(tokens: int) -> Float[Tensor, "tokens tokens"]:
    """Return the mask with which no token sees a later one: 0 on and below the diagonal.

    >>> causal_mask(2)
    tensor([[0., -inf],
            [0., 0.]])
    """
    tokens = whole("causal_mask", "tokens", tokens, least=0, most=WIDEST)
    return torch.full((tokens, tokens), float("-inf")).triu(1)
