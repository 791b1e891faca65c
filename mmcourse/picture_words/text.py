"""Texts as rows of sixteen numbers: whole words, an end, and padding.

A sequence that holds a text and a picture has a fixed place for each; short texts are padded,
as in DALL-E (arXiv 2102.12092, section 2.2), where 256 places stand before a picture's 1,024.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.metrics.caption_reading import world_words
from mmcourse.tokenizer.words import PADDING, WordTokens

TEXT = 16
"""Places of a text: fifteen words and its end."""


def picture_words() -> tuple[str, ...]:
    """Return every word of the drawn world, sorted; articles are spelt "a"."""
    return tuple(sorted(world_words() - {"an"}))


@checked
def text_rows(tokens: WordTokens, texts: Sequence[str]) -> Int[Tensor, "batch 16"]:
    """Return one row of numbers for each text: its words, its end, padding.

    Args:
        tokens: numbers the words.
        texts: of at most fifteen words each.

    Raises:
        ValueError: there is no text, a longer one, or one with a word that has no number.

    >>> text_rows(WordTokens(["a", "cat"]), ["a cat"])[0, :5]
    tensor([3, 4, 2, 0, 0])
    """
    if not texts:
        raise ValueError("text_rows: there must be a text; got none; pass [text].")
    rows = tokens(texts)[:, 1:]  # the start is said by the order, not by a word
    if rows.shape[1] > TEXT:
        longest = max(texts, key=lambda text: len(text.split()))
        raise ValueError(
            f"text_rows: a text must have at most {TEXT - 1} words; got {rows.shape[1] - 1} in "
            f"{longest!r:.120}; say it in fewer."
        )
    return torch.nn.functional.pad(rows, (0, TEXT - rows.shape[1]), value=PADDING)
