"""What a recording is made of: how loud each band is, how much it varies, how fast it changes.

By these numbers sounds of another world than the drawn one are told, as pictures are by their
textures (`foreign`). Leaves out what is heard: any call may stand anywhere in a recording.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite

GRAIN = 180
"""Numbers for 48 bands, the highest three of which are left out."""

HIGHEST = 3
"""Bands above 6.7 kHz: a recording that was made at another sampling rate is damped there."""


@checked
def grain(mels: Float[Tensor, "batch mels frames"]) -> Float[Tensor, "batch numbers"]:
    """Return four numbers a band, whatever the loudness of the whole.

    The highest three bands are left out. Of each other its mean over time above that of the
    recording, its spread over time, the mean step from frame to frame, and the mean height of
    its loudest tenth above its own mean.

    Args:
        mels: from `log_mel`.

    Raises:
        ValueError: there are fewer than two frames, or a number is not finite.

    >>> grain(torch.zeros(2, 48, 61)).shape
    torch.Size([2, 180])
    """
    require_finite("grain", mels=mels)
    if mels.shape[1] <= HIGHEST or mels.shape[2] < 2:
        raise ValueError(
            f"grain: mels must have more than {HIGHEST} bands and at least two frames; got "
            f"{mels.shape[1]} and {mels.shape[2]}; take log_mel of a recording."
        )
    mels = mels[:, :-HIGHEST]
    mean = mels.mean(2)
    loudest = mels.topk(max(1, mels.shape[2] // 10), dim=2).values.mean(2)
    return torch.cat(
        [
            mean - mean.mean(1, keepdim=True),
            mels.std(2),
            mels.diff(dim=2).abs().mean(2),
            loudest - mean,
        ],
        dim=1,
    )
