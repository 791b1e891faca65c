"""Pictures and captions of the drawn world, as tensors.

One seed gives the same pictures on every machine. Pictures are kept as bytes, a quarter of
the memory of the floats that a tower reads; captions are said anew whenever they are needed.
Leaves out the scenes themselves (`world`) and training (`train`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int, UInt8
from PIL import Image
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.clip.preprocess import centre_square, normalize
from mmcourse.world import Scene, caption, render, sample_scene

SMALL_WORLD: Mapping[str, Any] = MappingProxyType(
    {
        "kinds": ("cat", "bird", "car", "boat", "house", "balloon", "umbrella", "flower"),
        "colours": ("red", "orange", "yellow", "green", "blue", "purple", "pink", "black"),
        "scenes": ("meadow", "beach", "desert", "snow"),
        "n_objects": 1,
        "size": 32,
        "heights": (32, 32),
    }
)
"""What a model learns in about a minute: one thing a picture, by day, 32 pixels wide."""

HEIGHTS = (64, 224)
"""Heights in pixels between which pictures are drawn before they are brought to size."""


@final
@dataclass(frozen=True)
class Pairs:
    """Pictures with their scenes; pair i is picture i and any caption of scene i.

    Args:
        pixels: red, green, blue from 0 to 255.
        scenes: what each picture shows.
    """

    pixels: UInt8[np.ndarray, "n size size 3"]
    scenes: tuple[Scene, ...]

    def __len__(self) -> int:
        return len(self.scenes)

    @checked
    def images(
        self, rows: Int[np.ndarray, " m"] | slice = slice(None)
    ) -> Float[Tensor, "m 3 size size"]:
        """Return the pictures in these rows, or all, as an image tower reads them."""
        return normalize(self.pixels[rows])

    @checked
    def captions(self, rng: np.random.Generator, *, full: bool = False) -> list[str]:
        """Return one caption of every scene; `rng` is advanced."""
        return [caption(scene, rng, full=full) for scene in self.scenes]


@checked
def pairs(
    n: int,
    seed: int | Sequence[int],
    *,
    size: int = 64,
    heights: tuple[int, int] = HEIGHTS,
    **part: Any,
) -> Pairs:
    """Return n pictures of random scenes, drawn at some height and brought to one size.

    Args:
        n: how many.
        seed: what numpy's `default_rng` takes; equal seeds give equal pictures.
        size: width and height in pixels that each comes out with.
        heights: lowest and highest of the heights in pixels that they are drawn at.
        part: which part of the world to draw from, as for `world.sample_scene`.

    Raises:
        ValueError: a number is out of range, or there is no such scene.

    >>> pairs(2, 0, size=16, n_objects=1, split="test").pixels.shape
    (2, 16, 16, 3)
    """
    n = whole("pairs", "n", n, least=1)
    size = whole("pairs", "size", size, least=1)
    low = whole("pairs", "the lowest height", heights[0], least=16)
    high = whole("pairs", "the highest height", heights[1], least=low, most=2048)
    rng = np.random.default_rng(seed)
    scenes = _sampled("pairs", n, rng, part)
    drawn = [low + int((high - low + 1) * rng.random()) for _ in scenes]
    pixels = [
        centre_square(Image.fromarray(render(scene, height)), size)
        for scene, height in zip(scenes, drawn, strict=True)
    ]
    return Pairs(np.stack(pixels), scenes)


@checked
def sample_scenes(n: int, rng: np.random.Generator, **part: Any) -> tuple[Scene, ...]:
    """Return n random scenes: those of `pairs`, without their pictures; `rng` is advanced."""
    return _sampled("sample_scenes", n, rng, part)


def _sampled(
    operation: str, n: int, rng: np.random.Generator, part: Mapping[str, Any]
) -> tuple[Scene, ...]:
    """Return n random scenes; what the world refuses is told in the name of who was asked."""
    with speaking_as(operation, "sample_scene"):
        return tuple(sample_scene(rng, **part) for _ in range(n))
