"""The drawn world as a model meets it: pairs of pictures and captions, in few tokens.

`pairs` draws them, `compact` numbers the few words that they use, and `hard_negatives` makes
captions and scenes that are wrong by the places of two colours.
"""

from mmcourse.data.compact import CompactTokens, caption_words
from mmcourse.data.hard_negatives import swapped_captions, swapped_scenes
from mmcourse.data.pairs import HEIGHTS, SMALL_WORLD, Pairs, pairs, sample_scenes

__all__ = [
    "HEIGHTS",
    "SMALL_WORLD",
    "CompactTokens",
    "Pairs",
    "caption_words",
    "pairs",
    "sample_scenes",
    "swapped_captions",
    "swapped_scenes",
]
