"""From a picture of any size to the numbers an image tower reads, exactly as CLIP was trained.

Short side to n with bicubic resampling, centre crop, RGB, [0, 1], then normalised per channel:
the steps, their order and the constants of OpenAI's release. (arXiv 2103.00020, section 2.5,
trains on a random square of the resized picture; the centre one is its fixed counterpart.)
What lies outside the centre square is lost. Sizes are rounded as in torchvision.

Because RGB comes after resampling, a picture with a palette is thinned out instead of smoothed,
transparency shows whatever colour lies under it, and 16 bits are clipped to 8. Leaves out
opening files, and with it the repair of such pictures: `images.open_rgb` does both, and
`images.as_rgb` the second. What `clip.load` returns warns of them.
"""

import warnings
from typing import final

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

MEAN = (0.48145466, 0.4578275, 0.40821073)
"""What each channel of CLIP's training pictures is on average, in [0, 1]."""

STD = (0.26862954, 0.26130258, 0.27577711)
"""How far each channel spreads around it."""

ORIENTATION = 0x0112
"""The EXIF note that says how a picture is to be turned."""

MOST_PIXELS = 100_000_000
"""Of a picture after it is resized; only one far longer than wide comes near."""


@checked
def preprocess(image: Image.Image, n: int) -> Float[Tensor, "3 n n"]:
    """Return a picture as an image tower reads it: its centre square, normalised per channel.

    Args:
        image: a Pillow picture of any size and mode.
        n: the tower's resolution in pixels.

    Raises:
        ValueError: `n` is below 1, or the picture has no pixels, or is so long and thin that
            resized it would have over 100 million.

    >>> preprocess(Image.new("L", (30, 20), 255), 4).shape
    torch.Size([3, 4, 4])
    """
    channels = torch.from_numpy(centre_square(image, n)).movedim(-1, -3)
    return _normalized(channels.contiguous())  # moving bytes is quicker than moving floats


@checked
def centre_square(image: Image.Image, n: int) -> UInt8[np.ndarray, "n n 3"]:
    """Return the centre square of a picture, n pixels wide, as red, green, blue from 0 to 255.

    Args:
        image: a Pillow picture of any size and mode.
        n: width and height in pixels.

    Raises:
        ValueError: as for `preprocess`.

    >>> centre_square(Image.new("RGB", (3, 1), "white"), 1)
    array([[[255, 255, 255]]], dtype=uint8)
    """
    if not isinstance(image, Image.Image):
        raise TypeError(
            f"preprocess: image must be a Pillow picture; got {type(image).__name__}; open a "
            "file with images.open_rgb(path), or pass Image.fromarray(pixels)."
        )
    n = whole("preprocess", "n", n, least=1)
    resized = image.resize(_resized(image, n), Image.Resampling.BICUBIC)
    left, top = (round((side - n) / 2) for side in resized.size)
    square = resized.crop((left, top, left + n, top + n))
    return np.array(square.convert("RGB"))  # a copy: torch wants to own what it reads


@checked
def normalize(pixels: UInt8[np.ndarray, "*batch h w 3"]) -> Float[Tensor, "*batch 3 h w"]:
    """Return pixels from 0 to 255 as channels of about mean 0 and spread 1, channels first.

    Raises:
        ValueError: its last axis is not the three channels.

    >>> normalize(np.zeros((2, 5, 7, 3), dtype=np.uint8)).shape
    torch.Size([2, 3, 5, 7])
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        raise TypeError(
            "normalize: pixels must be a numpy array of uint8, 0 to 255; got "
            f"{getattr(pixels, 'dtype', type(pixels).__name__)}; (255 * x).astype(np.uint8) "
            "makes one of x in [0, 1]."
        )
    if pixels.shape[-1:] != (3,) or pixels.ndim < 3:
        raise ValueError(
            f"normalize: pixels must have shape (…, height, width, 3); got {pixels.shape}; "
            "channels go last."
        )
    return _normalized(torch.from_numpy(np.ascontiguousarray(pixels)).movedim(-1, -3))


@checked
def unnormalize(x: Float[Tensor, "*batch 3 h w"]) -> Float[Tensor, "*batch h w 3"]:
    """Return what `normalize` was given, in [0, 1] and channels last: a picture to look at.

    Raises:
        ValueError: `x` has no axis of three channels before height and width.

    >>> unnormalize(normalize(np.full((1, 1, 3), 51, dtype=np.uint8))).round(decimals=3)
    tensor([[[0.2000, 0.2000, 0.2000]]])
    """
    if not isinstance(x, Tensor) or not x.is_floating_point():
        raise TypeError(
            "unnormalize: x must be a tensor of floats, as from normalize; got "
            f"{getattr(x, 'dtype', type(x).__name__)}."
        )
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError(
            f"unnormalize: x must have shape (…, 3, height, width); got {tuple(x.shape)}; "
            "channels go before height and width."
        )
    return (x * _column(STD).to(x) + _column(MEAN).to(x)).clip(0, 1).movedim(-3, -1)


def _normalized(channels: UInt8[Tensor, "*batch 3 h w"]) -> Float[Tensor, "*batch 3 h w"]:
    return (channels / 255).sub_(_column(MEAN)).div_(_column(STD))


def _resized(image: Image.Image, n: int) -> tuple[int, int]:
    """Return width and height with the short side n and the long one in proportion, cut off."""
    width, height = image.size
    short = min(width, height)
    if short == 0 or n * n * max(width, height) // short > MOST_PIXELS:
        raise ValueError(
            "preprocess: image must have pixels, and not be so thin that it takes over "
            f"{MOST_PIXELS} when its short side is {n}; got {width} × {height}; crop it first."
        )
    return n * width // short, n * height // short


def _unlike_shown(image: Image.Image) -> str | None:
    """Return what of a picture is lost in `preprocess` but not in a viewer."""
    if image.getexif().get(ORIENTATION, 1) in range(2, 9):
        return "is to be turned or mirrored, as its EXIF notes"
    if image.has_transparency_data and np.asarray(image.convert("RGBA"))[..., 3].min() < 255:
        return "is transparent in places"
    if image.mode == "F" or image.mode.startswith("I"):
        return "has more than 8 bits a number"
    return None


def _column(values: tuple[float, float, float]) -> Float[Tensor, "3 1 1"]:
    return torch.tensor(values).reshape(3, 1, 1)


@final
class Preprocess:
    """`preprocess` for one resolution: what `clip.load` returns beside its model."""

    @checked
    def __init__(self, n: int) -> None:
        self.n = whole("Preprocess", "n", n, least=1)

    @checked
    def __call__(self, image: Image.Image) -> Float[Tensor, "3 n n"]:
        """Return the picture as the tower reads it; see `preprocess`.

        Warns of a picture that a viewer shows otherwise than these steps read it.
        """
        if odd := _unlike_shown(image):
            warnings.warn(
                f"preprocess: image {odd}, which these steps do not heed, so that its vector "
                "is not that of its file; images.as_rgb(image) gives what a viewer shows.",
                stacklevel=2,
            )
        return preprocess(image, self.n)

    def __repr__(self) -> str:
        return f"Preprocess(short side to {self.n}, centre {self.n} × {self.n}, normalise)"
