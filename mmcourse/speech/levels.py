"""A log-mel in whole steps of a tenth: a quarter of the bytes, and no word is lost.

A step is 0.1 in the natural logarithm of power, 0.43 decibels; ears do not tell twice that
apart. Level 0 is silence, `audio.log_mel`'s floor; level 255 is louder than any recording in
[-1, 1] can be.
"""

import math

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from mmcourse.audio.spectrogram import FLOOR
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite

STEP = 0.1
SILENCE = math.log(FLOOR)
LOUDEST = 255


@checked
def levels(log_mels: Float[Tensor, "*shape"]) -> UInt8[Tensor, "*shape"]:
    """Return log-mels as levels from 0 to 255, rounded; what lies beyond is cut off.

    Raises:
        ValueError: a log-mel is not finite.

    >>> levels(torch.tensor([-14.0, 0.0]))
    tensor([  0, 138], dtype=torch.uint8)
    """
    require_finite("levels", log_mels=log_mels)
    return ((log_mels - SILENCE) / STEP).round().clamp(0, LOUDEST).to(torch.uint8)


@checked
def from_levels(levels: UInt8[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Return the log-mels that levels stand for, each within 0.05 of what it was.

    >>> from_levels(torch.tensor([0, 138], dtype=torch.uint8))
    tensor([-13.8155,  -0.0155])
    """
    return levels.float() * STEP + SILENCE
