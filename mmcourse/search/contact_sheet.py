"""A contact sheet: the pictures that a search found, with rank, score and name, as one PNG."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from mmcourse.images import UnreadableImageError, open_rgb
from mmcourse.terminal import printable

SIDE = 200
"""Of the square that each picture fits into, in pixels."""

GAP = 16
LINE = 20
SIZE = 14
COLUMNS = 5
WIDE = 3
"""Pictures that fit beside each other at least, for the sake of the heading."""

MOST = 100
"""Pictures on a sheet; more would make a file that few programs open."""

INK, GREY, PAPER = "#222222", "#777777", "white"


def contact_sheet(folder: Path, results: Sequence[tuple[str, float]], heading: str) -> bytes:
    """Return a PNG of the first 100 results; its metadata say in words what it shows.

    Args:
        folder: that the paths of the results are relative to.
        results: path and score of each, the best first; at least one.
        heading: what was looked for; it stands above the pictures.
    """
    results = results[:MOST]
    columns = min(COLUMNS, len(results))
    rows = ceil(len(results) / columns)
    top = LINE + 2 * GAP
    width = max(columns, WIDE) * (SIDE + GAP) + GAP
    height = rows * (SIDE + 2 * LINE + GAP) + top
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((GAP, GAP), shortened(printable(heading), width - 2 * GAP), INK, _font())
    for number, (path, score) in enumerate(results):
        row, column = divmod(number, columns)
        left, upper = GAP + column * (SIDE + GAP), top + row * (SIDE + 2 * LINE + GAP)
        _put(sheet, folder / path, left, upper)
        draw.text((left, upper + SIDE + 4), f"{number + 1}   {score:.3f}", GREY, _font())
        name = shortened(printable(path), SIDE)
        draw.text((left, upper + SIDE + LINE + 2), name, INK, _font())
    file = BytesIO()
    sheet.save(file, "PNG", optimize=True, pnginfo=_in_words(results, heading))
    return file.getvalue()


def shortened(text: str, width: int) -> str:
    """Return a text that is at most `width` pixels wide; its middle gives way to an ellipsis.

    >>> shortened("cat.png", 200)
    'cat.png'
    """
    text = text[:1000]  # measuring more takes long, and no sheet is that wide
    kept = len(text)
    short = text
    while kept and _font().getlength(short) > width:
        kept -= 1
        short = text[: ceil(kept / 2)] + "…" + text[len(text) - kept // 2 :]
    return short


def _put(sheet: Image.Image, path: Path, left: int, upper: int) -> None:
    """Draw one picture amid its square, or strike that through if it can no longer be read."""
    try:
        picture = open_rgb(path, at_least=SIDE)
    except UnreadableImageError:  # gone or changed since it was found
        corners = (left, upper, left + SIDE - 1, upper + SIDE - 1)
        draw = ImageDraw.Draw(sheet)
        draw.rectangle(corners, outline=GREY)
        draw.line(corners, fill=GREY)
        draw.text((left + 8, upper + SIDE - LINE - 4), "cannot be read now", INK, _font())
        return
    scale = SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    sheet.paste(picture, (left + (SIDE - size[0]) // 2, upper + (SIDE - size[1]) // 2))


def _in_words(results: Sequence[tuple[str, float]], heading: str) -> PngInfo:
    found = "; ".join(
        f"{rank}. {printable(path)} ({score:.3f})"
        for rank, (path, score) in enumerate(results, start=1)
    )
    words = PngInfo()
    words.add_itxt("Title", printable(heading))
    words.add_itxt("Description", f"Pictures found for {printable(heading)}: {found}.")
    return words


@cache
def _font() -> ImageFont.FreeTypeFont:
    """Return DejaVu Sans, which comes with matplotlib and knows most alphabets.

    Imported here: a search without a sheet need not wait for it.
    """
    import matplotlib as mpl

    return ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), SIZE)
