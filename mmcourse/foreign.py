"""Is a picture of the drawn world at all? How far its lines, colours and textures are off.

A captioner says something of any picture, and may be sure of what it never saw the like of. So
it is first asked whether the picture looks like those that it was taught from. What a picture
is *of* shows late in an image tower; what it is *made of*, lines, flat colours, grain, shows in
the first stages. Of each channel there the mean and the spread over all places are taken, and
their Mahalanobis distance from those of the world's pictures is what counts (arXiv 1807.03888,
section 2.1, which takes means alone, of every stage).

Differs from the paper: logarithms of both, whose distribution is nearer to the normal one; one
class, the drawn world, instead of one a label; no noise added to the input. Leaves out which
part of a picture is foreign.
"""

from itertools import islice
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import restore
from mmcourse.clip.model import CLIP
from mmcourse.clip.resnet import ModifiedResNet

STAGES = 3
"""The stem, and the first two stages after it."""

WIDEST = 10_000
DIM = 416
"""Means and spreads of 16, 64 and 128 channels: those of `tiny`."""

SOFT = 0.1
"""Added before a logarithm is taken, so that a channel which is silent says little."""


@checked
@torch.no_grad()
def textures(
    model: CLIP, images: Float[Tensor, "batch 3 height width"]
) -> Float[Tensor, "batch numbers"]:
    """Return what pictures are made of: log mean and log spread of each early channel.

    Args:
        model: a CLIP with a ResNet, such as `tiny`.
        images: as for `encode_image`.

    Raises:
        ValueError: the model's image tower has no such stages.
    """
    if not isinstance(model.visual, ModifiedResNet):
        raise ValueError(
            "textures: model must have a ResNet for pictures; got a "
            f"{type(model.visual).__name__}; pass clip.load('tiny')[0]."
        )
    found = []
    for places in islice(model.visual.stages(images), STAGES):
        # (batch, channels, rows, columns) -> (batch, channels, places)
        flat = places.flatten(2)
        found += [flat.mean(2), flat.std(2)]
    return torch.log(torch.cat(found, dim=1) + SOFT)


@final
class Border(nn.Module):
    """How far out a picture lies: 0 in the middle of the world's, 1 at the border.

    `mean` is the world's, `whiten` brings each direction to the spread that the world has in
    it, `edge` is the distance that 98.5 % of pictures for validation stay within.

    Args:
        dim: numbers that `textures` gives.

    Raises:
        ValueError: `dim` is out of range.

    Before anything is known of a world, distances are lengths:

    >>> Border(dim=2)(torch.tensor([[3.0, 4.0]]))
    tensor([5.])
    """

    mean: Tensor
    whiten: Tensor
    edge: Tensor

    @checked
    def __init__(self, dim: int = DIM) -> None:
        super().__init__()
        dim = whole("Border", "dim", dim, least=1, most=WIDEST)
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("whiten", torch.eye(dim))
        self.register_buffer("edge", torch.ones(()))

    @checked
    @torch.no_grad()
    def forward(self, numbers: Float[Tensor, "batch numbers"]) -> Float[Tensor, " batch"]:
        """Return each picture's distance, in units of the border's; above 1 it is foreign.

        Args:
            numbers: from `textures`.

        Raises:
            ValueError: there are more numbers, or fewer, than the border knows.
        """
        if numbers.shape[1] != len(self.mean):
            raise ValueError(
                f"Border: there must be {len(self.mean)} numbers a picture; got "
                f"{numbers.shape[1]}; pass textures(model, images) of the model that it is of."
            )
        return ((numbers - self.mean) @ self.whiten).norm(dim=1) / self.edge


@checked
def load_border() -> Border:
    """Return the shipped border of the world, for pictures as `tiny` sees them."""
    return restore(Border(), "border")
