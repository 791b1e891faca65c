"""Beam search: the k likeliest beginnings are kept, until each has ended.

With k = 1 it is greedy; with k as large as the number of sentences it is exact. A likelier
sentence is not a truer one: what width does to invented facts is to be measured. Leaves out
diversity among beams (arXiv 1610.02424).
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.captioning.prefix import PrefixCaptioner
from mmcourse.captioning.said import Said, heard
from mmcourse.captioning.target import LONGEST
from mmcourse.tokenizer.words import END, PADDING

WIDEST_BEAM = 1024
"""Beginnings at most; the world's sentences of one picture are told apart by far fewer."""


@checked
@torch.no_grad()
def beam(
    model: PrefixCaptioner,
    features: Float[Tensor, "batch places dim"],
    k: int = 4,
    *,
    length_penalty: float = 0.0,
) -> list[Said]:
    """Return for each picture the best of the k sentences that the search ends with.

        score = log p(sentence) / length ** length_penalty

    A sum of logarithms only falls with every word, so that short sentences win; dividing by
    the length (arXiv 1609.08144, section 7, in a simpler form) gives long ones a chance.

    Args:
        model: a captioner.
        features: what it looks at: grids, or pooled vectors as grids of one place.
        k: how many beginnings are kept.
        length_penalty: 0 compares the probabilities themselves, 1 their mean a word.

    Raises:
        ValueError: a number is out of range.

    >>> model = PrefixCaptioner(dim=8, places=4, width=32, layers=1)
    >>> len(beam(model, torch.zeros(3, 4, 8), k=2))
    3
    """
    k = whole("beam", "k", k, least=1, most=WIDEST_BEAM)
    penalty = real("beam", "length_penalty", length_penalty, least=0, most=10)
    batch, device = len(features), features.device
    logits, cache = model.read(features)
    cache = cache.rows(torch.arange(batch, device=device).repeat_interleave(k))
    logits = logits.repeat_interleave(k, 0)  # (batch, words) -> (batch k, words)
    scores = torch.full((batch, k), float("-inf"), device=device)
    scores[:, 0] = 0  # all beams begin alike: only the first may go on
    tokens = torch.zeros(batch * k, 0, dtype=torch.long, device=device)
    each = scores.new_zeros(batch * k, 0)  # log-probability of each word
    for _ in range(LONGEST - 1):
        ended = (tokens == END).any(1)
        if bool(ended.all()):
            break
        logprobs = _ended_stay(logits.log_softmax(-1), ended)
        scores, rows, words = _best(scores, logprobs, k)
        chosen = logprobs[rows, words][:, None]
        tokens = torch.cat([tokens[rows], words[:, None]], 1)
        each = torch.cat([each[rows], chosen], 1)
        logits, cache = model.step(words, cache.rows(rows))
    winner = _winners(scores, tokens, penalty)
    return heard(model.tokens, tokens[winner], each[winner])


def _best(
    scores: Float[Tensor, "batch k"], logprobs: Float[Tensor, "rows words"], k: int
) -> tuple[Float[Tensor, "batch k"], Int[Tensor, " rows"], Int[Tensor, " rows"]]:
    """Return each picture's k best scores, the rows that they go on from, and the words."""
    batch, words = len(scores), logprobs.shape[1]
    options = scores[:, :, None] + logprobs.view(batch, k, words)
    best, place = options.flatten(1).topk(k)  # places among (k words)
    rows = place // words + k * torch.arange(batch, device=scores.device)[:, None]
    return best, rows.flatten(), (place % words).flatten()


def _ended_stay(
    logprobs: Float[Tensor, "rows words"], ended: Bool[Tensor, " rows"]
) -> Float[Tensor, "rows words"]:
    """Return the log-probabilities; a sentence that ended goes on with padding, for free."""
    logprobs = logprobs.clone()
    logprobs[ended] = float("-inf")
    logprobs[ended, PADDING] = 0
    return logprobs


def _winners(
    scores: Float[Tensor, "batch k"], tokens: Int[Tensor, "rows length"], penalty: float
) -> Int[Tensor, " batch"]:
    """Return each picture's best row; what was cut off is no sentence, if another has ended."""
    batch, k = scores.shape
    ended = (tokens == END).any(1).view(batch, k)
    lengths = (tokens != PADDING).sum(1).clamp(min=1).view(batch, k)
    cut_off = ended.any(1, keepdim=True) & ~ended
    scores = (scores / lengths**penalty).masked_fill(cut_off, float("-inf"))
    return scores.argmax(1) + k * torch.arange(batch, device=scores.device)
