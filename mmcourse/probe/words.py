"""Which words a model was asked in, and which of them it never saw.

What a model cannot read it cannot answer: a row at chance means nothing before this is known.
Leaves out words that it saw too rarely (`unknown_words`).
"""

from collections.abc import Sequence

from jaxtyping import Int
from torch import Tensor

from mmcourse.checkpoints import known_tokens
from mmcourse.clip.model import CLIP
from mmcourse.probe.rows import Row
from mmcourse.tokenizer.clip import clip_vocabulary, tokenize
from mmcourse.unknown_words import unknown_words

PART = "Words"


class Listener:
    """What turns texts into a model's tokens, and remembers their words."""

    def __init__(self, model: CLIP) -> None:
        self.model, self.words = model, set[str]()

    def __call__(self, texts: Sequence[str]) -> Int[Tensor, "batch length"]:
        """Return the tokens of some texts."""
        for text in texts:
            self.words.update(text.split())
        return tokenize(texts, self.model.context_length)

    def unknown(self) -> list[str]:
        """Return the words that the model never saw, sorted."""
        vocabulary, known = clip_vocabulary(), frozenset(known_tokens(self.model).tolist())
        return sorted(w for w in self.words if unknown_words(w, vocabulary, known))

    def row(self) -> Row:
        """Return the share of all words that it knows, which leaves nothing to chance."""
        share = 1 - len(self.unknown()) / len(self.words)
        return Row(
            part=PART, name="words it has read", share=share, low=share, high=share,
            chance=None, answers=len(self.words),
        )  # fmt: skip
