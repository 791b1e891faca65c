"""Prefix beam search: the k likeliest beginnings of a text, each with all of its paths.

Many paths are of one text, so a search among paths would keep the same text many times.
Here a beginning is kept once, with two sums: of its paths that end in a blank, and of those
that end in its last letter (Hannun et al., arXiv 1408.2873, algorithm 1). They must be told
apart, because the same letter once more is a new letter after a blank, and none after itself.
Leaves out the language model of that paper, which weighs every word that is completed.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.speech.alphabet import BLANK, written
from mmcourse.speech.ctc import require_steps

WIDEST_BEAM = 1024

Beginnings: TypeAlias = "dict[tuple[int, ...], tuple[float, float]]"
"""Letters -> log-probability of their paths that end in a blank, and in the last letter."""

NEVER = -math.inf


class Heard(NamedTuple):
    """A text, and how likely it is.

    Args:
        text: in small letters.
        logprob: of all of its paths that the search has kept, in nats, at most 0.
    """

    text: str
    logprob: float


@checked
def beam(
    logits: Float[Tensor, "batch steps units"], steps: Int[Tensor, " batch"], k: int = 8
) -> list[Heard]:
    """Return the likeliest text of each recording that a search k beginnings wide ends with.

    With k as large as the number of texts it is exact.

    Args:
        logits: from `SpeechEncoder`; log-probabilities do as well.
        steps: how many of them each recording has.
        k: beginnings that are kept after each step.

    Raises:
        ValueError: a logit is NaN or infinite, there are more steps than logits, or k is out
            of range.

    Two steps, each a blank with chance .6 and "a" with .4. The likeliest path is of blanks,
    .36; but "a" has three paths, .24 + .24 + .16 = .64:

    >>> import torch
    >>> logits = torch.tensor([[[0.6, 0.0, 0.4]] * 2]).clamp(min=1e-9).log()
    >>> [heard] = beam(logits, torch.tensor([2]))
    >>> heard.text, round(math.exp(heard.logprob), 2)
    ('a', 0.64)
    """
    k = whole("beam", "k", k, least=1, most=WIDEST_BEAM)
    require_finite("beam", logits=logits)
    require_steps("beam", steps, logits.shape[1])
    rows = logits.double().log_softmax(2).tolist()
    return [_best(row[:count], k) for row, count in zip(rows, steps.tolist(), strict=True)]


def _best(logprobs: Sequence[Sequence[float]], k: int) -> Heard:
    kept: Beginnings = {(): (0.0, NEVER)}
    for step in logprobs:
        longer = _one_step_on(kept, step)
        kept = dict(sorted(longer.items(), key=lambda each: -_sum(*each[1]))[:k])
    letters, ends = max(kept.items(), key=lambda each: _sum(*each[1]))
    return Heard(written(letters), _sum(*ends))


def _one_step_on(kept: Beginnings, step: Sequence[float]) -> Beginnings:
    """Return all beginnings after one more step, those that are met on two ways added up."""
    blanks: defaultdict[tuple[int, ...], float] = defaultdict(lambda: NEVER)
    letters: defaultdict[tuple[int, ...], float] = defaultdict(lambda: NEVER)
    for begun, (blank, letter) in kept.items():
        last, either = begun[-1:], _sum(blank, letter)
        blanks[begun] = _sum(blanks[begun], either + step[BLANK])
        if last:  # the last letter goes on
            letters[begun] = _sum(letters[begun], letter + step[last[0]])
        for unit in range(1, len(step)):
            before = blank if (unit,) == last else either
            longer = (*begun, unit)
            letters[longer] = _sum(letters[longer], before + step[unit])
    return {begun: (blanks[begun], letters[begun]) for begun in {**blanks, **letters}}


def _sum(a: float, b: float) -> float:
    """Return log(e^a + e^b)."""
    high, low = max(a, b), min(a, b)
    return high if low == NEVER else high + math.log1p(math.exp(low - high))
