"""Greedy decoding: always the likeliest next word.

Each choice is final, so a sentence may begin with the likeliest word and end less likely than
another. Leaves out second thoughts (`beam`) and chance (`sample`).
"""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.captioning.cache import Cache
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
    tokens, logprobs = likeliest(logits, cache, model.step, LONGEST - 1)
    return heard(model.tokens, tokens, logprobs)


def likeliest(
    logits: Float[Tensor, "batch words"],
    cache: Cache,
    step: Callable[[Tensor, Cache], tuple[Tensor, Cache]],
    longest: int,
) -> tuple[Int[Tensor, "batch length"], Float[Tensor, "batch length"]]:
    """Return the likeliest words, padded after each text's end, and their log-probabilities.

    Args:
        logits: of the first word.
        cache: of what was read before it.
        step: words, cache -> logits of the words after these, cache with these.
        longest: words at most, the end among them.
    """
    ended = torch.zeros(len(logits), dtype=torch.bool, device=logits.device)
    tokens, logprobs = [], []
    for _ in range(longest):
        logprob, word = logits.log_softmax(-1).max(-1)
        word, logprob = word.masked_fill(ended, PADDING), logprob.masked_fill(ended, 0.0)
        tokens.append(word)
        logprobs.append(logprob)
        ended = ended | (word == END)
        if bool(ended.all()):
            break
        if len(tokens) < longest:
            logits, cache = step(word, cache)
    return torch.stack(tokens, 1), torch.stack(logprobs, 1)
