"""Ways from files to a tower that are wrong in one part: the mistakes of 06.5."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from classroom.checks.question import Answer, Mistake
from mmcourse.clip import CLIP, load, preprocess, tokenize

SIDE, LENGTH = 64, 77
Prepare = Callable[[Image.Image], Tensor]


def _upright(path: str) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(path))


def _prepared(picture: Image.Image) -> Tensor:
    return preprocess(picture, SIDE)


def _tokens(captions: Sequence[str]) -> Tensor:
    return tokenize(captions, truncate=True)


def build(
    *,
    opened: Callable[[str], Image.Image] = _upright,
    prepared: Prepare = _prepared,
    together: Callable[[list[Tensor]], Any] = torch.stack,
    read: Callable[[str], str] = lambda caption: caption,
    tokens: Callable[[Sequence[str]], Tensor] = _tokens,
    given: Callable[..., Any] = lambda images, tokens: (images, tokens),
) -> Answer:
    """Return an answer that opens, prepares, puts together or tokenises in another way."""

    def answer(paths: Sequence[str], captions: Sequence[str]) -> Any:
        images = together([prepared(opened(path)) for path in paths])
        return given(images, tokens([read(caption) for caption in captions]))

    return answer


def _scaled(picture: Image.Image) -> Tensor:
    """Return what is normalised last, from 0 to 1: black becomes 0, white 1."""
    black, white = (_prepared(Image.new("RGB", (1, 1), name)) for name in ("black", "white"))
    return (_prepared(picture) - black) / (white - black)


def _exchanged(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.array(picture.convert("RGB"))[:, :, ::-1])


def _squashed(picture: Image.Image) -> Tensor:
    return _prepared(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _first_words(most: int, caption: str) -> str:
    return " ".join(caption.split()[:most])


def _cut_at_the_end(captions: Sequence[str]) -> Tensor:
    return tokenize(captions, 1000)[:, :LENGTH]


def _without_ends(captions: Sequence[str]) -> Tensor:
    """Return the ids alone, moved to the front."""
    rows = tokenize(captions, 1000)
    rows = rows.masked_fill(rows >= 49_406, 0)
    return rows.roll(-1, dims=1)[:, :LENGTH]


def _turned_if(*notes: int) -> Callable[[str], Image.Image]:
    """Return what turns a photograph for some of a camera's notes alone."""

    def opened(path: str) -> Image.Image:
        noted = Image.open(path).getexif().get(0x0112)
        return _upright(path) if noted in notes else Image.open(path)

    return opened


