"""From a JPEG file in memory to what an image tower takes, beside OpenAI's own code."""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

import torch
from PIL import Image
from torch import Tensor

from bench.made import PHONE, VGA, jpeg, photo, version
from bench.measure import Case, Way
from mmcourse.clip import Preprocess
from mmcourse.images import open_rgb
from tests.helpers.peers import import_peer

TITLE = "Reading and preparing photos for an image tower"
SIDE = 224
NOTE = """Small photos take their time to be decoded and resampled, by the same two calls of
Pillow in both. Resampling the centre alone would save a quarter, but Pillow then rounds some
pixels otherwise, and what is promised is OpenAI's to the bit. The other photo is decoded at
1/8 of its size."""
OPENAI = version("OpenAI's clip", "clip-anytorch") + ", Pillow and torchvision"


def cases(*, large: bool) -> Iterator[Case]:
    """Yield small photos, whose pixels are all needed, and one of a telephone, made small."""
    del large
    ours, theirs = Preprocess(SIDE), import_peer("clip.clip")._transform(SIDE)
    small = [jpeg(photo(VGA, shift)) for shift in range(64)]
    assert_alike(ours, theirs, small[0])
    yield case("64 JPEGs of 640 × 480", small, lambda file: ours(open_rgb(file)), theirs)
    phone = [jpeg(photo(PHONE))]
    made_small = partial(open_rgb, at_least=SIDE)
    yield case("a JPEG of 4000 × 3000", phone, lambda file: ours(made_small(file)), theirs)


def case(
    name: str,
    files: list[bytes],
    ours: Callable[[BytesIO], Tensor],
    theirs: Callable[[Image.Image], Tensor],
) -> Case:
    """Return files to tensors, one after the other."""

    def all_of(prepare: Callable[[BytesIO], object]) -> Way:
        def run() -> None:
            for file in files:
                prepare(BytesIO(file))

        return run

    return Case(
        name=name,
        unit="photos/s",
        count=len(files),
        ours=all_of(ours),
        peers={OPENAI: all_of(lambda file: theirs(Image.open(file)))},
        limit=(
            "decoding every pixel of the JPEG",
            all_of(lambda file: Image.open(file).load()),
        ),
    )


def assert_alike(
    ours: Callable[[Image.Image], Tensor], theirs: Callable[[Image.Image], Tensor], file: bytes
) -> None:
    """Stop where the two do not prepare a photo alike."""
    picture = Image.open(BytesIO(file))
    torch.testing.assert_close(ours(picture), theirs(picture), atol=1e-5, rtol=1e-5)
