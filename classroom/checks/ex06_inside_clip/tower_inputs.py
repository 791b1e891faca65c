"""06.5: what the two towers of the shipped model are fed, from files and captions.

Pictures are drawn, and written to a folder where the answer runs: as PNG, or as JPEG with a
camera's note of which way up it was held. Leaves out damaged files and transparency (09.3).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from classroom.checks.ex06_inside_clip.wrong_feeds import MISTAKES, build
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)
from mmcourse.clip import preprocess, tokenize
from mmcourse.world import caption, render, sample_scene

SIDE = 64
"""Pixels that the image tower of `tiny` reads."""
UPRIGHT, ON_ITS_HEAD, LEFT, RIGHT = 1, 3, 6, 8
"""What EXIF says of how a camera was held."""
File = tuple[str, np.ndarray, int]


def tower_inputs(paths: Sequence[str], captions: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return the pictures upright and prepared, (n, 3, 64, 64), and the tokens, (m, 77)."""
    upright = [ImageOps.exif_transpose(Image.open(path)) for path in paths]
    images = torch.stack([preprocess(picture, SIDE) for picture in upright])
    return images, tokenize(captions, truncate=True)


def harness(
    answer: "Answer",
    files: "list[Any]",
    captions: "list[str]",
    use: str,
    loaded: "dict[str, Any]" = {},  # noqa: B006 - a model outlives the call
) -> "list[Any]":
    """Return both outcomes of an answer, to be compared, or what the towers make of them.

    A file is its ending, its pixels, and how the camera was held.
    """
    import tempfile
    from pathlib import Path

    import torch
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, f"{place}.{file[0]}")) for place, file in enumerate(files)]
        for path, (_, pixels, turn) in zip(paths, files, strict=True):
            exif = Image.Exif()
            exif[0x0112] = turn
            Image.fromarray(pixels).save(path, exif=exif)
        images, tokens = answer(paths, captions)
    if use == "compared":
        kinds = [str(getattr(one, "dtype", type(one).__name__)) for one in (images, tokens)]
        return [images, tokens, *(kind.replace("64", "32") for kind in kinds)]
    from mmcourse import clip

    model = loaded.get("tiny") or clip.load("tiny", device="cpu")[0]
    loaded["tiny"] = model
    with torch.no_grad():
        return [model.encode_image(images), model.encode_text(tokens)]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    names = ("pictures", "texts", "kind of pictures", "kind of texts")
    return dict(zip(names, outcome, strict=False))


def _corners(height: int, width: int) -> np.ndarray:
    """Return a picture that is red, green, blue and grey in its four quarters."""
    pixels = np.full((height, width, 3), 128, dtype=np.uint8)
    for colour, (y, x) in enumerate(((0, 0), (0, 1), (1, 0))):
        part = (slice(y * height // 2, None), slice(x * width // 2, None))
        pixels[part] = 255 * np.eye(3, dtype=np.uint8)[colour]
    pixels[height // 2 :, width // 2 :] = 128
    return pixels


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    upright = ("png", _corners(64, 96), UPRIGHT)
    return [
        shown("one picture, one caption", [upright], ["a photo of a cat"], "compared"),
        shown("a camera on its side", [("jpg", _corners(96, 64), LEFT)], ["a cat"], "compared"),
        shown("a caption that is too long", [upright], ["a cat, " * 40], "compared"),
    ]


def _drawn(rng: np.random.Generator, *, size: int, aspect: float) -> tuple[np.ndarray, str]:
    """Return a picture of the course's world, and its caption."""
    scene = sample_scene(rng, aspect=aspect)
    return np.ascontiguousarray(render(scene, size)), caption(scene, rng, full=True)


def _files(rng: np.random.Generator) -> Sequence[Case]:
    (small, one), (wide, two), (large, three) = (
        _drawn(rng, size=size, aspect=aspect)
        for size, aspect in ((64, 1), (96, 1.5), (160, 1.25))
    )
    three_files = [
        ("png", small, UPRIGHT),
        ("jpg", wide, UPRIGHT),
        ("png", large, UPRIGHT),
    ]
    grey = ("png", np.array(Image.fromarray(wide).convert("L")), UPRIGHT)
    return [
        hidden("three pictures, two captions", three_files, [one, two], "compared"),
        hidden("a grey picture, three captions", [grey], [one, two, three], "compared"),
    ]


def _turned(rng: np.random.Generator) -> Sequence[Case]:
    one, two, three = (_drawn(rng, size=96, aspect=1.5) for _ in range(3))
    photos = [("jpg", one[0], LEFT), ("jpg", two[0], RIGHT), ("png", three[0], ON_ITS_HEAD)]
    return [
        hidden("photographs of a camera that was turned", photos, [one[1]], "compared"),
        hidden("one photograph", photos[:1], [one[1], two[1]], "compared"),
    ]


def _told(rng: np.random.Generator) -> Sequence[Case]:
    told = [_drawn(rng, size=64, aspect=1) for _ in range(9)]
    file, texts = ("png", told[0][0], UPRIGHT), [text for _, text in told]
    long, longest = " and ".join(texts[:3]), ", ".join(texts)
    short_words = " ".join([str(rng.choice(["cat", "dog"]))] * int(rng.integers(80, 99)))
    every = [("png", pixels, UPRIGHT) for pixels, _ in told[:3]]
    return [
        hidden("of many letters, of many words", [file], [long, short_words], "compared"),
        hidden("a caption that is too long", [file], [longest, texts[1]], "compared"),
        hidden(
            "fed to the towers",
            [*every, ("jpg", told[3][0], LEFT)],
            [*texts, longest],
            "fed to tiny",
        ),
    ]


def _right(part: str) -> Callable[..., bool]:
    """Return the law that the pictures, or the texts, are right."""

    def holds(run: Callable[..., Any], files: Any, captions: Any, use: str) -> bool:
        mine = run(files, captions, use)[part]
        right = measure(harness(tower_inputs, files, captions, use))[part].numpy()
        return np.shape(mine) == right.shape and bool(np.allclose(mine, right, atol=0.01))

    return holds


TOWER_INPUTS = Question(
    number="06.5",
    function="tower_inputs",
    reference=tower_inputs,
    harness=harness,
    measure=measure,
    build=build,
    rtol=1e-4,
    atol=0.005,  # a third of a step of 255
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="pictures of any size", points=1, cases=_files),
        Property(name="upright", points=1, cases=_turned),
        Property(name="captions of any length", points=1, cases=_told),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="texts",
            message="The texts are not what tokenize makes of them: a row of 77 ids for "
            "each, the end token among them also where a caption is cut.",
            holds=_right("texts"),
        ),
        Invariance(
            name="pictures",
            message="The texts are right, the pictures are not: open each, turn it upright, "
            "prepare it with what `load` gave, and stack them.",
            holds=_right("pictures"),
        ),
    ),
)
