"""Text as numbers: byte-pair encoding, and the tokenizer of CLIP that is made of it.

Read `bpe` first: how any text becomes ids. `pieces` is how a text is cut before that. `clip`
adds rows of one length, and the published vocabulary. `words` is the other way, for a closed
world: one number a word.
"""

from mmcourse.tokenizer.bpe import BPE
from mmcourse.tokenizer.clip import clip_vocabulary, tokenize
from mmcourse.tokenizer.words import WordTokens

__all__ = ["BPE", "WordTokens", "clip_vocabulary", "tokenize"]
