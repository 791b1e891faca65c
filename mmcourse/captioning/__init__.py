"""Captioning: a picture's features become the first words of a sentence.

Read `target` first: the one sentence of a scene that is learned. Then `prefix`, the model, and
`cache`, why the next word is cheap. Three ways to choose words follow: `greedy`, `beam` and
`sample`; what they give is `said`. `alt_text` is last: a caption, or "not sure".
"""

from mmcourse.captioning.alt_text import AltText, alt_text
from mmcourse.captioning.beam import beam
from mmcourse.captioning.greedy import greedy
from mmcourse.captioning.prefix import PrefixCaptioner, caption_loss
from mmcourse.captioning.said import Said
from mmcourse.captioning.sample import sample
from mmcourse.captioning.target import target_caption, target_words

__all__ = [
    "AltText",
    "PrefixCaptioner",
    "Said",
    "alt_text",
    "beam",
    "caption_loss",
    "greedy",
    "sample",
    "target_caption",
    "target_words",
]
