"""09.3: the pictures of a folder as a viewer shows them, whatever else lies there.

Pictures are PNG, which loses nothing. Leaves out folders in folders, animations, and greys of
16 bits.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

Found = list[tuple[str, Image.Image]]
TURNED = 0x0112
"""EXIF's number for which way up a picture was taken."""


def search_folder(path: Path) -> Found:
    """Return name and picture of each readable file, by name: upright, RGB, over white."""
    return _read_with(lambda image: _over(ImageOps.exif_transpose(image), "white"))(path)


def harness(answer: "Answer", files: "list[Any]") -> "Any":
    """Return names and pixels that an answer finds in a folder with these files."""
    import io
    import tempfile
    from pathlib import Path

    import numpy as np
    from PIL import Image

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, kind, pixels, turn in files:
            mode = kind if kind in ("RGB", "L", "RGBA") else "RGB"
            exif, buffer = Image.Exif(), io.BytesIO()
            exif[0x0112] = turn
            picture = Image.fromarray(pixels, "RGBA" if pixels.shape[-1] == 4 else "RGB")
            picture.convert(mode).save(buffer, "PNG", **({"exif": exif} if turn != 1 else {}))
            whole = buffer.getvalue()
            contents = {"half": whole[: len(whole) // 2], "empty": b"", "text": b"no picture"}
            (folder / name).write_bytes(contents.get(kind, whole))
        try:
            return [(name, np.asarray(picture)) for name, picture in answer(folder)]
        except (OSError, SyntaxError) as error:  # its words name a folder of this call alone
            return f"stopped by {type(error).__name__}"


def _read_with(show: Callable[[Image.Image], Image.Image]) -> Answer:
    """Return an answer that makes something else of each picture."""
    return lambda path: [(file.name, show(image)) for file, image in _readable(path)]


def _readable(path: Path) -> list[tuple[Path, Image.Image]]:
    found: list[tuple[Path, Image.Image]] = []
    for file in sorted(path.iterdir()):
        try:
            with Image.open(file) as image:
                image.load()
                found.append((file, image))
        except (OSError, SyntaxError):  # what Pillow raises for a damaged file
            continue
    return found


def _over(image: Image.Image, colour: str) -> Image.Image:
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, colour), rgba).convert("RGB")


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image)


def _careless(path: Path) -> Found:
    """Return all pictures, and stop at the first file that is none."""
    return [(file.name, _over(_upright(Image.open(file)), "white")) for file in _sorted(path)]


def _sorted(path: Path) -> list[Path]:
    return sorted(path.iterdir())


def _until_broken(path: Path) -> Found:
    found: Found = []
    for file in _sorted(path):
        try:
            found.append((file.name, _over(_upright(Image.open(file)), "white")))
        except (OSError, SyntaxError):
            break
    return found


def _until_unknown(path: Path) -> Found:
    """Pass over what is no picture, and stop at one that is damaged."""
    found: Found = []
    for file in _sorted(path):
        try:
            image = Image.open(file)
        except UnidentifiedImageError:
            continue
        found.append((file.name, _over(_upright(image), "white")))
    return found


def _by_suffix(path: Path) -> Found:
    return [(name, image) for name, image in search_folder(path) if name.endswith(".png")]


def _named_otherwise(rename: Callable[[str], str]) -> Answer:
    return lambda path: [(rename(name), image) for name, image in search_folder(path)]


def _file(
    rng: np.random.Generator, kind: str, turn: int = 1, suffix: str = ".png"
) -> tuple[str, str, np.ndarray, int]:
    """Return one file: a name, what it holds, pixels, and which way up."""
    name = f"{rng.integers(1_000_000):06}{suffix}"
    height, width = rng.permutation([3, 4, 5, 7])[:2]
    channels = 4 if kind == "RGBA" else 3
    pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
    return name, kind, pixels, turn


def _turn(rng: np.random.Generator) -> int:
    return int(rng.choice([3, 6, 8]))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(9)
    return [
        shown("one photo", [_file(fixed, "RGB")]),
        shown("an empty folder", []),
        shown("an empty file and a photo", [_file(fixed, "empty"), _file(fixed, "RGB")]),
    ]


