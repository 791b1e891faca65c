"""Answers to 09.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from classroom.checks.question import (
    Answer,
    Mistake,
)

Show = Callable[[Image.Image], Image.Image]


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image)


def _over(image: Image.Image, colour: str = "white") -> Image.Image:
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, colour), rgba).convert("RGB")


def _as_it_is(image: Image.Image) -> Image.Image:
    return image


def _sorted(path: Path) -> list[Path]:
    return sorted(path.iterdir())


def build(
    *,
    files: Callable[[Path], list[Path]] = _sorted,
    upright: Show = _upright,
    colours: Show = _over,
    broken: Literal["pass over", "stop", "raise", "raise if damaged", "None"] = "pass over",
    name: Callable[[Path], str] = lambda file: file.name,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(path: Path) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for file in files(path):
            try:
                with Image.open(file) as image:
                    found.append((name(file), colours(upright(image))))
            except (OSError, SyntaxError) as error:  # what Pillow raises for a damaged file
                unknown = isinstance(error, UnidentifiedImageError)
                if broken == "raise" or (broken == "raise if damaged" and not unknown):
                    raise
                if broken == "stop":
                    break
                if broken == "None":
                    found.append((name(file), None))
        return found

    return answer


def _of_suffix(*suffixes: str) -> Callable[[Path], list[Path]]:
    return lambda path: [file for file in _sorted(path) if file.suffix in suffixes]


MISTAKES = (
    Mistake(
        name="exif-rotation",
        message="Photos of a telephone lie on their side: the camera noted in EXIF how to "
        "turn them. ImageOps.exif_transpose does it, before anything loses the note.",
        changes={"upright": _as_it_is},
        variants=({"upright": lambda image: image.rotate(-90, expand=True)},),
    ),
    Mistake(
        name="greyscale",
        message="A grey picture came back with one channel, a transparent one with four. "
        'Make all of them RGB: convert("RGB"), once they lie over white.',
        changes={"colours": _as_it_is},
    ),
    Mistake(
        name="alpha-dropped",
        message='convert("RGB") alone forgets how transparent each pixel is, and shows '
        "colours that nobody saw. Lay the picture over white first.",
        changes={"colours": lambda image: image.convert("RGB")},
    ),
    Mistake(
        name="rgba-alone",
        message='You looked for mode "RGBA" alone. Greys and palettes may be transparent, too: '
        'make each picture "RGBA" first, then lay it over white.',
        changes={
            "colours": lambda image: (
                _over(image, "white") if image.mode == "RGBA" else image.convert("RGB")
            )
        },
    ),
    Mistake(
        name="over-black",
        message="You laid transparent pictures over black. Viewers, and this course, take "
        "white.",
        changes={"colours": lambda image: _over(image, "black")},
    ),
    Mistake(
        name="all-grey",
        message='You made every picture grey. Colours are wanted: mode "RGB".',
        changes={"colours": lambda image: image.convert("L")},
        variants=({"colours": lambda image: image.convert("L").convert("RGB")},),
    ),
    Mistake(
        name="still-rgba",
        message='Your pictures have four channels, "RGBA". Lay them over white, then '
        'convert("RGB").',
        changes={"colours": lambda image: image.convert("RGBA")},
    ),
    Mistake(
        name="broken-file-stops-all",
        message="One file that is no picture stops your whole search. Open each inside "
        "`try`, read its pixels there, and go on where Pillow raises an OSError.",
        changes={"broken": "raise"},
        variants=({"broken": "raise if damaged"},),
    ),
    Mistake(
        name="stops-at-the-first-broken-file",
        message="You stopped at the first file that is no picture. Pass over it, and go "
        "on: `continue`, not `break`, with the `try` inside the loop.",
        changes={"broken": "stop"},
    ),
    Mistake(
        name="nothing-for-broken",
        message="What is no picture stands in your list with None. Leave it out.",
        changes={"broken": "None"},
    ),
    Mistake(
        name="capital-letters",
        message="A photo called .PNG is missing. Cameras write capital letters: compare "
        "suffix.lower(), or let Pillow decide what is a picture.",
        changes={"files": _of_suffix(".png", ".jpg")},
    ),
    Mistake(
        name="nothing-found",
        message="Not one picture is found, though they are there, as .png: either other "
        "suffixes are looked for, or names without their folder. Take path.iterdir(), and "
        "let Pillow decide.",
        changes={"files": _of_suffix(".jpg", ".jpeg", ".JPG")},
        variants=(lambda path: [(n.name, Image.open(n.name)) for n in _sorted(path)],),
    ),
    Mistake(
        name="without-suffix",
        message="The names lost their suffix. path.name has it, path.stem has not.",
        changes={"name": lambda file: file.stem},
    ),
    Mistake(
        name="with-folder",
        message="Your names are whole paths. file.name is the name alone.",
        changes={"name": str},
    ),
)
