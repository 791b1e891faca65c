"""09.3: the pictures of a folder as a viewer shows them, whatever else lies there.

Pictures are PNG, which loses nothing. Leaves out folders in folders, animations, and greys of
16 bits.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex09_retrieval.folder_answers import (
    MISTAKES,
    build,
)
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

TURNED = 0x0112
"""EXIF's number for which way up a picture was taken."""


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
            mode = kind if kind in ("RGB", "L", "RGBA", "LA") else "RGB"
            exif, buffer = Image.Exif(), io.BytesIO()
            exif[0x0112] = turn
            picture = Image.fromarray(pixels, "RGBA" if pixels.shape[-1] == 4 else "RGB")
            few = Image.Quantize.FASTOCTREE  # the one that keeps what is transparent
            picture = picture.quantize(16, few) if kind == "P" else picture.convert(mode)
            form = "JPEG" if kind == "cut JPEG" else "PNG"
            picture.save(buffer, form, **({"exif": exif} if turn != 1 else {}))
            whole = buffer.getvalue()
            contents = {
                "half": whole[: len(whole) // 2],
                "cut JPEG": whole[:-12],  # only its pixels lack something: verify() skips them
                "empty": b"",
                "text": b"no picture",
            }
            (folder / name).write_bytes(contents.get(kind, whole))
        try:
            found = [(str(name), np.asarray(picture)) for name, picture in answer(folder)]
            return [(name.replace(place, "FOLDER"), pixels) for name, pixels in found]
        except (OSError, SyntaxError) as error:  # its words name a folder of this call alone
            return f"stopped by {type(error).__name__}"


def _file(
    rng: np.random.Generator, kind: str, turn: int = 1, suffix: str = ".png"
) -> tuple[str, str, np.ndarray, int]:
    """Return one file: a name, what it holds, pixels, and which way up."""
    name = f"{rng.integers(1_000_000):06}{suffix}"
    height, width = rng.permutation([3, 4, 5, 7])[:2]
    channels = 4 if kind in ("RGBA", "LA", "P") else 3
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
    kinds = [_file(rng, kind) for kind in ("L", "RGBA", "RGB", "LA", "P")]
    return [
        hidden("grey, transparent and coloured", kinds),
        hidden("transparent and turned", [_file(rng, "RGBA", _turn(rng)), _file(rng, "L")]),
    ]


def _broken(rng: np.random.Generator) -> Sequence[Case]:
    good = [_file(rng, "RGB", suffix=suffix) for suffix in (".png", ".PNG", ".png")]
    bad = [_file(rng, kind) for kind in ("half", "cut JPEG", "empty")]
    note = _file(rng, "text", suffix=".txt")
    return [hidden("photos among half a file, an empty one and a text", [*good, *bad, note])]


def _by_name(run: Callable[..., Any], *arguments: Any) -> bool:
    names = [name for name, _ in run(*arguments)]
    return names == sorted(names)


SEARCH_FOLDER = Question(
    number="09.3",
    function="search_folder",
    reference=build(),
    harness=harness,
    told="It writes these files into a folder: name, kind, pixels, and which way up; then it "
    "calls search_folder(folder).",
    build=build,
    rtol=0,
    atol=2,  # of 255: a mean of two colours may be rounded either way
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the right way up", points=1, cases=_rotated),
        Property(name="grey and transparent pictures", points=1, cases=_colours),
        Property(name="files that are no pictures", points=2, cases=_broken),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="sorted",
            message="The pictures must come sorted by name: sorted(path.iterdir()).",
            holds=_by_name,
        ),
    ),
    left_out="A picture of which half is missing, shown grey below: Pillow must be told to "
    "accept that, and then no error says so.",
)
