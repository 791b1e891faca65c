"""The drawn world as a model meets it: pairs of pictures and captions, in few tokens.

`pairs` draws them, `compact` numbers the few words that they use.
"""

from mmcourse.data.compact import CompactTokens, caption_words
from mmcourse.data.pairs import HEIGHTS, SMALL_WORLD, Pairs, pairs, sample_scenes

__all__ = [
    "HEIGHTS",
    "SMALL_WORLD",
    "CompactTokens",
    "Pairs",
    "caption_words",
    "pairs",
    "sample_scenes",
]
