"""Sampling: each word is drawn, as likely as the model holds it, or sharper, or among the best.

Temperature divides the logits: below 1 sharpens, above 1 flattens. Top-k keeps the k likeliest
words (arXiv 1805.04833, section 5.4). Leaves out nucleus sampling (arXiv 1904.09751).
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.captioning.prefix import PrefixCaptioner
from mmcourse.captioning.said import Said, heard
from mmcourse.captioning.target import LONGEST
from mmcourse.tokenizer.words import END, PADDING


@checked
@torch.no_grad()
def sample(
    model: PrefixCaptioner,
    features: Float[Tensor, "batch places dim"],
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    generator: torch.Generator,
) -> list[Said]:
    """Return one caption drawn at random for each picture.

    Its log-probabilities are those of the model itself, at temperature 1 among all words.

    Args:
        model: a captioner.
        features: what it looks at: grids, or pooled vectors as grids of one place.
        temperature: divides the logits; above 0.
        top_k: how many of the likeliest words are drawn from; None takes all.
        generator: where chance comes from; it lives on the CPU, and is advanced.

    Raises:
        ValueError: a number is out of range.

    >>> model = PrefixCaptioner(dim=8, places=4, width=32, layers=1)
    >>> chance = torch.Generator().manual_seed(0)
    >>> len(sample(model, torch.zeros(3, 4, 8), top_k=5, generator=chance))
    3
    """
    temperature = real("sample", "temperature", temperature, above=0)
    top_k = None if top_k is None else whole("sample", "top_k", top_k, least=1)
    logits, cache = model.read(features)
    ended = torch.zeros(len(features), dtype=torch.bool, device=features.device)
    tokens, logprobs = [], []
    for _ in range(LONGEST - 1):
        word = drawn(logits, temperature, top_k, generator).masked_fill(ended, PADDING)
        logprob = logits.log_softmax(-1).gather(1, word[:, None])[:, 0]
        tokens.append(word)
        logprobs.append(logprob.masked_fill(ended, 0.0))
        ended = ended | (word == END)
        if bool(ended.all()):
            break
        logits, cache = model.step(word, cache)
    return heard(model.tokens, torch.stack(tokens, 1), torch.stack(logprobs, 1))


def drawn(
    logits: Float[Tensor, "batch words"],
    temperature: float,
    top_k: int | None,
    generator: torch.Generator,
) -> Int[Tensor, " batch"]:
    """Return a word for each row, drawn as `sample` says."""
    chances = _kept(logits / temperature, top_k).softmax(-1)
    chosen = torch.multinomial(chances.double().cpu(), 1, generator=generator)
    return chosen[:, 0].to(logits.device)


def _kept(
    logits: Float[Tensor, "batch words"], top_k: int | None
) -> Float[Tensor, "batch words"]:
    """Return the logits, -inf where a word is not among the k likeliest."""
    if top_k is None or top_k >= logits.shape[1]:
        return logits
    least = logits.topk(top_k).values[:, -1:]
    return logits.masked_fill(logits < least, float("-inf"))
