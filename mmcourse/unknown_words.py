"""The words of a text that a model never saw when it was trained.

A text tower turns any text into a vector, a word that it never saw included: the tokenizer
knows every token of CLIP's vocabulary, but the shipped models learnt a few hundred of them
(`checkpoints.known_tokens`). To them all others are one and the same. A search for "a cute cat"
is then a search for "a … cat", and nothing in the scores tells. Leaves out words that were seen
too rarely to mean anything, and words that were never seen whole: "les" passes for known where
its only token ended another word that the model learnt.
"""

from collections.abc import Collection, Sequence

import regex  # type: ignore[import-untyped]

from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import known_tokens
from mmcourse.clip.model import CLIP
from mmcourse.tokenizer.bpe import BPE
from mmcourse.tokenizer.clip import clip_vocabulary

_WORDS = regex.compile(
    r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['\u2019][\p{L}\p{M}\p{N}]+)*"  # cat, 4x4, don't
    r"|\p{S}[\p{S}\p{M}\u200d]*"  # signs, such as emoji, with what colours and joins them
)


@checked
def unknown_words(text: str, vocabulary: BPE, known: Collection[int]) -> list[str]:
    """Return the words of `text` that have a token outside `known`, as typed, each once.

    One unknown token makes a word unknown: "bigcat" is to be read as a whole, or not at all.
    Punctuation is no word, and upper case makes no difference.

    Args:
        text: what somebody typed.
        vocabulary: cuts a word into tokens.
        known: ids of the tokens that the model learnt.

    >>> vocabulary = BPE([("c", "a"), ("ca", "t</w>")])
    >>> unknown_words("Cat, cab, cat – cab!", vocabulary, known=vocabulary.encode("cat"))
    ['cab']
    """
    known = frozenset(known)
    first_spelling = {word.casefold(): word for word in reversed(_WORDS.findall(text))}
    words = dict.fromkeys(first_spelling[word.casefold()] for word in _WORDS.findall(text))
    return [word for word in words if not known.issuperset(vocabulary.encode(word))]


@checked
def never_seen(model: CLIP, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the words of some texts that a model never saw, as typed, each once.

    Args:
        model: reads CLIP's vocabulary.
        texts: what somebody typed.
    """
    vocabulary, known = clip_vocabulary(), known_tokens(model).tolist()
    words = (word for text in texts for word in unknown_words(text, vocabulary, known))
    return tuple(dict.fromkeys(words))
