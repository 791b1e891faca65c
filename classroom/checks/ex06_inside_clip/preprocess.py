"""06.2: a picture as CLIP reads it: resize, crop, RGB, 0 to 1, normalise.

All sizes come out whole and centred exactly: which way a half is rounded is not asked.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from classroom.checks.invariances import within
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).reshape(3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).reshape(3, 1, 1)
BICUBIC = Image.Resampling.BICUBIC


def preprocess(picture: Image.Image, n: int) -> Tensor:
    """Return the centre square of a picture, n pixels wide, normalised: (3, n, n)."""
    return _normalised(_centre(_resized(picture, n), n))


def harness(answer: "Answer", pixels: "np.ndarray", mode: str, n: int) -> "Any":
    """Return what an answer makes of a Pillow picture with these pixels."""
    from PIL import Image

    return answer(Image.fromarray(pixels).convert(mode), n)


def _resized(picture: Image.Image, n: int, filtered: int = BICUBIC) -> Image.Image:
    """Return the picture with its short side n."""
    width, height = picture.size
    short = min(width, height)
    return picture.resize((n * width // short, n * height // short), filtered)


def _centre(picture: Image.Image, n: int) -> Image.Image:
    left, top = ((side - n) // 2 for side in picture.size)
    return picture.crop((left, top, left + n, top + n))


def _scaled(picture: Image.Image) -> Tensor:
    """Return numbers from 0 to 1, colours first."""
    return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1) / 255


def _normalised(picture: Image.Image) -> Tensor:
    return (_scaled(picture) - MEAN) / STD


def _with(cut: Callable[[Image.Image, int], Image.Image]) -> Answer:
    """Return an answer that finds the square in another way."""
    return lambda picture, n: _normalised(cut(picture, n))


def _from(finish: Callable[[Image.Image], Tensor]) -> Answer:
    """Return an answer that makes numbers of the square in another way."""
    return lambda picture, n: finish(_centre(_resized(picture, n), n))


def _long_side(picture: Image.Image, n: int) -> Image.Image:
    width, height = picture.size
    longest = max(width, height)
    return _centre(picture.resize((n * width // longest, n * height // longest), BICUBIC), n)


def _sides_exchanged(picture: Image.Image, n: int) -> Image.Image:
    height, width = picture.size
    short = min(width, height)
    return _centre(picture.resize((n * width // short, n * height // short), BICUBIC), n)


def _cropped_first(picture: Image.Image, n: int) -> Image.Image:
    return _centre(picture, min(picture.size)).resize((n, n), BICUBIC)


def _without_rgb(picture: Image.Image) -> Tensor:
    return (torch.from_numpy(np.array(picture)).permute(2, 0, 1) / 255 - MEAN) / STD


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    stripes = np.zeros((4, 8, 3), dtype=np.uint8)
    stripes[:, :2, 0] = stripes[:, 2:6, 1] = stripes[:, 6:, 2] = 255
    return [
        shown("a grey square that fits", np.full((2, 2, 3), 102, dtype=np.uint8), "RGB", 2),
        shown("red, green in the middle, blue", stripes, "RGB", 4),
        shown("the same, made smaller", stripes, "RGB", 2),
    ]


def _pixels(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Return random pixels, which change so fast that any other cut shows."""
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def _coloured(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("wider than high", _pixels(rng, 9, 15), "RGB", 6),
        hidden("higher than wide", _pixels(rng, 20, 12), "RGB", 6),
        hidden("square", _pixels(rng, 10, 10), "RGB", 5),
        hidden("twice as wide as high, made larger", _pixels(rng, 5, 10), "RGB", 10),
    ]


def _other_modes(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("a grey picture", _pixels(rng, 9, 15), "L", 6),
        hidden("a picture with transparency", _pixels(rng, 15, 9), "RGBA", 6),
    ]


def _mirrors(run: Callable[..., Any], pixels: np.ndarray, mode: str, n: int) -> bool:
    turned = np.asarray(run(pixels[:, ::-1].copy(), mode, n))[..., ::-1]
    return bool(np.allclose(run(pixels, mode, n), turned, atol=0.04))


