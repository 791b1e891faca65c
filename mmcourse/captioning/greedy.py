"""Greedy decoding: always the likeliest next word.

Each choice is final, so a sentence may begin with the likeliest word and end less likely than
another. Leaves out second thoughts (`beam`) and chance (`sample`).
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.captioning.prefix import PrefixCaptioner
from mmcourse.captioning.said import Said, heard
from mmcourse.captioning.target import LONGEST
from mmcourse.tokenizer.words import END, PADDING


@checked
@torch.no_grad()
def greedy(model: PrefixCaptioner, features: Float[Tensor, "batch places dim"]) -> list[Said]:
    """Return one caption for each picture, of the likeliest word at every place.

    Args:
        model: a captioner.
        features: what it looks at: grids, or pooled vectors as grids of one place.

    >>> model = PrefixCaptioner(dim=8, places=4, width=32, layers=1)
    >>> len(greedy(model, torch.zeros(3, 4, 8)))
    3
    """
    logits, cache = model.read(features)
    ended = torch.zeros(len(features), dtype=torch.bool, device=features.device)
    tokens, logprobs = [], []
    for _ in range(LONGEST - 1):
        logprob, word = logits.log_softmax(-1).max(-1)
        word, logprob = word.masked_fill(ended, PADDING), logprob.masked_fill(ended, 0.0)
        tokens.append(word)
        logprobs.append(logprob)
        ended = ended | (word == END)
        if bool(ended.all()):
            break
        logits, cache = model.step(word, cache)
    return heard(model, torch.stack(tokens, 1), torch.stack(logprobs, 1))
