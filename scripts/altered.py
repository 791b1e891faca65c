"""What happens to a picture on its way: sent smaller or larger, squeezed into JPEG, padded."""

from collections.abc import Callable, Mapping
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from mmcourse.world.scenes.randomness import pick

FILTERS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
Alteration = Callable[[Image.Image, np.random.Generator], Image.Image]


def as_it_is(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Return the picture."""
    return picture


def resized(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return it at a height of 48 to 512 pixels."""
    height = round(48 * (512 / 48) ** rng.random())
    width = round(height * picture.width / picture.height)
    return picture.resize((width, height), pick(rng, FILTERS))


def compressed(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return what comes back from a JPEG of quality 30 to 90."""
    file = BytesIO()
    picture.save(file, "JPEG", quality=30 + int(61 * rng.random()))
    return Image.open(file).convert("RGB")


def padded(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return it in a frame of 2 to 10 % on all sides, white, grey or black."""
    wide = round((0.02 + 0.08 * rng.random()) * picture.height)
    return ImageOps.expand(picture, wide, pick(rng, ("white", "grey", "black")))


ALTERATIONS: Mapping[str, Alteration] = {
    "as it was drawn": as_it_is,
    "resized": resized,
    "JPEG": compressed,
    "padded": padded,
}
