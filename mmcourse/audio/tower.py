"""A tower for sound: a spectrogram becomes tokens in time, these a vector in `tiny`'s space.

Convolutions see about half a second each, so that a token knows what is heard, and not what
came long before it; a small transformer gathers them. The third tower of a space that
pictures and words already share (ImageBind, arXiv 2305.05665, section 3.1), trained on pairs of
picture and sound alone. Leaves out words: nobody tells it any.
"""

from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.transformer import WIDEST, LayerNorm, Transformer

MELS = 48
"""Bands that it hears: as `log_mel` makes them by default."""

CHANNELS = (32, 48, 64, 96)
STRIDES = ((2, 2), (2, 2), (2, 1), (2, 1))
"""Of each convolution in pitch and in time: 48 bands become 3, and four frames one token."""

TIME_STRIDE = 4
SPREAD = 3.0
"""Of log-mel numbers around the mean of their recording, roughly."""

MOST_TOKENS = 16
"""Of a second: 61 frames."""

HEAD_DIM = 32
SHORTEST_FRAMES = 16
"""Frames of a recording at least: a quarter of a second at the usual settings."""


@final
class TimeTokens(nn.Module):
    """Tokens in time of a log-mel spectrogram, each of about half a second.

    How loud the whole recording is makes no difference: its mean is taken off first.

    Args:
        width: numbers in a token.

    Raises:
        ValueError: the width is out of range.

    >>> TimeTokens(width=8)(torch.zeros(2, 48, 61)).shape
    torch.Size([2, 16, 8])
    """

    @checked
    def __init__(self, width: int = 128) -> None:
        super().__init__()
        width = whole("TimeTokens", "width", width, least=1, most=WIDEST)
        layers: list[nn.Module] = []
        before = 1
        for channels, stride in zip(CHANNELS, STRIDES, strict=True):
            layers += [
                nn.Conv2d(before, channels, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(),
            ]
            before = channels
        # as for pictures, a CPU reads channels that lie side by side twice as fast
        self.convolutions = nn.Sequential(*layers)
        self.convolutions.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.project = nn.Linear(before * MELS // 2 ** len(CHANNELS), width)

    @checked
    def forward(
        self, mels: Float[Tensor, "batch mels frames"]
    ) -> Float[Tensor, "batch tokens dim"]:
        """Return tokens in time, one for four frames.

        Args:
            mels: from `log_mel`, of 48 bands.

        Raises:
            ValueError: there are other bands, or fewer than 16 frames, or one is not finite.
        """
        require_finite("TimeTokens", mels=mels)
        if mels.shape[1] != MELS or mels.shape[2] < SHORTEST_FRAMES:
            raise ValueError(
                f"TimeTokens: mels must have {MELS} bands and at least {SHORTEST_FRAMES} "
                f"frames; got {mels.shape[1]} and {mels.shape[2]}; take log_mel of a "
                "recording."
            )
        level = (mels - mels.mean((1, 2), keepdim=True)) / SPREAD
        level = level[:, None].contiguous(memory_format=torch.channels_last)
        x = self.convolutions(level)  # (batch, channels, 3, tokens)
        return self.project(x.flatten(1, 2).mT)


@final
class AudioTower(nn.Module):
    """Where a second of sound lies in the space of pictures and words.

    A class token collects what the time tokens tell each other, as in a vision transformer
    (arXiv 2010.11929, section 3.1); each is told its moment, because in the drawn world what
    calls later stands further right.

    Args:
        dim: numbers in a vector of the joint space.
        width: numbers in a token; a multiple of 32.
        layers: of the transformer.

    Raises:
        ValueError: a number is out of range.

    >>> AudioTower(dim=5, width=32)(torch.zeros(2, 48, 61)).shape
    torch.Size([2, 5])
    """

    @checked
    def __init__(self, dim: int = 128, width: int = 128, layers: int = 2) -> None:
        super().__init__()
        dim = whole("AudioTower", "dim", dim, least=1, most=WIDEST)
        width = whole("AudioTower", "width", width, least=HEAD_DIM, most=WIDEST)
        if width % HEAD_DIM:
            raise ValueError(
                f"AudioTower: width must be a multiple of {HEAD_DIM}; got {width}."
            )
        layers = whole("AudioTower", "layers", layers, least=0, most=WIDEST)
        self.time_tokens = TimeTokens(width)
        self.class_embedding = nn.Parameter(width**-0.5 * torch.randn(width))
        self.moment_embedding = nn.Parameter(width**-0.5 * torch.randn(MOST_TOKENS, width))
        self.transformer = Transformer(width, layers, width // HEAD_DIM)
        self.ln_post = LayerNorm(width)
        self.proj = nn.Parameter(width**-0.5 * torch.randn(width, dim))

    @checked
    def forward(self, mels: Float[Tensor, "batch mels frames"]) -> Float[Tensor, "batch dim"]:
        """Return one vector a recording, not normalised.

        Args:
            mels: from `log_mel`, of 48 bands and of the second that it was trained on.

        Raises:
            ValueError: there are other bands, fewer than 16 frames or more than 64, or one is
                not finite.
        """
        x = self.time_tokens(mels)
        if x.shape[1] > MOST_TOKENS:
            raise ValueError(
                f"AudioTower: mels must have at most {MOST_TOKENS * TIME_STRIDE} frames, about "
                f"a second; got {mels.shape[2]}; cut the recording."
            )
        x = x + self.moment_embedding[: x.shape[1]]
        first = self.class_embedding.to(x).expand(len(x), 1, -1)
        x = self.transformer(torch.cat([first, x], dim=1))
        return self.ln_post(x[:, 0]) @ self.proj
