"""What a drawing leaves: the strip of pictures as a PNG, and what is printed of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import final

import numpy as np
from jaxtyping import UInt8
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mmcourse.draw.options import Options
from mmcourse.judge import NONE, Verdict
from mmcourse.terminal import never_saw, printable, say, show_lines
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import coloured
from mmcourse.world.words.places import PLACES

COLUMNS = 8
"""Pictures side by side at most; more go into further rows."""

GAP = 8
"""Pixels of white between them."""


@final
@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What was drawn.

    Args:
        options: what was asked for.
        pictures: CLIP's score and the judge's verdict of each, the best first.
        unknown_words: of the sentence, which the painter never saw.
        replaced: whether another file gave way.
    """

    options: Options
    pictures: tuple[tuple[float, Verdict], ...]
    unknown_words: tuple[str, ...] = ()
    replaced: bool = False


def show(drawn: Drawn, *, as_json: bool) -> None:
    """Print scores and verdicts on standard output, and what else is to be said on the other.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
    """
    show_lines([as_text(drawn)] if as_json else as_lines(drawn))
    for line in remarks(drawn):
        say(line)


def as_text(drawn: Drawn) -> str:
    """Return it as JSON; see the docstring of `mmcourse.draw`."""
    options = drawn.options
    return json.dumps(
        {
            "prompt": options.prompt,
            "file": str(options.out),
            "guidance": options.guidance,
            "steps": options.steps,
            "seed": options.seed,
            "pictures": [
                {
                    "score": round(score, 6),
                    "sees": in_words(verdict),
                    "verdict": verdict._asdict(),
                }
                for score, verdict in drawn.pictures
            ],
            "unknown_words": [*drawn.unknown_words],
        }
    )


def as_lines(drawn: Drawn) -> list[str]:
    """Return rank, score and verdict of each picture."""
    wide = len(str(len(drawn.pictures)))
    return [
        f"{rank:>{wide}}  {score:.3f}  {in_words(verdict)}"
        for rank, (score, verdict) in enumerate(drawn.pictures, start=1)
    ]


def remarks(drawn: Drawn) -> list[str]:
    """Return what is to be said besides: words that nobody understood, and the file."""
    lines = []
    if drawn.unknown_words:
        lines.append(never_saw("The painter", drawn.unknown_words))
    place, replaced = printable(str(drawn.options.out)), " in place of the old one"
    return [*lines, f"draw: written to {place}{replaced if drawn.replaced else ''}."]


def in_words(verdict: Verdict) -> str:
    """Return what a judge sees as a phrase.

    >>> in_words(Verdict("cat", "red", "none", "red", "night"))
    'a red cat at night'
    >>> in_words(Verdict("person", "red", "umbrella", "orange", "plain"))
    'a person in red and an orange umbrella on a plain background'
    """
    things = [(verdict.kind, verdict.colour), (verdict.second_kind, verdict.second_colour)]
    seen = [f"a {coloured(colour, kind)}" for kind, colour in things if kind != NONE]
    said = " and ".join(seen) or "nothing that can be named"
    return with_articles(f"{said} {PLACES[verdict.setting].anywhere[0]}")


def strip(pixels: UInt8[np.ndarray, "n 64 64 3"], side: int, title: str, about: str) -> bytes:
    """Return pictures side by side as a PNG, each enlarged without smoothing.

    Args:
        pixels: red, green, blue from 0 to 255; at least one picture.
        side: width and height that each gets.
        title: what was asked for.
        about: what is to be seen, in words.
    """
    columns = min(COLUMNS, len(pixels))
    rows, step = ceil(len(pixels) / columns), side + GAP
    sheet = Image.new("RGB", (columns * step - GAP, rows * step - GAP), "white")
    for number, picture in enumerate(pixels):
        row, column = divmod(number, columns)
        enlarged = Image.fromarray(picture).resize((side, side), Image.Resampling.NEAREST)
        sheet.paste(enlarged, (column * step, row * step))
    words, file = PngInfo(), BytesIO()
    words.add_itxt("Title", printable(title))
    words.add_itxt("Description", printable(about))
    sheet.save(file, "PNG", optimize=True, pnginfo=words)
    return file.getvalue()


def described(pictures: Sequence[tuple[float, Verdict]]) -> str:
    """Return in words what a strip shows, from left to right."""
    each = "; ".join(
        f"{rank}. {in_words(verdict)} ({score:.3f})"
        for rank, (score, verdict) in enumerate(pictures, start=1)
    )
    return f"Painted pictures, as a judge sees them, with CLIP's score: {each}."
