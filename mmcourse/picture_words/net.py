"""One transformer over words and picture codes, in either order.

    ORDER  w₁ … w₁₆  c₁ … c₆₄        words first: what comes after a text is its picture
    ORDER  c₁ … c₆₄  w₁ … w₁₆        picture first: what comes after a picture is its text

Every token sees those before it and answers for the next one, whether that is a word or a cell
(Chameleon, arXiv 2405.09818, section 2). In the second order a picture has nothing before it:
the same weights know which pictures there are at all, which guidance needs. In DALL-E (arXiv
2102.12092, section 2.2) words always come first. Leaves out its sparse attention.
"""

from typing import final

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.captioning.cache import Cache, extend
from mmcourse.codebook.fsq import require_codes
from mmcourse.codebook.tokenizer import CELLS, CODES, SIDE
from mmcourse.picture_words.second import SecondCode
from mmcourse.picture_words.text import TEXT, picture_words
from mmcourse.tokenizer.words import PADDING, START, WordTokens, require_tokens
from mmcourse.transformer import WIDEST, LayerNorm, Transformer, causal_mask

WIDTH, LAYERS, HEADS = 192, 6, 3
WORDS_FIRST, PICTURE_FIRST = 0, 1


@final
class PictureWords(nn.Module):
    """What is the next word, or the next cell?

    Args:
        width: numbers in a token; a multiple of `heads`.
        layers: of the transformer.
        heads: of each layer.

    Raises:
        ValueError: a number is out of range.

    >>> model = PictureWords(width=32, layers=1, heads=2)
    >>> words, codes = torch.zeros(5, 16).long(), torch.zeros(5, 64, 2).long()
    >>> before_words, before_cells = model(words, codes, torch.ones(5).bool())
    >>> model.say_word(before_words).shape, model.say_first(before_cells).shape
    (torch.Size([5, 16, 199]), torch.Size([5, 64, 1000]))
    """

    @checked
    def __init__(self, width: int = WIDTH, layers: int = LAYERS, heads: int = HEADS) -> None:
        super().__init__()
        width = whole("PictureWords", "width", width, least=1, most=WIDEST)
        heads = whole("PictureWords", "heads", heads, least=1, most=width)
        if width % heads:
            raise ValueError(
                f"PictureWords: width must be a multiple of heads; got {width} and {heads}."
            )
        self.tokens = WordTokens(picture_words())
        self.order_embedding = nn.Parameter(0.3 * torch.randn(2, width))
        self.word_embedding = nn.Embedding(len(self.tokens), width)
        self.first_embedding = nn.Embedding(CODES, width)
        self.second_embedding = nn.Embedding(CODES, width)
        self.text_embedding = nn.Parameter(0.02 * torch.randn(TEXT, width))
        self.row_embedding = nn.Parameter(0.02 * torch.randn(SIDE, 1, width))
        self.column_embedding = nn.Parameter(0.02 * torch.randn(1, SIDE, width))
        self.transformer = Transformer(width, layers, heads)
        self.ln_final = LayerNorm(width)
        self.word_head = nn.Linear(width, len(self.tokens))
        self.first_head = nn.Linear(width, CODES)
        self.second = SecondCode(width, CODES)
        for embedding in (self.word_embedding, self.first_embedding, self.second_embedding):
            nn.init.normal_(embedding.weight, std=0.3)
        for head in (self.word_head, self.first_head):
            nn.init.zeros_(head.weight)  # at first, all is equally likely
            nn.init.zeros_(head.bias)

    def forward(
        self,
        words: Int[Tensor, "batch 16"],
        codes: Int[Tensor, "batch 64 2"],
        words_first: Bool[Tensor, " batch"],
    ) -> tuple[Float[Tensor, "batch 16 width"], Float[Tensor, "batch 64 width"]]:
        """Return what is known before each word, and before each cell.

        Args:
            words: from `text_rows`.
            codes: from `PictureTokenizer.encode`.
            words_first: which order each row has.
        """
        text, picture = self._words(words, 0), self._cells(codes, 0)
        first = words_first[:, None, None]
        sequence = torch.where(
            first, torch.cat([text, picture], 1), torch.cat([picture, text], 1)
        )
        order = self.order_embedding[(~words_first).long()][:, None]
        x = torch.cat([order, sequence[:, :-1]], 1)  # nothing comes after the last
        x = self.ln_final(self.transformer(x, causal_mask(x.shape[1]).to(x)))
        before_words = torch.where(first, x[:, :TEXT], x[:, CELLS:])
        before_cells = torch.where(first, x[:, TEXT:], x[:, :CELLS])
        return before_words, before_cells

    def say_word(self, known: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch words"]:
        """Return the logits of the word that comes next; padding and start are never said."""
        logits: Tensor = self.word_head(known)
        never = torch.zeros(logits.shape[-1], device=logits.device)
        never[[PADDING, START]] = float("-inf")
        return logits + never

    def say_first(self, known: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch codes"]:
        """Return the logits of the first code of the cell that comes next."""
        logits: Tensor = self.first_head(known)
        return logits

    def say_second(
        self, known: Float[Tensor, "*batch width"], first: Int[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch codes"]:
        """Return the logits of its second code, once the first is known."""
        return self.second(known, self.first_embedding(first))

    @checked
    def read(
        self,
        *,
        words: Int[Tensor, "batch 16"] | None = None,
        codes: Int[Tensor, "batch cells 2"],
    ) -> tuple[Float[Tensor, "batch width"], Cache]:
        """Return what is known after a text and the beginning of a picture, or this alone.

        Args:
            words: a text that the picture follows; None reads a picture that nothing precedes.
            codes: of its first cells; there may be none.

        Raises:
            ValueError: a number is no word or no code, or there are more than 64 cells.
        """
        order = WORDS_FIRST if words is not None else PICTURE_FIRST
        parts = [self.order_embedding[order].expand(len(codes), 1, -1)]
        parts += [] if words is None else [self._words(words, 0)]
        x = torch.cat([*parts, self._cells(codes, 0)], 1)
        x, cache = extend(self.transformer, x, Cache(), causal_mask(x.shape[1]).to(x))
        return self.ln_final(x[:, -1]), cache

    @checked
    def step_cell(
        self, codes: Int[Tensor, "batch 2"], cell: int, cache: Cache
    ) -> tuple[Float[Tensor, "batch width"], Cache]:
        """Return what is known after one more cell, and the cache that holds it, too.

        Args:
            codes: of the cell.
            cell: which it is, from 0 to 63.
            cache: of all before it.

        Raises:
            ValueError: there is no such cell, or a number is no code.
        """
        cell = whole("PictureWords", "cell", cell, least=0, most=CELLS - 1)
        x, cache = extend(self.transformer, self._cells(codes[:, None], cell), cache)
        return self.ln_final(x[:, -1]), cache

    @checked
    def step_word(
        self, words: Int[Tensor, " batch"], cache: Cache
    ) -> tuple[Float[Tensor, "batch words"], Cache]:
        """Return the logits of the word after these, which follow a picture, and the cache.

        Raises:
            ValueError: a number is no word, or the cache holds no whole picture.
        """
        place = len(cache) - CELLS - 1
        if not 0 <= place < TEXT:
            raise ValueError(
                f"PictureWords: {TEXT} words at most follow a picture of {CELLS} cells; the "
                f"cache holds {len(cache)} tokens; read a whole picture first."
            )
        x = self._words(words[:, None], place)
        x, cache = extend(self.transformer, x, cache)
        return self.say_word(self.ln_final(x[:, -1])), cache

    def _words(self, words: Tensor, first: int) -> Float[Tensor, "batch length width"]:
        weight = self.word_embedding.weight
        if not torch.compiler.is_compiling():
            require_tokens("PictureWords", "words", words, len(weight), weight.device)
        return self.word_embedding(words) + self.text_embedding[first : first + words.shape[1]]

    def _cells(self, codes: Tensor, first: int) -> Float[Tensor, "batch cells width"]:
        if not torch.compiler.is_compiling():
            require_codes("PictureWords", codes, CODES)
            if first + codes.shape[1] > CELLS:
                raise ValueError(
                    f"PictureWords: a picture has {CELLS} cells; got {first + codes.shape[1]}."
                )
        one, two = codes.long().unbind(2)
        places = (self.row_embedding + self.column_embedding).flatten(0, 1)
        both = self.first_embedding(one) + self.second_embedding(two)
        return both + places[first : first + codes.shape[1]]
