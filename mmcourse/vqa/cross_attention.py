"""The words of a question look at the places of a picture, and say where they looked.

Each block lets words exchange what they know, then look: queries from the words, keys and
values from the places. So "the cat" can fetch what is where the cat is, which no pooled vector
keeps apart. Cross-attention is the second attention of arXiv 1706.03762, section 3.2.3. One
more place is nowhere, a learned vector: shares of attention sum to 1, so a word that finds
nothing needs it, and "is there a bus?" an answer. Leaves out gates and resampling of the places
(Flamingo, arXiv 2204.14198).
"""

from typing import final

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from mmcourse.boundary.signature import checked
from mmcourse.transformer import LayerNorm, ResidualAttentionBlock, causal_mask
from mmcourse.vqa.answers import ANSWERS
from mmcourse.vqa.reader import HEAD_DIM, QuestionReader, at_end, sizes


@final
class CrossAttention(nn.Module):
    """softmax(Q K^T / sqrt(head_dim)) V: queries from words, keys and values from places."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(
        self,
        words: Float[Tensor, "batch length width"],
        places: Float[Tensor, "batch places width"],
        may: Bool[Tensor, "batch length places"] | None = None,
    ) -> tuple[Float[Tensor, "batch length width"], Float[Tensor, "batch heads length places"]]:
        """Return what each word found, and how much it took from each place.

        Args:
            words: who asks.
            places: who is asked.
            may: which word may look where; None is everywhere. Who may look nowhere takes the
                same from all: leave out what it found.
        """
        queries, keys, values = (
            projection(part).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for projection, part in (
                (self.q_proj, words),
                (self.k_proj, places),
                (self.v_proj, places),
            )
        )  # each (batch, heads, tokens, head_dim)
        scores = (queries * queries.shape[-1] ** -0.5) @ keys.mT
        if may is not None:
            scores = scores.masked_fill(~may[:, None], torch.finfo(scores.dtype).min)
        attention = scores.softmax(-1).to(values.dtype)
        return self.out_proj((attention @ values).transpose(1, 2).flatten(2)), attention


@final
class LookingBlock(nn.Module):
    """One layer: words look at the picture, then exchange what they found."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln = LayerNorm(width)
        self.look = CrossAttention(width, heads)
        self.exchange = ResidualAttentionBlock(width, heads)

    def forward(
        self, words: Tensor, places: Tensor, mask: Tensor
    ) -> tuple[Tensor, Float[Tensor, "batch heads length places"]]:
        """Return the words after this layer, and where they looked."""
        found, attention = self.look(self.ln(words), places)
        return self.exchange(words + found, mask)[0], attention


@final
class CrossAttentionVQA(nn.Module):
    """Answers from a picture's grid, with the question's words as queries.

    Args:
        dim: numbers in the feature of a place.
        places: how many there are.
        width: numbers in a token; a multiple of 32.
        layers: that look at the picture.

    Raises:
        ValueError: a number is out of range.

    >>> from mmcourse.vqa.answers import question_tokens
    >>> model = CrossAttentionVQA(dim=8, places=4, width=32, layers=2)
    >>> logits, attention = model(
    ...     torch.zeros(2, 4, 8), question_tokens()(["is there a cat?"] * 2)
    ... )
    >>> logits.shape, attention.shape
    (torch.Size([2, 44]), torch.Size([2, 4]))
    """

    @checked
    def __init__(
        self, dim: int = 256, places: int = 16, *, width: int = 128, layers: int = 3
    ) -> None:
        super().__init__()
        dim, places, width, layers = sizes("CrossAttentionVQA", dim, places, width, layers)
        self.reader = QuestionReader(width, 1)
        self.ln_image = LayerNorm(dim)
        self.projector = nn.Sequential(  # each place by itself, so that attention can point
            nn.Linear(dim, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.place_embedding = nn.Parameter(0.02 * torch.randn(places, width))
        self.nowhere = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.resblocks = nn.ModuleList(
            LookingBlock(width, width // HEAD_DIM) for _ in range(layers)
        )
        self.ln_final = LayerNorm(width)
        self.answer = nn.Linear(width, len(ANSWERS))

    @checked
    def forward(
        self, grid: Float[Tensor, "batch places dim"], questions: Int[Tensor, "batch length"]
    ) -> tuple[Float[Tensor, "batch answers"], Float[Tensor, "batch places"]]:
        """Return the logits of all answers, and where the question's end looked.

        That is the mean over all heads and layers; what is missing from 1 rested nowhere.

        Args:
            grid: from `CLIP.image_grid`.
            questions: from `question_tokens()`, row i about picture i.
        """
        words = self.reader(questions)
        places = self.projector(self.ln_image(grid)) + self.place_embedding
        places = torch.cat([self.nowhere.expand(len(grid), -1, -1), places], dim=1)
        mask = causal_mask(questions.shape[1]).to(words)
        looked = []
        for block in self.resblocks:
            words, attention = block(words, places, mask)
            # (batch, heads, length, 1 + places) -> (batch, places), without nowhere
            looked.append(at_end(attention.mean(1), questions)[:, 1:])
        end = at_end(words, questions)
        return self.answer(self.ln_final(end)), torch.stack(looked).mean(0)
