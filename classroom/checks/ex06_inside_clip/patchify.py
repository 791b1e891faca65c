"""06.1: a picture cut into patches, one row of numbers each.

Leaves out pictures whose sides are no multiples of the patch: CLIP resizes them first.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

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


def patchify(image: Tensor, p: int) -> Tensor:
    """Return the p × p patches of (3, height, width) as rows: colour, then y, then x."""
    return _split(image, p).permute(1, 3, 0, 2, 4).flatten(0, 1).flatten(1)


def _split(image: Tensor, p: int) -> Tensor:
    """Return the axes colour 0, row of patches 1, y 2, column of patches 3, x 4."""
    colours, height, width = image.shape
    return image.reshape(colours, height // p, p, width // p, p)


def build(
    *,
    split: str = "p last",
    patches: tuple[int, int] = (1, 3),
    inside: tuple[int, int, int] = (0, 2, 4),
) -> Answer:
    """Return an answer that splits both sides, or takes the five axes, in another way."""

    def answer(image: Tensor, p: int) -> Tensor:
        colours, height, width = image.shape
        axes = _split(image, p)
        if split == "p first":
            axes = image.reshape(colours, p, height // p, p, width // p)
        return axes.permute(*patches, *inside).reshape(-1, colours * p * p)

    return answer


def _windows(image: Tensor, p: int, stride: int) -> Tensor:
    windows = image.unfold(1, p, stride).unfold(2, p, stride)  # (3, rows, columns, p, p)
    return windows.permute(1, 2, 0, 3, 4).flatten(0, 1).flatten(1)


def _as_many_down_as_across(axis: int, image: Tensor, p: int) -> Tensor:
    steps = [slice(place * p, place * p + p) for place in range(image.shape[axis] // p)]
    return torch.stack([image[:, y, x].flatten() for y in steps for x in steps])


def _counting(colours: int, height: int, width: int) -> Tensor:
    """Return a picture whose numbers tell colour, row and column: 214 is colour 2, (1, 4)."""
    colour, y, x = np.indices((colours, height, width))
    return torch.from_numpy(100.0 * colour + 10 * y + x)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("numbers that tell colour, row and column", _counting(3, 2, 4), 2),
        shown("two rows of three patches", _counting(3, 4, 6), 2),
    ]


def _picture(rng: np.random.Generator, rows: int, columns: int, p: int) -> tuple[Tensor, int]:
    return torch.from_numpy(rng.standard_normal((3, rows * p, columns * p))), p


def _squares(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three rows of three patches", *_picture(rng, 3, 3, 3)),
        hidden("as many rows as pixels in a patch's side", *_picture(rng, 4, 4, 4)),
    ]


def _oblongs(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three rows of five patches", *_picture(rng, 3, 5, 2)),
        hidden("two rows, one patch each", *_picture(rng, 2, 1, 7)),
        hidden("patches of one pixel", *_picture(rng, 4, 3, 1)),
    ]


def _holds_each_number_once(run: Callable[..., Any], image: Tensor, p: int) -> bool:
    numbers = np.sort(np.asarray(run(image, p)), axis=None)
    wanted = np.sort(image.numpy(), axis=None)
    return numbers.shape == wanted.shape and bool(np.allclose(numbers, wanted, atol=1e-3))


def _begins_with_a_square(run: Callable[..., Any], image: Tensor, p: int) -> bool:
    first = np.sort(np.asarray(run(image, p))[0])
    return bool(np.allclose(first, np.sort(patchify(image, p)[0]), atol=1e-3))


PATCHIFY = Question(
    number="06.1",
    function="patchify",
    reference=patchify,
    rtol=1e-5,
    atol=1e-6,  # numbers only move; float32 rounds them
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="square pictures", points=2, cases=_squares),
        Property(name="pictures of other shapes", points=1, cases=_oblongs),
    ),
    build=build,
    mistakes=(
        Mistake(
            name="row-column-swap",
            message="You went through the patches column by column. They are read like "
            "words: a row from left to right, then the next row.",
            changes={"patches": (3, 1)},
        ),
        Mistake(
            name="patches-turned",
            message="The patches stand in the right order, but each is turned on its side: "
            "inside a patch, too, y comes before x.",
            changes={"inside": (0, 4, 2)},
        ),
        Mistake(
            name="channels-last",
            message="You put the three colours of each pixel side by side. Inside a patch, all "
            "of its red comes first, then its green, then its blue.",
            changes={"inside": (2, 4, 0)},
            variants=({"inside": (4, 2, 0)},),
        ),
        Mistake(
            name="split-exchanged",
            message="You split a height into (p, rows), where it is (rows, p): neighbours stay "
            "together in the last axis, so a patch's own pixels stand there.",
            changes={"split": "p first"},
            variants=({"split": "p first", "patches": (2, 4), "inside": (0, 1, 3)},),
        ),
        Mistake(
            name="overlapping",
            message="Your patches overlap. A patch begins where its neighbour ends, p pixels "
            "further on.",
            answer=lambda image, p: _windows(image, p, 1),
            variants=(lambda image, p: _windows(image, p, max(1, p // 2)),),
        ),
        Mistake(
            name="reshape-only",
            message="A reshape alone cuts the picture into strips, not into squares. Split "
            "height and width into (rows, p) and (columns, p), then permute.",
            answer=lambda image, p: image.reshape(-1, image.shape[0] * p * p),
            variants=(
                lambda image, p: (
                    image.reshape(len(image), -1, p * p).transpose(0, 1).flatten(1)
                ),
            ),
        ),
        Mistake(
            name="colours-apart",
            message="You cut each colour for itself. A patch holds all three: its row is "
            "3 · p · p numbers long, red, green, blue.",
            answer=lambda image, p: _split(image, p).permute(0, 1, 3, 2, 4).reshape(-1, p * p),
            variants=(
                lambda image, p: _split(image, p).permute(1, 3, 0, 2, 4).reshape(-1, p * p),
                lambda image, p: _split(image, p).permute(0, 1, 3, 2, 4).reshape(-1, 3 * p * p),
            ),
        ),
        Mistake(
            name="one-colour",
            message="You cut one colour of the three. A patch holds all: red, green, blue.",
            answer=lambda image, p: patchify(image, p)[:, : p * p],
        ),
        Mistake(
            name="width-height-swapped",
            message="You took height for width. The axes of a picture here are colour, height, "
            "width.",
            answer=lambda image, p: patchify(image.reshape(3, *image.shape[:0:-1]), p),
        ),
        Mistake(
            name="one-side-for-both",
            message="You counted the patches along one side and took as many along the other. "
            "height // p is how many there are down, width // p how many across.",
            answer=partial(_as_many_down_as_across, 1),
            variants=(partial(_as_many_down_as_across, 2),),
        ),
        Mistake(
            name="patches-as-columns",
            message="Your patches are the columns. Turn the matrix: one row for each patch.",
            answer=lambda image, p: patchify(image, p).T,
        ),
        Mistake(
            name="batch-axis",
            message="Your patches are right, with an axis too many in front: one picture came "
            "in, so the shape is (patches, 3 · p · p).",
            answer=lambda image, p: patchify(image, p)[None],
        ),
        Mistake(
            name="not-flattened",
            message="The cuts are right; what is missing is to flatten them, to one row of "
            "3 · p · p numbers for each patch.",
            answer=lambda image, p: _split(image, p).permute(1, 3, 0, 2, 4),
            variants=(
                lambda image, p: _split(image, p).permute(1, 3, 0, 2, 4).flatten(0, 1),
                lambda image, p: _split(image, p).permute(1, 3, 0, 2, 4).flatten(2),
            ),
        ),
    ),
    invariances=(
        Invariance(
            name="cut",
            message="Each number of the picture must come out once, unchanged: none twice, "
            "none lost. Yours are others.",
            holds=_holds_each_number_once,
        ),
        Invariance(
            name="squares",
            message="The first row must hold the top left square of p by p pixels, of each "
            "colour; yours holds other numbers.",
            holds=_begins_with_a_square,
        ),
        Invariance(
            name="inside",
            message="The first row holds the top left square, in another order. All of its red "
            "comes first, then green, then blue, each row by row.",
            holds=lambda run, image, p: bool(
                np.allclose(np.asarray(run(image, p))[0], patchify(image, p)[0], atol=1e-3)
            ),
        ),
        Invariance(
            name="order",
            message="Your first patch is right, others are not. They are read row by row from "
            "the top left.",
            holds=lambda run, image, p: bool(
                np.allclose(run(image, p), patchify(image, p), atol=1e-3)
            ),
        ),
    ),
)
