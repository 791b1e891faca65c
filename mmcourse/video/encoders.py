"""A film as tokens: two of every frame, its left and its right half, and one of its sound.

A frame is folded by three convolutions into 4 × 4 places, of which the left and the right half
become a token each, so that what belongs to whom stands apart. A piece of sound as long as a
frame is folded likewise, and becomes one. Neither knows of any other moment.
"""

from typing import final

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.transformer import WIDEST, LayerNorm

SIZE = 32
"""Pixels of a frame, high and wide."""

FRAME_CHANNELS = (16, 32, 64)
SOUND_CHANNELS = (8, 16, 32)
HALF, PIECE = (4, 2), (6, 2)
"""Places that three convolutions leave of half a frame, and of 48 bands and 11 windows."""

GREY, SPREAD = 128, 64
USUAL, NATS = -1.0, 2.0
"""A usual log-mel number of a film, and how far others are from it."""


@final
class FrameEncoder(nn.Module):
    """Two tokens a frame: what is in its left half, and what in its right.

    Args:
        width: numbers in a token.

    Raises:
        ValueError: the width is out of range.

    >>> FrameEncoder(width=8)(torch.zeros(2, 5, 32, 32, 3, dtype=torch.uint8)).shape
    torch.Size([2, 5, 2, 8])
    """

    @checked
    def __init__(self, width: int = 96) -> None:
        super().__init__()
        width = whole("FrameEncoder", "width", width, least=1, most=WIDEST)
        self.convolutions = _folding(3, FRAME_CHANNELS)
        self.project = nn.Linear(FRAME_CHANNELS[-1] * HALF[0] * HALF[1], width)
        self.ln = LayerNorm(width)

    @checked
    def forward(
        self, pictures: UInt8[Tensor, "batch frames 32 32 3"]
    ) -> Float[Tensor, "batch frames 2 width"]:
        """Return the tokens of every frame, left half first.

        Args:
            pictures: red, green, blue from 0 to 255.
        """
        x = (pictures.flatten(0, 1).permute(0, 3, 1, 2).float() - GREY) / SPREAD
        x = self.convolutions(x)  # (batch · frames, channels, 4, 4)
        halves = torch.stack([half.flatten(1) for half in x.chunk(2, dim=3)], dim=1)
        return self.ln(self.project(halves)).unflatten(0, pictures.shape[:2])


@final
class PieceEncoder(nn.Module):
    """One token for the piece of sound that belongs to a frame.

    Args:
        width: numbers in a token.

    Raises:
        ValueError: the width is out of range.

    >>> PieceEncoder(width=8)(torch.zeros(2, 5, 48, 11)).shape
    torch.Size([2, 5, 8])
    """

    @checked
    def __init__(self, width: int = 96) -> None:
        super().__init__()
        width = whole("PieceEncoder", "width", width, least=1, most=WIDEST)
        self.convolutions = _folding(1, SOUND_CHANNELS)
        self.project = nn.Linear(SOUND_CHANNELS[-1] * PIECE[0] * PIECE[1], width)
        self.ln = LayerNorm(width)

    @checked
    def forward(
        self, sounds: Float[Tensor, "batch frames 48 11"]
    ) -> Float[Tensor, "batch frames width"]:
        """Return the token of every piece.

        Args:
            sounds: from `pieces`.

        Raises:
            ValueError: a number is not finite.
        """
        require_finite("PieceEncoder", sounds=sounds)
        x = (sounds.flatten(0, 1)[:, None] - USUAL) / NATS
        x = self.convolutions(x)  # (batch · frames, channels, 6, 2)
        return self.ln(self.project(x.flatten(1))).unflatten(0, sounds.shape[:2])


def _folding(before: int, channels: tuple[int, ...]) -> nn.Sequential:
    """Return convolutions, each of which halves height and width."""
    layers: list[nn.Module] = []
    for after in channels:
        layers += [
            nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(),
        ]
        before = after
    folding = nn.Sequential(*layers)
    # a CPU reads channels that lie side by side twice as fast
    return folding.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