def _in_pairs(paths: Sequence[str], captions: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return as many pictures and texts as the shorter list has."""
    both = min(len(paths), len(captions))
    return build()(paths[:both], captions[:both])


@cache
def _tiny() -> CLIP:
    return load("tiny", device="cpu")[0]


@torch.no_grad()
def _features(images: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    return _tiny().encode_image(images), _tiny().encode_text(tokens)


MISTAKES = (
    Mistake(
        name="sideways",
        message="A photograph lies on its side: a camera notes in EXIF how it was held. "
        "ImageOps.exif_transpose(picture) turns it upright, before it is prepared.",
        changes={"opened": Image.open},
    ),
    Mistake(
        name="some-turned",
        message="You turn a photograph for some of a camera's notes alone. There are eight; "
        "ImageOps.exif_transpose(picture) knows them all.",
        changes={"opened": _turned_if(6)},
        variants=tuple(
            build(opened=_turned_if(*notes)) for notes in ((3,), (8,), (3, 6), (6, 8), (3, 8))
        ),
    ),
    Mistake(
        name="in-pairs",
        message="Pictures and captions need not be as many: where you walk through both at "
        "once, the longer list loses its rest. Take all pictures, and all captions.",
        answer=_in_pairs,
    ),
    Mistake(
        name="not-normalised",
        message="These pictures run from 0 to 1. The tower expects them normalised, as what "
        "`load` returns beside the model makes them.",
        changes={"prepared": _scaled},
    ),
    Mistake(
        name="0-to-255",
        message="Your pictures run from 0 to 255. The tower expects them scaled and "
        "normalised, as what `load` returns beside the model makes them.",
        changes={"prepared": lambda picture: 255 * _scaled(picture)},
    ),
    Mistake(
        name="wrong-size",
        message="The image tower of this model reads 64 pixels: model.visual.input_resolution. "
        "The larger models read 224, 288, 336 or 448.",
        changes={"prepared": partial(preprocess, n=224)},
    ),
    Mistake(
        name="squashed",
        message="You squashed each picture into a square. Its short side becomes 64, the rest "
        "is cut off, as what `load` returns beside the model does it.",
        changes={"prepared": _squashed},
    ),
    Mistake(
        name="BGR",
        message="Red and blue are exchanged. Pillow gives red, green, blue, and so CLIP "
        "expects them; OpenCV is the one that turns them round.",
        changes={"prepared": lambda picture: preprocess(_exchanged(picture), SIDE)},
        variants=({"prepared": lambda picture: _prepared(picture).flip(0)},),
    ),
    Mistake(
        name="channels-last",
        message="Your colours stand last. A tower reads colours first: (n, 3, 64, 64).",
        changes={"prepared": lambda picture: _prepared(picture).permute(1, 2, 0)},
    ),
    Mistake(
        name="no-batch",
        message="A tower takes a batch, (n, 3, 64, 64), even of one picture: torch.stack puts "
        "several together, and makes the axis.",
        changes={"together": lambda images: images[0]},
        variants=({"together": lambda images: images},),
    ),
    Mistake(
        name="concatenated",
        message="torch.cat put your pictures one below the other, as one picture of many "
        "channels. torch.stack gives each a place on a new axis.",
        changes={"together": torch.cat},
    ),
    Mistake(
        name="one-picture",
        message="Only one of the pictures is left. All of them make one batch.",
        changes={"together": lambda images: images[0][None]},
        variants=({"together": lambda images: images[-1][None]},),
    ),
    Mistake(
        name="too-long",
        message="A caption of more than 75 tokens stops you. Let it be cut: "
        "tokenize(captions, truncate=True).",
        changes={"tokens": tokenize},
    ),
    Mistake(
        name="letters-for-tokens",
        message="You cut the captions by letters or words. A row holds 77 *tokens*, start and "
        "end among them: tokenize(captions, truncate=True) cuts those.",
        changes={"read": lambda caption: caption[:LENGTH]},
        variants=(
            {"read": lambda caption: caption[: LENGTH - 2]},
            *({"read": partial(_first_words, most)} for most in (20, 30, 40, 50, 60)),
            *(
                {"read": partial(_first_words, most), "tokens": tokenize}
                for most in (50, 60, 70, 75)
            ),
        ),
    ),
    Mistake(
        name="end-lost",
        message="Where a caption is too long you cut its end token off, the one place that the "
        "text tower reads. truncate=True puts it last.",
        changes={"tokens": _cut_at_the_end},
    ),
    Mistake(
        name="no-ends",
        message="The start and the end token are missing from your rows. tokenize puts "
        "them round every text.",
        changes={"tokens": _without_ends},
    ),
    Mistake(
        name="one-text",
        message="You made one row of all captions, or of the first. Each caption has a row.",
        changes={"tokens": lambda captions: _tokens([" ".join(captions)])},
        variants=(
            {"tokens": lambda captions: _tokens(captions[:1])},
            {"tokens": lambda captions: _tokens(["".join(captions)])},
        ),
    ),
    Mistake(
        name="no-text-batch",
        message="The tokens have no batch axis. tokenize returns one row for each text, "
        "(m, 77): take it as it is.",
        changes={"tokens": lambda captions: _tokens(captions)[0]},
    ),
    Mistake(
        name="floats",
        message="Tokens are whole numbers, the places of rows in a table. Leave them as "
        "tokenize returns them.",
        changes={"tokens": lambda captions: _tokens(captions).float()},
    ),
    Mistake(
        name="features",
        message="These are features, what the towers make of their inputs. Return the inputs, "
        "pictures and tokens.",
        changes={"given": _features},
    ),
    Mistake(
        name="no-tensors",
        message="A tower takes tensors of torch. Leave the tokens as tokenize returns "
        "them, and put pictures together with torch.stack.",
        changes={"given": lambda images, tokens: (images.numpy(), tokens)},
        variants=(
            {"given": lambda images, tokens: (images, tokens.tolist())},
            {"given": lambda images, tokens: (images.numpy(), tokens.numpy())},
        ),
    ),
    Mistake(
        name="exchanged",
        message="You returned the tokens first. The pictures come first, then the tokens.",
        changes={"given": lambda images, tokens: (tokens, images)},
    ),
)
