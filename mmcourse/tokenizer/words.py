"""Whole words as numbers, for a model that is trained from nothing on a closed world.

Where a hundred words say everything, a word is a better token than a piece of one: the
probability of a word is then the probability of the fact that it states. Leaves out every
other word: `bpe` spells those.
"""

from collections.abc import Iterable, Sequence
from typing import final

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

PADDING, START, END = 0, 1, 2
FIRST = 3
"""The number of the first word."""


@final
class WordTokens:
    """Words numbered from 3; 0 is padding, 1 the start and 2 the end of a text.

    Capitals, commas, stops and question marks are dropped, and "an" is read as "a", because
    the next word decides between the two.

    Args:
        words: in the order of their numbers, all different.

    Raises:
        ValueError: there is no word, one occurs twice, or one is blank or several.

    >>> tokens = WordTokens(["a", "cat", "orange"])
    >>> tokens(["A cat.", "an orange cat"])
    tensor([[1, 3, 4, 2, 0],
            [1, 3, 5, 4, 2]])
    >>> tokens.decode([1, 3, 5, 4, 2, 0])
    'an orange cat'
    """

    @checked
    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        if not all(isinstance(word, str) for word in self.words):
            raise TypeError("WordTokens: words must be texts; got something else among them.")
        self.ids = {word: FIRST + place for place, word in enumerate(self.words)}
        bad = [word for word in self.words if word.split() != [word]]
        if not self.words or bad or len(self.ids) < len(self.words):
            raise ValueError(
                "WordTokens: words must be different single words, at least one; got "
                f"{bad[0]!r:.60}."
                if bad
                else "WordTokens: words must be different single words, at least one; got "
                f"{len(self.words)} words, {len(self.ids)} of them different."
            )

    def __len__(self) -> int:
        """Return how many numbers there are: the rows that an embedding needs."""
        return FIRST + len(self.words)

    @checked
    def __call__(self, texts: str | Sequence[str]) -> Int[Tensor, "batch length"]:
        """Return one row of numbers for each text, as long as the longest.

        Raises:
            ValueError: a text holds a word that has no number.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        rows = [[START, *self._numbers(text), END] for text in texts]
        longest = max(map(len, rows), default=0)
        padded = [row + [PADDING] * (longest - len(row)) for row in rows]
        return torch.tensor(padded, dtype=torch.long).reshape(len(rows), longest)

    @checked
    def decode(self, numbers: Sequence[int] | Int[Tensor, " length"]) -> str:
        """Return the text that these numbers stand for, up to its end.

        Raises:
            ValueError: a number stands for nothing.
        """
        said = []
        for number in numbers.tolist() if isinstance(numbers, Tensor) else numbers:
            place = whole("WordTokens.decode", "a number", number, least=0, most=len(self) - 1)
            if place == END:
                break
            if place >= FIRST:
                said.append(self.words[place - FIRST])
        from mmcourse.world.words.grammar import with_articles  # the whole world comes with it

        return with_articles(" ".join(said))

    def _numbers(self, text: str) -> list[int]:
        words = ["a" if word == "an" else word for word in _plain(text)]
        unknown = [word for word in words if word not in self.ids]
        if unknown:
            raise ValueError(
                f"WordTokens: every word must be among the {len(self.words)} that it was made "
                f"from; got {unknown[0]!r:.40} in {text!r:.120}; say it in other words."
            )
        return [self.ids[word] for word in words]


def require_tokens(
    operation: str, name: str, tokens: Int[Tensor, "*shape"], rows: int, device: torch.device
) -> None:
    """Refuse numbers that are not words of an embedding, or lie on another device.

    Raises:
        ValueError: as said.
    """
    if tokens.device != device:
        raise ValueError(
            f"{operation}: {name} must be on {device}, as the model is; got {tokens.device}."
        )
    if tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < rows:
        raise ValueError(
            f"{operation}: {name} must be from 0 to {rows - 1}; got {int(tokens.min())} to "
            f"{int(tokens.max())}; WordTokens of the model's own words makes them."
        )


def _plain(text: str) -> list[str]:
    for mark in ".,?!;:":
        text = text.replace(mark, " ")
    return text.lower().split()
