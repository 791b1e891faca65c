"""Losses that pull matched pictures and texts together and push the others apart.

Read `clip` first: it is the obvious one. `tiled` gives the same numbers in less memory,
`cached` the same gradients; `ring` shares a batch out among processes. `siglip` and
`multi_positive` change what counts as right, `negatives` looks at what the gradient does, and
`scale` learns how sharp the softmax is.
"""

from mmcourse.losses.cached import cached_backward
from mmcourse.losses.clip import clip_loss, info_nce
from mmcourse.losses.multi_positive import multi_positive_loss, multi_positive_targets
from mmcourse.losses.negatives import negative_weights
from mmcourse.losses.ring import ring_clip_loss
from mmcourse.losses.scale import LogitScale
from mmcourse.losses.siglip import siglip_loss
from mmcourse.losses.tiled import tiled_clip_loss

__all__ = [
    "LogitScale",
    "cached_backward",
    "clip_loss",
    "info_nce",
    "multi_positive_loss",
    "multi_positive_targets",
    "negative_weights",
    "ring_clip_loss",
    "siglip_loss",
    "tiled_clip_loss",
]
