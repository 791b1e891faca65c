"""What a recording is made of: how loud each band is, how much it varies, how fast it changes.

By these numbers sounds of another world than the drawn one are told, as pictures are by their
textures (`foreign`). Leaves out what is heard: any call may stand anywhere in a recording.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite

GRAIN = 192
"""Numbers for 48 bands."""


@checked
def grain(mels: Float[Tensor, "batch mels frames"]) -> Float[Tensor, "batch numbers"]:
    """Return four numbers a band, whatever the loudness of the whole.

    Its mean over time above that of the recording, its spread over time, the mean step from
    frame to frame, and the mean height of its loudest tenth above its own mean.

    Args:
        mels: from `log_mel`.

    Raises:
        ValueError: there are fewer than two frames, or a number is not finite.

    >>> grain(torch.zeros(2, 48, 61)).shape
    torch.Size([2, 192])
    """
    require_finite("grain", mels=mels)
    if mels.shape[2] < 2:
        raise ValueError(
            f"grain: mels must have at least two frames; got {mels.shape[2]}; take log_mel of "
            "a longer recording."
        )
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
