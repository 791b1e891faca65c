"""A picture as 64 cells of two codes: the words that a transformer learns to paint with.

The autoencoder of lesson 13, whose 8 × 8 places are rounded: 8 numbers each, four for a code.
One code of a thousand a cell loses which animal it was; two cost no longer sequence, as the
second is said together with the first (arXiv 2203.01941, section 3.2, stacks up to four).
Leaves out VQGAN's adversarial and perceptual loss (arXiv 2012.09841, section 3.1).
"""

from math import prod
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.autoencoder import folding, require_places, unfolding
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import restore
from mmcourse.codebook.fsq import LEVELS, codes_of, finite_scalar, levels_of

SIDE = 8
"""Cells of a row, and of a column."""

CELLS = SIDE * SIDE
CODES = prod(LEVELS)
"""Values of one code."""

EACH = 2
"""Codes of one cell."""


@final
class PictureTokenizer(nn.Module):
    """An encoder to codes, and a decoder of them.

    >>> tokenizer = PictureTokenizer()
    >>> codes = tokenizer.encode(torch.zeros(3, 3, 64, 64))
    >>> codes.shape, tokenizer.decode(codes).shape
    (torch.Size([3, 64, 2]), torch.Size([3, 3, 64, 64]))
    """

    def __init__(self) -> None:
        super().__init__()
        channels = EACH * len(LEVELS)
        self.encoder, self.decoder = folding(channels), unfolding(channels)

    def forward(self, images: Float[Tensor, "batch 3 64 64"]) -> Float[Tensor, "batch 3 64 64"]:
        """Return what comes back of pictures, from -1 to 1 or so; gradients pass the rounding.

        Args:
            images: from -1 to 1, as `as_images` gives them.
        """
        return self.decoder(_as_places(self._rounded(images)))

    @checked
    def encode(self, images: Float[Tensor, "batch 3 64 64"]) -> Int[Tensor, "batch cells 2"]:
        """Return the codes of each cell, row by row from the upper left.

        Args:
            images: from -1 to 1, as `as_images` gives them.

        Raises:
            ValueError: there is no picture.
        """
        require_places("encode", images)
        return codes_of(self._rounded(images))

    @checked
    def decode(self, codes: Int[Tensor, "batch 64 2"]) -> Float[Tensor, "batch 3 64 64"]:
        """Return the pictures that codes spell, from -1 to 1.

        Raises:
            ValueError: a code is not from 0 to 999.
        """
        levels = levels_of(codes).to(next(self.parameters()))
        return self.decoder(_as_places(levels)).clamp(-1, 1)

    def _rounded(self, images: Tensor) -> Float[Tensor, "batch cells 2 levels"]:
        # (batch, levels, rows, columns) -> (batch, cells, levels)
        places = self.encoder(images).float().flatten(2).mT
        return finite_scalar(places.unflatten(2, (EACH, len(LEVELS))))


@checked
def load_tokenizer(device: str | None = None) -> PictureTokenizer:
    """Return the shipped tokenizer.

    Args:
        device: where it runs; None takes the GPU if there is one.
    """
    found = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    return restore(PictureTokenizer(), "picture-tokenizer").to(found)


def _as_places(
    rounded: Float[Tensor, "batch cells 2 levels"],
) -> Float[Tensor, "batch channels rows columns"]:
    return rounded.flatten(2).mT.reshape(len(rounded), -1, SIDE, SIDE)
