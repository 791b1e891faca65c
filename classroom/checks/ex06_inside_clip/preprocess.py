"""06.2: a picture as CLIP reads it: resize, crop, RGB, 0 to 1, normalise.

All sizes come out whole and centred exactly: which way a half is rounded is not asked.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from classroom.checks.ex06_inside_clip.wrong_cuts import centre, resized
from classroom.checks.ex06_inside_clip.wrong_pictures import MEAN, MISTAKES, STD, build
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


def preprocess(picture: Image.Image, n: int) -> Tensor:
    """Return the centre square of a picture, n pixels wide, normalised: (3, n, n)."""
    square = centre(resized(picture, n), n).convert("RGB")
    numbers = torch.from_numpy(np.array(square)).permute(2, 0, 1) / 255
    return (numbers - MEAN) / STD


def harness(answer: "Answer", pixels: "np.ndarray", mode: str, n: int) -> "Any":
    """Return what an answer makes of a Pillow picture with these pixels."""
    from PIL import Image

    return answer(Image.fromarray(pixels).convert(mode), n)


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
        hidden("wider than high", _pixels(rng, 14, 21), "RGB", 12),
        hidden("higher than wide", _pixels(rng, 27, 9), "RGB", 6),
        hidden("square", _pixels(rng, 10, 10), "RGB", 5),
        hidden("twice as wide as high, made larger", _pixels(rng, 5, 10), "RGB", 8),
    ]


def _other_modes(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("a grey picture", _pixels(rng, 10, 20), "L", 8),
        hidden("a picture with transparency", _pixels(rng, 21, 14), "RGBA", 12),
    ]


def _is_close(mine: Any, pixels: np.ndarray, mode: str, n: int) -> bool:
    return bool(np.allclose(mine, harness(preprocess, pixels, mode, n), atol=0.01))


def _flat(pixels: np.ndarray, _: int) -> np.ndarray:
    return np.full_like(pixels, (200, 100, 250))


def _fitting(_: np.ndarray, n: int) -> np.ndarray:
    return (np.arange(3 * n * n, dtype=np.uint32) * 97 % 256).astype("u1").reshape(n, n, 3)


def _is_right_of(change: Callable[[np.ndarray, int], np.ndarray]) -> Callable[..., bool]:
    """Return the law that a picture which `change` makes of this one comes out right."""

    def holds(run: Callable[..., Any], pixels: np.ndarray, mode: str, n: int) -> bool:
        other = (change(pixels, n), mode, n)
        return _is_close(run(*other), *other)

    return holds


PREPROCESS = Question(
    number="06.2",
    function="preprocess",
    reference=preprocess,
    harness=harness,
    rtol=1e-4,
    atol=0.005,  # a third of a step of 255: all round in the same place, Pillow's
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the centre square, normalised", points=3, cases=_coloured),
        Property(name="grey and transparent pictures", points=1, cases=_other_modes),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="flat",
            message="A picture of one colour must come out as that colour, from 0 to 1, minus "
            "MEAN, divided by STD, in each of the three channels; yours differs.",
            holds=_is_right_of(_flat),
        ),
        Invariance(
            name="no cut",
            message="Colours are right. A square picture that has n pixels already must come "
            "out as it is, colours first; yours has other pixels at other places.",
            holds=_is_right_of(_fitting),
        ),
        Invariance(
            name="cut",
            message="Some pictures come out right, and not those that must be made smaller or "
            "cut: make the short side n, bicubic, then cut out the centre.",
            holds=lambda run, *arguments: _is_close(run(*arguments), *arguments),
        ),
    ),
)
