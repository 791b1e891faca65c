"""What is learned: the next cell and the next word, in both orders.

    mean over cells of -log p(first code) - log p(second code | first)
    + weighted mean over words of -log p(word)      before a picture, a word counts an eighth

Of a text that comes first nobody can know more than how people talk; DALL-E, too, gives it an
eighth of the weight (arXiv 2102.12092, section 2.2). After a picture, words are its caption.
"""

from typing import NamedTuple, final

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from mmcourse.boundary.signature import checked
from mmcourse.picture_words.net import PictureWords
from mmcourse.tokenizer.words import PADDING

TEXT_BEFORE = 1 / 8
"""Weight of words that come before the picture."""


@final
class Surprise(NamedTuple):
    """How unlikely the model held what came, in nats.

    Args:
        words: -log p of every word and end; 0 for padding.
        cells: -log p of both codes of every cell together.
    """

    words: Float[Tensor, "batch 16"]
    cells: Float[Tensor, "batch 64"]


@checked
@torch.no_grad()
def surprise(
    model: PictureWords,
    words: Int[Tensor, "batch 16"],
    codes: Int[Tensor, "batch 64 2"],
    words_first: Bool[Tensor, " batch"],
) -> Surprise:
    """Return how unlikely each word and each cell is, after all that comes before it.

    Args:
        model: whose probabilities they are.
        words: from `text_rows`.
        codes: from `PictureTokenizer.encode`.
        words_first: which order each row has.
    """
    return _surprise(model, words, codes, words_first)


def both_ways_loss(
    model: PictureWords,
    words: Int[Tensor, "batch 16"],
    codes: Int[Tensor, "batch 64 2"],
    words_first: Bool[Tensor, " batch"],
) -> Float[Tensor, ""]:
    """Return the loss of a batch, as at the head of this file.

    Args:
        model: in training.
        words: as for `surprise`; so are the others.
        codes: from `PictureTokenizer.encode`.
        words_first: which order each row has.
    """
    found = _surprise(model, words, codes, words_first)
    weights = torch.where(words_first, TEXT_BEFORE, 1.0)[:, None] * (words != PADDING)
    return found.cells.mean() + (weights * found.words).sum() / weights.sum()


def _surprise(
    model: PictureWords, words: Tensor, codes: Tensor, words_first: Tensor
) -> Surprise:
    before_words, before_cells = model(words, codes, words_first)
    codes = codes.long()
    cells = _of(model.say_first(before_cells), codes[..., 0])
    cells = cells + _of(model.say_second(before_cells, codes[..., 0]), codes[..., 1])
    logits = model.word_head(before_words).float()
    said = F.cross_entropy(logits.mT, words, ignore_index=PADDING, reduction="none")
    return Surprise(said, cells)


def _of(logits: Tensor, wanted: Tensor) -> Tensor:
    flat = F.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), reduction="none")
    return flat.view_as(wanted)
