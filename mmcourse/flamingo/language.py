"""A small language model that has read word games, and is then frozen.

Flamingo adds eyes to a language model of up to 70 billion weights (arXiv 2204.14198, section
2); ours has under a million, and has read games alone. What it brings is the same kind of
thing: from text it has learnt to pick up what words mean in a document *from that document*
(arXiv 2005.14165). Leaves out pictures: `look` is where they come in.
"""

from collections.abc import Callable
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.flamingo.convolution import ShortConvolution
from mmcourse.flamingo.words import game_words
from mmcourse.tokenizer.words import require_tokens
from mmcourse.transformer import WIDEST, LayerNorm, Transformer, causal_mask

HEAD_DIM = 32
LONGEST = 48
"""Tokens of a document at most."""

Look = Callable[[int, Tensor], Tensor]
"""The number of a layer, and tokens on their way into it -> the tokens that go in instead."""


@final
class GameLanguageModel(nn.Module):
    """What is the next word of a document?

    Args:
        width: numbers in a token; a multiple of 32.
        layers: each a short convolution, then a block of the transformer.
        taps: of the convolutions; 1 leaves each token to itself.

    Raises:
        ValueError: a number is out of range.

    >>> model = GameLanguageModel(width=32, layers=1)
    >>> model(torch.tensor([[3, 5, 47]])).shape
    torch.Size([1, 3, 56])
    """

    @checked
    def __init__(self, width: int = 128, layers: int = 4, *, taps: int = 4) -> None:
        super().__init__()
        width = whole("GameLanguageModel", "width", width, least=HEAD_DIM, most=WIDEST)
        if width % HEAD_DIM:
            raise ValueError(
                f"GameLanguageModel: width must be a multiple of {HEAD_DIM}; got {width}."
            )
        layers = whole("GameLanguageModel", "layers", layers, least=1, most=WIDEST)
        self.word_embedding = nn.Embedding(len(game_words()), width)
        self.position_embedding = nn.Parameter(0.02 * torch.randn(LONGEST, width))
        self.convolutions = nn.ModuleList(ShortConvolution(width, taps) for _ in range(layers))
        self.transformer = Transformer(width, layers, width // HEAD_DIM)
        self.ln_final = LayerNorm(width)
        nn.init.normal_(self.word_embedding.weight, std=0.05)

    @checked
    def forward(
        self, tokens: Int[Tensor, "batch length"], look: Look | None = None
    ) -> Float[Tensor, "batch length words"]:
        """Return, at every word, the logits of the word after it.

        Args:
            tokens: numbers of `game_words()`.
            look: what happens to the tokens before each layer; None leaves them alone.

        Raises:
            ValueError: a document is too long, or holds a number that is no word.
        """
        weight, length = self.word_embedding.weight, tokens.shape[1]
        require_tokens("GameLanguageModel", "tokens", tokens, len(weight), weight.device)
        if length > LONGEST:
            raise ValueError(
                f"GameLanguageModel: a document has at most {LONGEST} tokens; got {length}; "
                "leave examples out."
            )
        x = self.word_embedding(tokens) + self.position_embedding[:length]
        mask = causal_mask(length).to(x)
        layers = zip(self.convolutions, self.transformer.resblocks, strict=True)
        for number, (convolution, block) in enumerate(layers):
            x = x if look is None else look(number, x)
            x, _ = block(convolution(x), mask)
        return self.ln_final(x) @ weight.T
