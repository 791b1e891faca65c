"""Texts read as bags of words: sorted first, so that their order cannot matter.

A text tower that gets its words in sorted order can tell which words there are, and nothing
else: "a red cat and a blue dog" and "a blue cat and a red dog" are one text to it. How much a
task loses by that says how much it needs order (Yuksekgonul et al., arXiv 2210.01936, section
3, which shuffles the words instead). Leaves out training such a tower.
"""

from functools import partial

import torch
from jaxtyping import Int
from torch import Tensor, nn

from mmcourse.boundary.signature import checked
from mmcourse.clip.model import CLIP
from mmcourse.clip.text import ends

BAGS = ("tiny-bag",)
"""The shipped models that were trained so, and that `load` lets read so."""

A, AN = 320, 550
"""The tokens of the article. Which one it is, the next word decides: that would be order."""


@checked
def sort_words(
    tokens: Int[Tensor, "batch length"], a: int = A, an: int = AN
) -> Int[Tensor, "batch length"]:
    """Return the tokens with those between start and end sorted; the others keep their places.

    Args:
        tokens: the first of a row is its start; the largest id, its end.
        a: the token of "a".
        an: the token of "an", which is read as "a".

    Start 8, end 9, padding 0; "a" is 1 and "an" 4:

    >>> sort_words(torch.tensor([[8, 5, 3, 9, 0], [8, 4, 7, 2, 9]]), a=1, an=4)
    tensor([[8, 3, 5, 9, 0],
            [8, 1, 2, 7, 9]])
    """
    places = torch.arange(tokens.shape[1], device=tokens.device)
    tokens, end = tokens.masked_fill(tokens == an, a), ends(tokens)[:, None]
    before, after = places < 1, places >= end
    keys = tokens.masked_fill(before, -1).masked_fill(after, torch.iinfo(tokens.dtype).max)
    return tokens.gather(1, keys.argsort(dim=1, stable=True))


@checked
def read_as_bag(model: CLIP, a: int = A, an: int = AN) -> CLIP:
    """Let a CLIP sort the words of every text before it reads them, and return it.

    The model is changed in place: what it is called with, and its weights, stay as they are.

    Args:
        model: its token embedding gets the tokens sorted.
        a: as for `sort_words`.
        an: likewise.

    >>> from mmcourse.clip import load, tokenize
    >>> bag = read_as_bag(load("tiny", "cpu")[0])
    >>> one, other = bag.encode_text(tokenize(["a cat on a bus", "a bus on a cat"]))
    >>> torch.equal(one, other)
    True
    """
    model.token_embedding.register_forward_pre_hook(partial(_sorted, a, an))
    return model


def _sorted(a: int, an: int, _: nn.Module, inputs: tuple[Tensor]) -> Tensor:
    return sort_words(inputs[0], a, an)