def _rotated(rng: np.random.Generator) -> Sequence[Case]:
    files = [_file(rng, "RGB", turn) for turn in (1, 3, 6, 8)]
    return [hidden("photos of a telephone held in four ways", files)]


def _colours(rng: np.random.Generator) -> Sequence[Case]:
    both = [_file(rng, "L"), _file(rng, "RGBA"), _file(rng, "RGB")]
    return [
        hidden("grey, transparent and coloured", both),
        hidden("transparent and turned", [_file(rng, "RGBA", _turn(rng)), _file(rng, "L")]),
    ]


def _broken(rng: np.random.Generator) -> Sequence[Case]:
    good = [_file(rng, "RGB", suffix=suffix) for suffix in (".png", ".PNG", ".png")]
    bad = [_file(rng, kind) for kind in ("half", "empty")]
    note = _file(rng, "text", suffix=".txt")
    return [hidden("photos among half a file, an empty one and a text", [*good, *bad, note])]


SEARCH_FOLDER = Question(
    number="09.3",
    function="search_folder",
    reference=search_folder,
    harness=harness,
    rtol=0,
    atol=2,  # of 255: a mean of two colours may be rounded either way
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the right way up", points=1, cases=_rotated),
        Property(name="grey and transparent pictures", points=1, cases=_colours),
        Property(name="files that are no pictures", points=2, cases=_broken),
    ),
    mistakes=(
        Mistake(
            name="exif-rotation",
            message="Photos of a telephone lie on their side: the camera noted in EXIF how to "
            "turn them. ImageOps.exif_transpose does it.",
            answer=_read_with(lambda image: _over(image, "white")),
            variants=(
                _read_with(lambda image: image.convert("RGB")),
                _read_with(lambda image: _over(image.rotate(-90, expand=True), "white")),
            ),
        ),
        Mistake(
            name="greyscale",
            message="A grey picture came back with one channel, a transparent one with four. "
            'Make all of them RGB: convert("RGB"), once they lie over white.',
            answer=_read_with(_upright),
            variants=(_read_with(lambda image: image),),
        ),
        Mistake(
            name="alpha-dropped",
            message='convert("RGB") alone forgets how transparent each pixel is, and shows '
            "colours that nobody saw. Lay the picture over white first.",
            answer=_read_with(lambda image: _upright(image).convert("RGB")),
        ),
        Mistake(
            name="over-black",
            message="You laid transparent pictures over black. Viewers, and this course, take "
            "white.",
            answer=_read_with(lambda image: _over(_upright(image), "black")),
        ),
        Mistake(
            name="broken-file-stops-all",
            message="One file that is no picture stops your whole search. Open each inside "
            "`try`, and go on to the next where Pillow raises an OSError.",
            answer=_careless,
            variants=(_until_unknown,),
        ),
        Mistake(
            name="stops-at-the-first-broken-file",
            message="You stopped at the first file that is no picture. Pass over it, and go "
            "on: `continue`, not `break`.",
            answer=_until_broken,
        ),
        Mistake(
            name="capital-letters",
            message="A photo called .PNG is missing. Cameras write capital letters: compare "
            "suffix.lower(), or let Pillow decide what is a picture.",
            answer=_by_suffix,
        ),
        Mistake(
            name="folder-forgotten",
            message="Nothing is found, since a name alone is looked for where you are. Join it "
            "to the folder: path / name; or take path.iterdir(), which does so.",
            answer=lambda _: [],
            variants=(lambda path: [(n.name, Image.open(n.name)) for n in _sorted(path)],),
        ),
        Mistake(
            name="without-suffix",
            message="The names lost their suffix. path.name has it, path.stem has not.",
            answer=_named_otherwise(lambda name: Path(name).stem),
        ),
    ),
    left_out="A picture of which half is missing, shown grey below: Pillow must be told to "
    "accept that, and then no error says so.",
)
