"""The fifty-three words of the word game: things, colours, made-up names, and two marks.

A document is a row of chunks, each of one picture and what is said of it. As in Flamingo
(arXiv 2204.14198, section 2.4), a mark stands where the picture is, and another where the
chunk ends: "<image> is dax <eoc>". Leaves out every other word, and both cranes, which share
theirs.
"""

from functools import lru_cache

from mmcourse.tokenizer.words import WordTokens
from mmcourse.world import COLOURS, KINDS
from mmcourse.world.scenes.vocabulary import noun

IMAGE, END_OF_CHUNK, IS = "<image>", "<eoc>", "is"

INVENTED: tuple[str, ...] = (
    "dax", "blick", "wug", "toma", "fep", "zib", "koba", "lorp", "mip", "nuld",
    "pank", "quib", "rell", "sarn", "tiv", "vosh", "yoxi", "gazz", "hune", "jick",
)  # fmt: skip
"""Names that mean something else in every game, so that nothing can be learnt by heart."""

GAME_KINDS: tuple[str, ...] = tuple(kind for kind in KINDS if noun(kind) == kind)
"""The kinds of the game: those that have their noun for themselves."""

NEVER_SHOWN: tuple[str, ...] = ("rabbit", "bus", "plane", "flower")
"""Kinds that occur in no document with pictures; those of words alone do name them."""

SHOWN: tuple[str, ...] = tuple(kind for kind in GAME_KINDS if kind not in NEVER_SHOWN)
"""The kinds that documents with pictures are made of."""


@lru_cache(maxsize=1)
def game_words() -> WordTokens:
    """Return the numbers of all words of the game.

    >>> tokens = game_words()
    >>> tokens.decode([tokens.ids[word] for word in ("<image>", "is", "dax", "<eoc>")])
    '<image> is dax <eoc>'
    """
    return WordTokens([IMAGE, END_OF_CHUNK, IS, *COLOURS, *GAME_KINDS, *INVENTED])
