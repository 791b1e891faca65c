"""Texts and pictures of the drawn world as a model's vectors of length 1.

Pictures have the resolution that the model reads, and are encoded as soon as they are drawn, so
that memory holds few of them at a time. Leaves out what is asked about them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from mmcourse.clip.model import CLIP
from mmcourse.clip.preprocess import normalize
from mmcourse.data import HEIGHTS, Pairs, pairs
from mmcourse.world import Scene

BATCH = 256
"""Pictures that are encoded at a time."""


@final
@dataclass(frozen=True)
class Seen:
    """What a model made of some pictures.

    Args:
        images: one vector of length 1 a picture.
        scenes: what each picture shows.
    """

    images: Float[Tensor, "n dim"]
    scenes: tuple[Scene, ...]

    def __len__(self) -> int:
        return len(self.scenes)


@final
@dataclass(frozen=True)
class Model:
    """A CLIP, in its evaluation mode, with what turns texts into its tokens."""

    clip: CLIP
    tokens: Callable[[Sequence[str]], Tensor]

    @torch.no_grad()
    def texts(self, texts: Sequence[str]) -> Float[Tensor, "n dim"]:
        """Return one vector of length 1 a text."""
        return _unit(self.clip.encode_text(self.tokens(texts).to(self.device)), "texts")

    @torch.no_grad()
    def images(self, pixels: UInt8[np.ndarray, "n size size 3"]) -> Float[Tensor, "n dim"]:
        """Return one vector of length 1 a picture, which has the model's own resolution."""
        parts = [
            self.clip.encode_image(normalize(pixels[start : start + BATCH]).to(self.device))
            for start in range(0, len(pixels), BATCH)
        ]
        return _unit(torch.cat(parts), "pictures")

    def look(self, shown: Pairs) -> Seen:
        """Return what it makes of pictures that are drawn already."""
        return Seen(self.images(shown.pixels), shown.scenes)

    def draw(self, n: int, seed: Sequence[int], **part: Any) -> Seen:
        """Return what it makes of n random pictures, none of them drawn coarser than it sees.

        Args:
            n: how many.
            seed: equal seeds give equal pictures.
            part: of the world, as for `data.pairs`.
        """
        size = self.size
        heights = (max(16, size), max(size, HEIGHTS[1]))
        seen = [
            self.look(
                pairs(min(BATCH, n - start), [*seed, start], size=size, heights=heights, **part)
            )
            for start in range(0, n, BATCH)
        ]
        scenes = tuple(scene for each in seen for scene in each.scenes)
        return Seen(torch.cat([each.images for each in seen]), scenes)

    @property
    def size(self) -> int:
        """Width and height in pixels of the pictures that it reads."""
        return self.clip.visual.input_resolution

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.clip.logit_scale.device


def _unit(vectors: Float[Tensor, "n dim"], what: str) -> Float[Tensor, "n dim"]:
    if not bool(vectors.isfinite().all()):
        raise ValueError(
            f"probe: the model's vectors must be finite; got NaN or infinity for {what}; its "
            "weights are damaged, or too large for their dtype."
        )
    return F.normalize(vectors, dim=-1)
