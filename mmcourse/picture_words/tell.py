"""The other way: a picture comes first, and the words that follow are its caption.

The likeliest word at every place, as in lesson 12 (`captioning.greedy`); only that here no CLIP
looks at the picture. Its codes are read by the weights that also spell pictures.
"""

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.captioning.greedy import likeliest
from mmcourse.captioning.said import Said, heard
from mmcourse.picture_words.net import PictureWords
from mmcourse.picture_words.text import TEXT


@checked
@torch.no_grad()
def tell(model: PictureWords, codes: Int[Tensor, "batch 64 2"]) -> list[Said]:
    """Return a caption for each picture, of the likeliest word at every place.

    Args:
        model: trained on both orders.
        codes: from `PictureTokenizer.encode`.

    >>> model = PictureWords(width=32, layers=1, heads=2)
    >>> len(tell(model, torch.zeros(3, 64, 2, dtype=torch.long)))
    3
    """
    known, cache = model.read(codes=codes)
    tokens, logprobs = likeliest(model.say_word(known), cache, model.step_word, TEXT)
    return heard(model.tokens, tokens, logprobs)
