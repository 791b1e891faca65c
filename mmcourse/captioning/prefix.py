"""A prefix language model: a picture's features stand before the words, as if they were words.

The recipe of LLaVA (arXiv 2304.08485, section 4.1) at a ten-thousandth of its size: a frozen
image tower, one linear projector, a language model that reads what it gives. Places of the
picture see each other; a word sees the picture and the words before it. Leaves out LLaVA's
pretrained language model: this one learns its hundred words from captions alone.
"""

from collections.abc import Sequence
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.captioning.cache import Cache, extend
from mmcourse.captioning.target import LONGEST, target_words
from mmcourse.tokenizer.words import PADDING, START, WordTokens, require_tokens
from mmcourse.transformer import WIDEST, LayerNorm, Transformer, causal_mask

HEAD_DIM = 32
"""Numbers in each head of attention."""


@final
class PrefixCaptioner(nn.Module):
    """What is the next word, given a picture's grid (or its pooled vector as one place)?

    Args:
        dim: numbers in the feature of a place.
        places: how many there are; 1 for a pooled vector.
        width: numbers in a token; a multiple of 32.
        layers: of the transformer.
        words: that it may say; None takes those of `target_caption`.

    Raises:
        ValueError: a number is out of range.

    >>> model = PrefixCaptioner(dim=8, places=4, width=32, layers=1)
    >>> model(torch.zeros(2, 4, 8), model.tokens(["a red cat", "a car"])).shape
    torch.Size([2, 5, 105])
    """

    @checked
    def __init__(
        self,
        dim: int = 256,
        places: int = 16,
        *,
        width: int = 128,
        layers: int = 3,
        words: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        dim = whole("PrefixCaptioner", "dim", dim, least=1, most=WIDEST)
        self.places = whole("PrefixCaptioner", "places", places, least=1, most=WIDEST)
        width = whole("PrefixCaptioner", "width", width, least=HEAD_DIM, most=WIDEST)
        if width % HEAD_DIM:
            raise ValueError(
                f"PrefixCaptioner: width must be a multiple of {HEAD_DIM}; got {width}."
            )
        layers = whole("PrefixCaptioner", "layers", layers, least=0, most=WIDEST)
        self.tokens = WordTokens(target_words() if words is None else words)
        self.ln_image = LayerNorm(dim)
        self.projector = nn.Linear(dim, width)
        self.place_embedding = nn.Parameter(0.02 * torch.randn(self.places, width))
        self.word_embedding = nn.Embedding(len(self.tokens), width)
        self.position_embedding = nn.Parameter(0.02 * torch.randn(LONGEST, width))
        self.transformer = Transformer(width, layers, width // HEAD_DIM)
        self.ln_final = LayerNorm(width)
        nn.init.normal_(self.word_embedding.weight, std=width**-0.5)

    @checked
    def forward(
        self, features: Float[Tensor, "batch places dim"], tokens: Int[Tensor, "batch length"]
    ) -> Float[Tensor, "batch length words"]:
        """Return, at every word, the logits of the word after it.

        Raises:
            ValueError: there are more words than a caption has.
        """
        x = torch.cat([self._prefix(features), self._words(tokens, 0)], dim=1)
        x = self.transformer(x, _prefix_mask(self.places, tokens.shape[1]).to(x))
        return self._logits(x[:, self.places :])

    @checked
    def read(
        self, features: Float[Tensor, "batch places dim"]
    ) -> tuple[Float[Tensor, "batch words"], Cache]:
        """Return the logits of the first word, and the cache of what was read so far.

        Padding and the start are never said: their logits are -inf.

        Raises:
            ValueError: the features are not finite, or on another device.
        """
        require_finite("PrefixCaptioner", features=features)
        if features.device != (here := self.projector.weight.device):
            raise ValueError(
                f"PrefixCaptioner: features must be on {here}, as the model is; got "
                f"{features.device}."
            )
        batch = len(features)
        start = torch.full((batch, 1), START, device=features.device)
        x = torch.cat([self._prefix(features), self._words(start, 0)], dim=1)
        x, cache = extend(self.transformer, x, Cache(), _prefix_mask(self.places, 1).to(x))
        return self._next(x), cache

    @checked
    def step(
        self, words: Int[Tensor, " batch"], cache: Cache
    ) -> tuple[Float[Tensor, "batch words"], Cache]:
        """Return the logits of the word after these, and the cache that holds them, too."""
        x = self._words(words[:, None], len(cache) - self.places)
        x, cache = extend(self.transformer, x, cache)
        return self._next(x), cache

    def _prefix(self, features: Tensor) -> Tensor:
        """Return a picture's features as tokens: normalised, projected, told their place."""
        return self.projector(self.ln_image(features)) + self.place_embedding

    def _words(self, tokens: Tensor, first: int) -> Tensor:
        weight, length = self.word_embedding.weight, tokens.shape[1]
        require_tokens("PrefixCaptioner", "words", tokens, len(weight), weight.device)
        if first + length > LONGEST:
            raise ValueError(
                f"PrefixCaptioner: a caption has at most {LONGEST} tokens; got "
                f"{first + length}; no sentence of this world is as long."
            )
        return self.word_embedding(tokens) + self.position_embedding[first : first + length]

    def _next(self, x: Tensor) -> Tensor:
        """Return the logits of what may follow the last token."""
        logits = self._logits(x[:, -1])
        logits[:, [PADDING, START]] = float("-inf")
        return logits

    def _logits(self, x: Tensor) -> Tensor:
        return self.ln_final(x) @ self.word_embedding.weight.T


@checked
def caption_loss(
    logits: Float[Tensor, "batch length words"], tokens: Int[Tensor, "batch length"]
) -> Float[Tensor, ""]:
    """Return the mean of -log p(next word), in nats, over every word and end of the texts.

    The logits at a word answer for the word after it; padding is not counted.

    Args:
        logits: from `PrefixCaptioner`.
        tokens: what was put in: start, words, end, padding.

    Chance is the logarithm of how many words there are:

    >>> tokens = torch.tensor([[1, 3, 2, 0]])
    >>> bool(caption_loss(torch.zeros(1, 4, 7), tokens).isclose(torch.tensor(7.0).log()))
    True
    """
    require_finite("caption_loss", logits=logits)
    return F.cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), tokens[:, 1:].flatten(), ignore_index=PADDING
    )


def _prefix_mask(places: int, length: int) -> Float[Tensor, "tokens tokens"]:
    """Return the causal mask, but for places of the picture, which all see each other."""
    mask = causal_mask(places + length)
    mask[:places, :places] = 0
    return mask
