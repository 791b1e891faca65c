"""A vocabulary cut down to the words in use, for a model that is trained from scratch.

CLIP's 49,408 tokens need as many rows in the embedding; the drawn world says a few hundred.
Leaves out what a token is (`tokenizer`, `bpe`) and the way back to the whole vocabulary.
"""

from collections.abc import Iterable, Sequence
from typing import final

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.clip.text import skip_padding
from mmcourse.tokenizer.clip import clip_vocabulary, tokenize
from mmcourse.world import Scene
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import facts
from mmcourse.world.words.phrases import USUAL


@final
class CompactTokens:
    """Tokens renumbered so that only those in use have a row in the embedding.

    Their order is kept, so the end token still has the largest number, and padding is 0.

    Args:
        words: texts that hold every word in use, for instance from `caption_words`.

    Raises:
        TypeError: `words` is one string.
        ValueError: there is no word.

    Padding, a, cat, start and end:

    >>> tokens = CompactTokens(["cat", "a"])
    >>> len(tokens), tokens(["a cat", "cat"])
    (5, tensor([[3, 1, 2, 4],
            [3, 2, 4, 0]]))
    """

    @checked
    def __init__(self, words: Iterable[str]) -> None:
        texts = list(words)
        if not texts:
            raise ValueError("CompactTokens: there must be at least one word; got none.")
        self.ids: Int[Tensor, " used"] = torch.unique(tokenize(texts))

    def __len__(self) -> int:
        """Return how many tokens are in use: the rows that an embedding needs."""
        return len(self.ids)

    @checked
    def __call__(self, texts: str | Sequence[str]) -> Int[Tensor, "batch length"]:
        """Return the compact tokens of some texts, as long as the longest of them.

        Raises:
            ValueError: a text holds a token that is not in use.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        tokens = skip_padding(tokenize(texts)).contiguous()
        compact = torch.searchsorted(self.ids, tokens)  # below len: the end has the largest id
        unknown = (self.ids[compact] != tokens).nonzero()  # (unknown ones, 2)
        if len(unknown):
            text, place = unknown[0].tolist()
            word = clip_vocabulary().decode([int(tokens[text, place])]).strip()
            raise ValueError(
                "CompactTokens: every word must be among those it was made from; got "
                f"{word!r} in {texts[text]!r}; make it from more words."
            )
        return compact


@checked
def caption_words(scenes: Iterable[Scene]) -> list[str]:
    """Return every word that captions of these scenes can hold, sorted.

    Raises:
        ValueError: a scene has no caption.
        TypeError: something is not a Scene.

    >>> from mmcourse.world import Thing
    >>> balloon = Thing(kind="balloon", colour="red", size=0.3, position=(0.5, 0.5))
    >>> words = caption_words([Scene(setting="snow", objects=(balloon,))])
    >>> "balloon" in words, "car" in words
    (True, False)
    """
    words = {"an"}  # grammars spell every article "a"
    for known in {facts(scene, "caption_words") for scene in scenes}:
        words |= caption_grammar(known, USUAL).vocabulary  # whatever is said at all
    return sorted(words)