PREPROCESS = Question(
    number="06.2",
    function="preprocess",
    reference=preprocess,
    harness=harness,
    rtol=1e-4,
    atol=0.03,  # two steps of 255, for another rounding
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the centre square, normalised", points=3, cases=_coloured),
        Property(name="grey and transparent pictures", points=1, cases=_other_modes),
    ),
    mistakes=(
        Mistake(
            name="squashed",
            message="You squashed the whole picture into a square. CLIP makes its *short* side "
            "n, keeps its proportions, and cuts the rest off.",
            answer=_with(lambda picture, n: picture.resize((n, n), BICUBIC)),
        ),
        Mistake(
            name="normalised-before-scaling",
            message="You subtracted the mean from numbers up to 255. It belongs to numbers "
            "from 0 to 1: divide by 255 first.",
            answer=_from(lambda square: (255 * _scaled(square) - MEAN) / STD),
            variants=(_from(lambda square: (255 * _scaled(square) - MEAN) / STD / 255),),
        ),
        Mistake(
            name="BGR",
            message="Red and blue are exchanged. Pillow gives red, green, blue, and so CLIP "
            "expects them; OpenCV is the one that turns them round.",
            answer=_from(lambda square: (_scaled(square).flip(0) - MEAN) / STD),
            variants=(
                _from(lambda square: _normalised(square).flip(0)),
                _from(lambda square: (_scaled(square) - MEAN.flip(0)) / STD.flip(0)),
            ),
        ),
        Mistake(
            name="no-centre-crop",
            message="The short side is n, but nothing was cut off. Crop the square in the "
            "middle, n pixels wide and high.",
            answer=_with(_resized),
        ),
        Mistake(
            name="corner-crop",
            message="You kept the left or upper end of the picture. The square lies in the "
            "middle: start at (long side − n) // 2.",
            answer=_with(lambda picture, n: _resized(picture, n).crop((0, 0, n, n))),
        ),
        Mistake(
            name="long-side",
            message="You made the long side n, so the square reaches beyond the picture, where "
            "Pillow puts black. Make the short side n: divide by min(...).",
            answer=_with(_long_side),
        ),
        Mistake(
            name="width-height-swapped",
            message="Width and height are exchanged, which distorts the picture. Pillow's size "
            "is (width, height); an array's shape is (height, width, 3).",
            answer=_with(_sides_exchanged),
        ),
        Mistake(
            name="cropped-first",
            message="You cropped before you resized. At the square's edges bicubic resampling "
            "looks at the pixels beside it: resize first.",
            answer=_with(_cropped_first),
        ),
        Mistake(
            name="not-resized",
            message="You cut n pixels out of the picture as it came. First make its short side "
            "n, or only a detail is seen.",
            answer=_with(_centre),
        ),
        Mistake(
            name="not-bicubic",
            message="The cut is right, the resampling is another one. CLIP was trained with "
            "Image.Resampling.BICUBIC.",
            answer=_with(
                lambda picture, n: _centre(_resized(picture, n, Image.Resampling.BILINEAR), n)
            ),
            variants=(
                _with(
                    lambda picture, n: _centre(
                        _resized(picture, n, Image.Resampling.NEAREST), n
                    )
                ),
                _with(
                    lambda picture, n: _centre(
                        _resized(picture, n, Image.Resampling.LANCZOS), n
                    )
                ),
            ),
        ),
        Mistake(
            name="not-normalised",
            message="These numbers run from 0 to 1. Subtract each colour's mean and divide by "
            "its spread: (x − MEAN) / STD.",
            answer=_from(_scaled),
            variants=(_from(lambda square: _scaled(square) - MEAN),),
        ),
        Mistake(
            name="channels-last",
            message="The colours stand last, as in an array of pixels. A tower reads colours "
            "first: permute(2, 0, 1).",
            answer=_from(lambda square: _normalised(square).permute(1, 2, 0)),
        ),
        Mistake(
            name="not-rgb",
            message='Grey pictures have one channel, transparent ones four. convert("RGB") '
            "makes it three.",
            answer=_from(_without_rgb),
        ),
    ),
    invariances=(
        within(
            "Numbers from 0 to 1, normalised, lie between −1.8 and 2.2; one of yours does not.",
            -1.8,
            2.2,
        ),
        Invariance(
            name="mirror",
            message="A picture in the mirror must give the same numbers in the mirror: the "
            "square lies in the middle.",
            holds=_mirrors,
        ),
    ),
)
