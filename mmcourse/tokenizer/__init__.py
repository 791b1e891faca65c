"""Text as numbers: byte-pair encoding, and the tokenizer of CLIP that is made of it.

Read `bpe` first: how any text becomes ids. `pieces` is how a text is cut before that. `clip`
adds rows of one length, and the published vocabulary.
"""

from mmcourse.tokenizer.bpe import BPE
from mmcourse.tokenizer.clip import clip_vocabulary, tokenize

__all__ = ["BPE", "clip_vocabulary", "tokenize"]
