"""The key-value cache: a word that was read once is not computed again.

In a causal transformer the keys and values of a token depend on it and on those before it, and
never change when words are added. Kept, they make each further word cost one token instead of
all: `extend` gives what `Transformer.forward` gives for the whole text. Leaves out paging and
sharing among texts (arXiv 2309.06180).
"""

from dataclasses import dataclass
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from mmcourse.transformer import ResidualAttentionBlock, Transformer


@final
@dataclass(frozen=True)
class Cache:
    """Keys and values of the tokens read so far, of each layer.

    Args:
        keys: one (batch, heads, tokens, head_dim) a layer.
        values: likewise.
    """

    keys: tuple[Tensor, ...] = ()
    values: tuple[Tensor, ...] = ()

    def __len__(self) -> int:
        """Return how many tokens it holds."""
        return self.keys[0].shape[2] if self.keys else 0

    def rows(self, rows: Int[Tensor, " n"]) -> "Cache":
        """Return the cache of these rows of the batch, in this order; one may occur twice."""
        return Cache(tuple(k[rows] for k in self.keys), tuple(v[rows] for v in self.values))


def extend(
    transformer: Transformer,
    x: Float[Tensor, "batch new dim"],
    cache: Cache,
    mask: Float[Tensor, "new tokens"] | None = None,
) -> tuple[Float[Tensor, "batch new dim"], Cache]:
    """Return the new tokens after the last layer, and the cache that holds them, too.

    Args:
        transformer: whose layers they go through.
        x: the new tokens.
        cache: of the tokens before them.
        mask: added to the scores of new tokens (rows) for all (columns); None lets every new
            token see all, which is right for a single one.
    """
    keys, values = [], []
    for number, block in enumerate(transformer.resblocks):
        assert isinstance(block, ResidualAttentionBlock)
        kept = (cache.keys[number], cache.values[number]) if len(cache) else None
        x, key, value = _through(block, x, kept, mask)
        keys.append(key)
        values.append(value)
    return x, Cache(tuple(keys), tuple(values))


def _through(
    block: ResidualAttentionBlock,
    x: Tensor,
    kept: tuple[Tensor, Tensor] | None,
    mask: Tensor | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the new tokens after one block, and its keys and values of all tokens."""
    attention = block.attn
    packed = F.linear(block.ln_1(x), attention.in_proj_weight, attention.in_proj_bias)
    shape = (*x.shape[:2], 3, attention.heads, x.shape[2] // attention.heads)
    # (batch, new, 3 dim) -> 3 of (batch, heads, new, head_dim)
    query, key, value = packed.reshape(shape).permute(2, 0, 3, 1, 4).unbind(0)
    if kept is not None:
        key, value = torch.cat([kept[0], key], 2), torch.cat([kept[1], value], 2)
    scores = (query * query.shape[-1] ** -0.5) @ key.mT
    if mask is not None:
        scores = scores + mask.to(scores.dtype)
    mixed = (scores.softmax(-1).to(value.dtype) @ value).transpose(1, 2).flatten(2)
    x = x + attention.out_proj(mixed)
    return x + block.mlp(block.ln_2(x)), key, value
