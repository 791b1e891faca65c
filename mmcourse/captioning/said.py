"""What a decoder says: words with the probability that each had when it was chosen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.tokenizer.words import END, FIRST, WordTokens


@final
@dataclass(frozen=True)
class Said:
    """A text, and how likely its model held it.

    Args:
        text: as people write it.
        words: as they were chosen, the end left out; articles are spelt "a".
        logprobs: log-probability (nats) of each word, then of the end if it was reached.
    """

    text: str
    words: tuple[str, ...]
    logprobs: tuple[float, ...]

    @cached_property
    def logprob(self) -> float:
        """Return the log-probability (nats) of the whole text: the sum over its words."""
        return math.fsum(self.logprobs)

    @property
    def probability(self) -> float:
        """Return the probability of the whole text, in [0, 1]."""
        return math.exp(min(self.logprob, 0.0))


def heard(
    words: WordTokens,
    tokens: Int[Tensor, "batch length"],
    logprobs: Float[Tensor, "batch length"],
) -> list[Said]:
    """Return what rows of chosen tokens say, each up to its end.

    Args:
        words: that the tokens number.
        tokens: chosen ones, the start left out; padding after the end.
        logprobs: of each.
    """
    found = []
    for row, chances in zip(tokens.tolist(), logprobs.tolist(), strict=True):
        length = row.index(END) + 1 if END in row else len(row)
        found.append(_said(words, row[:length], chances[:length]))
    return found


def _said(words: WordTokens, row: Sequence[int], logprobs: Sequence[float]) -> Said:
    chosen = tuple(words.words[number - FIRST] for number in row if number >= FIRST)
    return Said(words.decode(row), chosen, tuple(logprobs))
