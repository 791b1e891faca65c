"""Pictures folded into a twelfth of their numbers: the space that lesson 13 paints in.

64 × 64 pixels of 3 numbers become 8 × 8 places of 16, and come back nearly the same. A painter
that works on the places has a twelfth of the numbers to get right, and none of the fine detail:
that is Stable Diffusion's idea (arXiv 2112.10752, section 3.1).

Differs from the paper: noise on the places takes the part of its KL term, so that neighbouring
places mean neighbouring pictures; no perceptual and no adversarial loss, as outlines and flat
colours do without them; every place has its numbers scaled to mean 0 and spread 1.
"""

from typing import final

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked

CHANNELS = 16
"""Numbers in each of the 8 × 8 places."""

COARSE, MIDDLE, FINE = 128, 80, 32
"""Channels where the picture is 8, 16 and 32 places wide."""


@final
class ResidualBlock(nn.Module):
    """Two 3 × 3 convolutions, added to their input (arXiv 1512.03385)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)  # at first, the block changes nothing

    def forward(self, x: Float[Tensor, "batch c h w"]) -> Float[Tensor, "batch c h w"]:
        """Return the input plus what the block adds."""
        return x + self.second(F.silu(self.first(F.silu(self.norm(x)))))


@checked
def folding(channels: int) -> nn.Sequential:
    """Return the untrained layers from a picture to its places, of so many numbers each.

    `PixelUnshuffle` only moves numbers from places to channels, so that nothing is lost before
    the convolutions choose what to keep.

    >>> folding(5)(torch.zeros(1, 3, 64, 64)).shape
    torch.Size([1, 5, 8, 8])
    """
    channels = whole("folding", "channels", channels, least=1, most=1024)
    return nn.Sequential(
        nn.PixelUnshuffle(4),  # (3, 64, 64) -> (48, 16, 16)
        nn.Conv2d(48, MIDDLE, 1),
        ResidualBlock(MIDDLE),
        nn.PixelUnshuffle(2),  # -> (4 MIDDLE, 8, 8)
        nn.Conv2d(4 * MIDDLE, COARSE, 1),
        ResidualBlock(COARSE),
        ResidualBlock(COARSE),
        nn.Conv2d(COARSE, channels, 1),
    )


@checked
def unfolding(channels: int) -> nn.Sequential:
    """Return the untrained layers from places, of so many numbers each, back to a picture.

    >>> unfolding(5)(torch.zeros(1, 5, 8, 8)).shape
    torch.Size([1, 3, 64, 64])
    """
    channels = whole("unfolding", "channels", channels, least=1, most=1024)
    return nn.Sequential(
        nn.Conv2d(channels, COARSE, 1),
        ResidualBlock(COARSE),
        ResidualBlock(COARSE),
        nn.Conv2d(COARSE, 4 * MIDDLE, 1),
        nn.PixelShuffle(2),  # -> (MIDDLE, 16, 16)
        ResidualBlock(MIDDLE),
        ResidualBlock(MIDDLE),
        nn.Conv2d(MIDDLE, 4 * FINE, 1),
        nn.PixelShuffle(2),  # -> (FINE, 32, 32)
        ResidualBlock(FINE),
        nn.Conv2d(FINE, 12, 3, padding=1),
        nn.PixelShuffle(2),  # -> (3, 64, 64)
    )


@final
class Autoencoder(nn.Module):
    """An encoder that folds pictures, and a decoder that unfolds them."""

    mean: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = folding(CHANNELS), unfolding(CHANNELS)
        self.register_buffer("mean", torch.zeros(CHANNELS, 1, 1))
        self.register_buffer("spread", torch.ones(CHANNELS, 1, 1))

    @checked
    def encode(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch channels rows columns"]:
        """Return each picture's places: an eighth as high and wide, mean 0 and spread 1.

        Args:
            images: from -1 to 1; height and width are multiples of 8.

        Raises:
            ValueError: there is no picture, or its sides are no multiples of 8.
        """
        require_places("encode", images)
        return (self.encoder(images) - self.mean) / self.spread

    @checked
    def decode(
        self, latents: Float[Tensor, "batch 16 rows columns"]
    ) -> Float[Tensor, "batch 3 height width"]:
        """Return the pictures of some places, from -1 to 1: eight times as high and wide."""
        return self.decoder(latents * self.spread + self.mean).clamp(-1, 1)


@checked
def as_images(
    pixels: UInt8[np.ndarray, "batch height width 3"],
) -> Float[Tensor, "batch 3 height width"]:
    """Return bytes as the numbers from -1 to 1 that are folded, channels first.

    >>> as_images(np.array([[[[0, 0, 255]]]], dtype=np.uint8)).flatten()
    tensor([-1., -1.,  1.])
    """
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


@checked
def as_pixels(
    images: Float[Tensor, "batch 3 height width"],
) -> UInt8[Tensor, "batch height width 3"]:
    """Return numbers from -1 to 1 as red, green and blue from 0 to 255, on the CPU.

    >>> as_pixels(torch.tensor([-1.0, 0.0, 1.0]).view(1, 3, 1, 1)).flatten()
    tensor([  0, 128, 255], dtype=torch.uint8)
    """
    pixels = ((images + 1) * 127.5).round().to(torch.uint8)
    return pixels.permute(0, 2, 3, 1).cpu()


@checked
def reconstruction_loss(
    autoencoder: Autoencoder,
    images: Float[Tensor, "batch 3 height width"],
    *,
    noise: float,
    generator: torch.Generator,
) -> Float[Tensor, ""]:
    """Return how far pictures are from what comes back: mean absolute plus mean squared error.

        |D(E(x) + noise · ε) - x| + (D(E(x) + noise · ε) - x)² + |E(x)|² / 1000

    The last term keeps the places from growing until the noise no longer matters.

    Args:
        autoencoder: with `mean` 0 and `spread` 1, as it is before they are measured.
        images: from -1 to 1.
        noise: spread of what is added to the places; at least 0.
        generator: of the noise; it is advanced.

    Raises:
        ValueError: there is no picture, its sides are no multiples of 8, or noise is below 0.
    """
    noise = real("reconstruction_loss", "noise", noise, least=0)
    require_places("reconstruction_loss", images)
    latents = autoencoder.encoder(images)
    shaken = latents + noise * torch.randn(latents.shape, generator=generator).to(latents)
    error = (autoencoder.decoder(shaken) - images).float()
    return error.abs().mean() + error.square().mean() + latents.float().square().mean() / 1000


def require_places(operation: str, images: Float[Tensor, "batch 3 height width"]) -> None:
    """Refuse pictures that cannot be cut into places."""
    if not images.numel():
        raise ValueError(f"{operation}: there must be at least one picture; got none.")
    if any(side % 8 for side in images.shape[2:]):
        raise ValueError(
            f"{operation}: height and width must be multiples of 8; got {images.shape[2]} and "
            f"{images.shape[3]}; scale the pictures to 64 × 64."
        )
