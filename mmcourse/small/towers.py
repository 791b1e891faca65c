"""A CLIP that learns from nothing in seconds: three convolutions, and a bag of words.

Pictures of 32 pixels, captions without order. Leaves out everything else that the towers of
`clip` are for.
"""

from collections.abc import Iterable, Sequence
from typing import final

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked


@final
class SmallCLIP(nn.Module):
    """Two small towers into one space of `dim` numbers.

    Args:
        words: which it can read; it skips others.
        dim: length of its embeddings.
        generator: decides the first weights; it is advanced.

    Raises:
        ValueError: `dim` is below 1.

    >>> small = SmallCLIP(["a", "cat"], 5, generator=torch.Generator().manual_seed(0))
    >>> small.encode_text(["a cat", "cat a dog"]).unique(dim=0).shape  # the same bag
    torch.Size([1, 5])
    """

    STAND_INS_HAVE = ("encode_image", "encode_text")
    """Whatever has these may be passed where a SmallCLIP is asked for."""

    @checked
    def __init__(
        self, words: Iterable[str], dim: int = 64, *, generator: torch.Generator
    ) -> None:
        super().__init__()
        dim = whole("SmallCLIP", "dim", dim, least=1)
        self.words = {word: place for place, word in enumerate(sorted(set(words)))}
        self.visual = nn.Sequential(
            *_block(3, 16), *_block(16, 32), *_block(32, 64), nn.Flatten(), nn.Linear(1024, dim)
        )
        self.word_embedding = nn.EmbeddingBag(len(self.words), 128, mode="sum")
        self.text_projection = nn.Sequential(nn.ReLU(), nn.Linear(128, dim))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear | nn.EmbeddingBag):
                nn.init.kaiming_normal_(layer.weight, generator=generator)
            if isinstance(layer, nn.Linear):
                nn.init.zeros_(layer.bias)

    @checked
    def encode_image(
        self, images: Float[Tensor, "batch 3 32 32"]
    ) -> Float[Tensor, "batch dim"]:
        """Return one embedding per picture, not normalised.

        Raises:
            ValueError: another shape.
        """
        if images.ndim != 4 or tuple(images.shape[1:]) != (3, 32, 32):
            raise ValueError(
                "encode_image: images must have shape (batch, 3, 32, 32); got "
                f"{tuple(images.shape)}; pairs(n, seed, **SMALL_WORLD).images() makes them."
            )
        return self.visual(images)

    @checked
    def encode_text(self, texts: Sequence[str]) -> Float[Tensor, "batch dim"]:
        """Return one embedding per text, not normalised; it does not see the order of words."""
        bags = [
            [self.words[word] for word in text.split() if word in self.words] for text in texts
        ]
        starts = np.cumsum([0, *map(len, bags)])[:-1]
        device = self.word_embedding.weight.device
        words = torch.tensor([word for bag in bags for word in bag], dtype=torch.long).to(
            device
        )
        return self.text_projection(
            self.word_embedding(words, torch.from_numpy(starts).to(device))
        )


def _block(inputs: int, outputs: int) -> list[nn.Module]:
    """Return layers that halve a picture's width and height."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
