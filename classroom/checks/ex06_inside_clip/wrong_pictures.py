"""Pictures prepared in ways that are wrong in one part: the mistakes of 06.2."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from classroom.checks.ex06_inside_clip.wrong_cuts import (
    BICUBIC,
    Cut,
    centre,
    height_made_n,
    long_side,
    lower_corner,
    resized,
    sides_exchanged,
    square_first,
    width_made_n,
)
from classroom.checks.question import Answer, Mistake

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).reshape(3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).reshape(3, 1, 1)


def _rgb(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB")


def _normalised(numbers: Tensor) -> Tensor:
    return (numbers - MEAN) / STD


def _colours_first(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)


def build(  # noqa: PLR0913 - each is a place for one mistake
    *,
    fitted: Cut = resized,
    cut: Cut = centre,
    coloured: Callable[[Image.Image], Image.Image] = _rgb,
    laid: Callable[[np.ndarray], Tensor] = _colours_first,
    scaled: Callable[[Tensor], Tensor] = lambda numbers: numbers / 255,
    normalised: Callable[[Tensor], Tensor] = _normalised,
    given: Callable[[Tensor], Tensor] = lambda numbers: numbers,
) -> Answer:
    """Return an answer that takes its steps in other ways."""

    def answer(picture: Image.Image, n: int) -> Tensor:
        square = coloured(cut(fitted(picture, n), n))
        return given(normalised(scaled(laid(np.array(square)))))

    return answer


def _as_it_is(picture: Image.Image, *_: int) -> Image.Image:
    return picture


def _own(numbers: Tensor) -> Tensor:
    means = numbers.mean(dim=(1, 2), keepdim=True)
    return (numbers - means) / numbers.std(dim=(1, 2), keepdim=True)


FILTERS = (Image.Resampling.BILINEAR, Image.Resampling.NEAREST, Image.Resampling.LANCZOS)
OF_ANOTHER_MODEL = (
    torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1),
    torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1),
)

MISTAKES = (
    Mistake(
        name="squashed",
        message="You squashed the whole picture into a square. CLIP makes its *short* side "
        "n, keeps its proportions, and cuts the rest off.",
        changes={"fitted": lambda picture, n: picture.resize((n, n), BICUBIC)},
    ),
    Mistake(
        name="long-side",
        message="You made the long side n, so the square reaches beyond the picture, where "
        "Pillow puts black. Make the short side n: divide by min(...).",
        changes={"fitted": long_side},
        variants=({"fitted": partial(long_side, rounded=round)},),
    ),
    Mistake(
        name="always-one-side",
        message="You made the height n, or the width, whichever is shorter. It is the *short* "
        "side that becomes n: divide by min(picture.size).",
        answer=build(fitted=height_made_n),
        variants=(build(fitted=width_made_n),),
    ),
    Mistake(
        name="width-height-swapped",
        message="Width and height are exchanged, which distorts the picture. Pillow's size "
        "is (width, height); an array's shape is (height, width, 3).",
        changes={"fitted": sides_exchanged},
    ),
    Mistake(
        name="not-resized",
        message="You cut n pixels out of the picture as it came. First make its short side "
        "n, or only a detail is seen.",
        changes={"fitted": _as_it_is},
    ),
    Mistake(
        name="not-bicubic",
        message="The cut is right, the resampling is another one. CLIP was trained with "
        "Image.Resampling.BICUBIC.",
        changes={"fitted": partial(resized, filtered=FILTERS[0])},
        variants=tuple({"fitted": partial(resized, filtered=each)} for each in FILTERS[1:]),
    ),
    Mistake(
        name="no-centre-crop",
        message="The short side is n, but nothing was cut off. Crop the square in the "
        "middle, n pixels wide and high.",
        changes={"cut": _as_it_is},
    ),
    Mistake(
        name="corner-crop",
        message="You kept one end of the picture. The square lies in the middle: start at "
        "(long side − n) // 2.",
        changes={"cut": lambda picture, n: picture.crop((0, 0, n, n))},
        variants=({"cut": lower_corner},),
    ),
    Mistake(
        name="cropped-first",
        message="You cropped before you resized. At the square's edges bicubic resampling "
        "looks at the pixels beside it: resize first.",
        changes={
            "fitted": square_first,
            "cut": lambda square, n: square.resize((n, n), BICUBIC),
        },
    ),
    Mistake(
        name="not-rgb",
        message='Grey pictures have one channel, transparent ones four. convert("RGB") '
        "makes it three, of every picture; it returns a new one.",
        changes={"coloured": _as_it_is},
        variants=(
            {"coloured": lambda x: x.convert("RGB") if x.mode == "L" else x},
            build(coloured=lambda x: x.convert("RGB") if x.mode == "RGBA" else x),
        ),
    ),
    Mistake(
        name="grey",
        message="You made every picture grey. CLIP sees colours: convert it to RGB alone.",
        changes={"coloured": lambda picture: picture.convert("L").convert("RGB")},
    ),
    Mistake(
        name="BGR",
        message="Red and blue are exchanged. Pillow gives red, green, blue, and so CLIP "
        "expects them; OpenCV is the one that turns them round.",
        changes={"laid": lambda pixels: _colours_first(pixels).flip(0)},
        variants=(
            {"given": lambda numbers: numbers.flip(0)},
            {"normalised": lambda numbers: (numbers - MEAN.flip(0)) / STD.flip(0)},
        ),
    ),
    Mistake(
        name="channels-last",
        message="The colours stand last, as in an array of pixels. A tower reads colours "
        "first: permute(2, 0, 1).",
        changes={"given": lambda numbers: numbers.permute(1, 2, 0)},
    ),
    Mistake(
        name="reshaped",
        message="A reshape to (3, n, n) does not move the colours to the front: it mixes them "
        "with the pixels. permute(2, 0, 1) moves the axis.",
        changes={"laid": lambda pixels: torch.from_numpy(pixels).reshape(3, *pixels.shape[:2])},
    ),
    Mistake(
        name="turned",
        message="Your picture is turned on its side: width stands before height. Colours "
        "first, then height, then width: permute(2, 0, 1).",
        changes={"laid": lambda pixels: torch.from_numpy(pixels).permute(2, 1, 0)},
    ),
    Mistake(
        name="normalised-before-scaling",
        message="You subtracted the mean from numbers up to 255. It belongs to numbers "
        "from 0 to 1: divide by 255 first.",
        changes={"scaled": lambda numbers: numbers},
        variants=({"scaled": lambda numbers: numbers, "given": lambda numbers: numbers / 255},),
    ),
    Mistake(
        name="divided-by-256",
        message="You divided by 256. White is 255, and must become 1.",
        changes={"scaled": lambda numbers: numbers / 256},
    ),
    Mistake(
        name="stretched",
        message="You divided by the picture's own largest number. Divide by 255, or a dark "
        "picture turns bright.",
        changes={"scaled": lambda numbers: numbers / numbers.max()},
    ),
    Mistake(
        name="not-normalised",
        message="These numbers run from 0 to 1. Subtract each colour's mean and divide by "
        "its spread: (x − MEAN) / STD.",
        changes={"normalised": lambda numbers: numbers},
    ),
    Mistake(
        name="no-spread",
        message="You subtracted the mean, and did not divide by the spread: (x − MEAN) / STD.",
        changes={"normalised": lambda numbers: numbers - MEAN},
    ),
    Mistake(
        name="times-spread",
        message="You multiplied by the spread. Divide by it: (x − MEAN) / STD.",
        changes={"normalised": lambda numbers: (numbers - MEAN) * STD},
    ),
    Mistake(
        name="brackets",
        message="Without brackets MEAN alone is divided by STD: write (x − MEAN) / STD.",
        changes={"normalised": lambda numbers: numbers - MEAN / STD},
        variants=({"normalised": lambda numbers: numbers / STD - MEAN},),
    ),
    Mistake(
        name="mean-and-spread-exchanged",
        message="You subtracted STD and divided by MEAN. It is (x − MEAN) / STD.",
        changes={"normalised": lambda numbers: (numbers - STD) / MEAN},
    ),
    Mistake(
        name="other-constants",
        message="You normalised with other numbers than CLIP's, from −1 to 1, say, or those of "
        "ImageNet, or the picture's own. Take MEAN and STD from above.",
        changes={"normalised": lambda numbers: 2 * numbers - 1},
        variants=(
            {"normalised": _own},
            {"normalised": lambda x: (x - OF_ANOTHER_MODEL[0]) / OF_ANOTHER_MODEL[1]},
        ),
    ),
    Mistake(
        name="batch-axis",
        message="Your picture is right, with an axis too many in front. One picture has the "
        "shape (3, n, n).",
        changes={"given": lambda numbers: numbers[None]},
    ),
)
