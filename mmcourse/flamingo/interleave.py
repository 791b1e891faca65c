"""Which picture each word of a document sees: that of its own chunk, and no other.

The function phi of Flamingo (arXiv 2204.14198, section 2.3): a token sees the last picture
that stands before it. What earlier pictures showed reaches it through the words' attention
among themselves, so a document may hold more pictures than any in training.
"""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.flamingo.words import IMAGE, game_words


@checked
def interleave(tokens: Int[Tensor, "batch length"]) -> Int[Tensor, "batch length"]:
    """Return the number of the picture that each token sees, counted from 1; 0 is none.

    Two chunks, before the first of which a word stands alone:

    >>> ids = game_words().ids
    >>> words = "is <image> is dax <eoc> <image> is"
    >>> interleave(torch.tensor([[ids[word] for word in words.split()]]))
    tensor([[0, 1, 1, 1, 1, 2, 2]])
    """
    return (tokens == game_words().ids[IMAGE]).long().cumsum(1)


@checked
def own_picture(
    tokens: Int[Tensor, "batch length"], pictures: int
) -> Bool[Tensor, "batch length pictures"]:
    """Return whether each token (rows) may look at each of so many pictures (columns).

    >>> image = game_words().ids[IMAGE]
    >>> own_picture(torch.tensor([[image, image]]), 2).int().tolist()
    [[[1, 0], [0, 1]]]
    """
    pictures = whole("own_picture", "pictures", pictures, least=0)
    numbers = torch.arange(1, pictures + 1, device=tokens.device)
    return interleave(tokens)[:, :, None] == numbers
