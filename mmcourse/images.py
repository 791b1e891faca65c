"""Pictures from files: whatever Pillow reads becomes RGB as a viewer shows it, or says why not.

A plain `Image.open(path).convert("RGB")` shows telephone photographs on their side, clips
16-bit greys to white, and reveals the colours under transparent pixels. Here is one opener
without those surprises, which need not decode all of a big photograph either, and never more
than memory holds (`pixel_budget`). HEIC is read where `pillow-heif` is installed. Leaves out
colour profiles, every frame of an animation but the first, and EPS, which is a program.
"""

from contextlib import AbstractContextManager, nullcontext
from io import BufferedReader, BytesIO
from os import PathLike
from pathlib import Path
from typing import final

import numpy as np
import PIL
from PIL import ExifTags, Image, TiffImagePlugin, UnidentifiedImageError

from mmcourse.boundary.scalars import whole
from mmcourse.heic import BEGINNING, HeicError, is_heic, reads_heic
from mmcourse.pixel_budget import room
from mmcourse.quiet import QUIET
from mmcourse.tiff import UnshownError, as_shown

SPARE = 3
"""A picture is made no smaller than this many times the side that is asked for."""

HUGE = 25_000_000
"""Pixels from which a picture of any other kind than JPEG is made smaller, too."""

STRIP = 4_000_000
"""Pixels that become RGB at a time, so that a big picture is not copied whole on the way."""

COPIES = {"WEBP": 4, "JPEG2000": 4, "AVIF": 2, "HEIF": 2}
"""Pictures that these decoders hold at a time, as measured; the others hold one."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by the number that a camera notes (Exif 2.3, tag 274)."""

READING = 1
"""Goes up when `open_rgb` learns to read more."""

PROGRAMS = ("EPS", "IPTC")
"""Formats for which Pillow starts Ghostscript; the second may have the first inside."""


@final
class UnreadableImageError(ValueError):
    """A file that is no picture, or not a whole one."""


def open_rgb(
    file: str | PathLike[str] | BufferedReader | BytesIO, *, at_least: int | None = None
) -> Image.Image:
    """Return the picture in a file as red, green and blue, upright.

    - The rotation that a camera noted in EXIF is carried out.
    - Transparency is laid over white.
    - Greys of 16 bits are divided by 257, which takes white, 65535, to 255; of a TIFF those
      of 12 bits, too, and those where 0 is white.
    - CMYK, palettes, greys and black-and-white become RGB.
    - Of an animation the first frame is taken.

    With `at_least`, a JPEG is decoded at 1/2, 1/4 or 1/8 of its size where that leaves both
    sides at least three times as long as asked for. What `clip.preprocess` makes of it then
    hardly moves: less than 3 of 255 a pixel on average, a cosine of at least 0.999 between
    the embeddings of `tiny` (both are tested). Twelve megapixels take a sixth of the time for
    224 pixels, an eighth for 64. A picture of another kind is decoded whole; one of over 25
    million pixels comes back as means of 2 × 2, 3 × 3, … of them, by the same measure.

    Args:
        file: a path, or a file opened in binary mode, which is read from its start and is
            left open.
        at_least: how many pixels of the short side will be used, such as
            `model.visual.input_resolution`; None decodes the whole picture.

    Raises:
        TypeError: `file` is neither, or `at_least` no whole number.
        ValueError: `at_least` is below 1.
        UnreadableImageError: a ValueError; the file is missing, a folder, empty, damaged, cut
            short, no picture, EPS or HEIC that nothing here reads, has more than twice
            `PIL.Image.MAX_IMAGE_PIXELS`, or its greys have more than 16 bits or a sign, so
            that nothing says which of them is white.

    >>> file = BytesIO()
    >>> Image.new("LA", (3, 2), (0, 51)).save(file, "PNG")  # black, a fifth of it
    >>> open_rgb(file).getpixel((0, 0))
    (204, 204, 204)
    """
    if not (isinstance(file, str | PathLike) or hasattr(file, "read")):
        raise TypeError(
            f"open_rgb: expected a path or a file opened with 'rb'; got {type(file).__name__}; "
            "bytes go into io.BytesIO(…)."
        )
    if at_least is not None:
        at_least = SPARE * whole("open_rgb", "at_least", at_least, least=1)
    with QUIET:
        try:
            with _stream(file) as stream:
                return _read(stream, at_least)
        except Exception as error:  # decoders of damaged files raise errors of every kind
            found, remedy = _reason(error)
            raise UnreadableImageError(
                f"open_rgb: expected a picture in {file}; got {found}; {remedy}."
            ) from error


def as_rgb(image: Image.Image) -> Image.Image:
    """Return a picture that Pillow opened as `open_rgb` returns it from its file.

    So a picture has one vector, whichever way it came: an index and a classifier do this to
    every Pillow picture. What Pillow scrambles when it opens it by name, a plain TIFF on its
    side, stays scrambled.

    Args:
        image: a Pillow picture of any mode, opened or made.

    Raises:
        TypeError: it is none.
        UnreadableImageError: a ValueError; its file is damaged, or nothing says which of its
            numbers is white.

    >>> as_rgb(Image.new("LA", (3, 2), (0, 51))).getpixel((0, 0))  # black, a fifth of it
    (204, 204, 204)
    """
    if not isinstance(image, Image.Image):
        raise TypeError(
            f"as_rgb: image must be a Pillow picture; got {type(image).__name__}; a file goes "
            "to open_rgb(path)."
        )
    try:
        return _shown(image)
    except Exception as error:  # decoders of damaged files raise errors of every kind
        found, remedy = _reason(error)
        raise UnreadableImageError(
            f"as_rgb: image must be one that can be shown; got {found}; {remedy}."
        ) from error


def readers() -> str:
    """Return what reads pictures here: where it changes, more may be readable, or less."""
    heic = "HEIC" if reads_heic() else "no HEIC"
    return f"reading {READING}, Pillow {PIL.__version__}, {heic}, {Image.MAX_IMAGE_PIXELS}"


def _read(stream: BufferedReader | BytesIO, side: int | None) -> Image.Image:
    """Return the first frame in red, green and blue, upright and in memory."""
    stream.seek(0)
    heic = is_heic(stream.read(BEGINNING))
    if heic and not reads_heic():
        raise HeicError
    with _opened(stream, heic=heic) as image:
        if image.format in PROGRAMS:
            raise _ProgramError(image.format)
        if side is not None:
            image.draft(None, (side, side))  # does nothing to what is no JPEG
        with room(image.size, COPIES.get(str(image.format), 1)):
            return _shown(image, side)


def _opened(stream: BufferedReader | BytesIO, *, heic: bool) -> Image.Image:
    """Return a picture whose head alone was read."""
    try:
        return Image.open(stream)
    except UnidentifiedImageError:
        if heic:  # known by its first bytes, and readable here if it were whole
            raise OSError("an HEIC without its head") from None
        raise


def _shown(image: Image.Image, side: int | None = None) -> Image.Image:
    """Return a picture upright, in red, green and blue, and in memory; a huge one smaller.

    Beside what was decoded, memory holds the result and a strip.

    Raises:
        UnshownError: nothing says which of its numbers is white.
    """
    image.load()  # a TIFF is turned by that, and has its size only then
    fold, (width, height) = _fold(image.size, side), image.size
    rows = fold * max(1, STRIP // max(1, width * fold))
    if height <= rows:
        shown = _strip(image, 0, height).reduce(fold)
        shown.info.clear()  # what the camera noted is carried out below
    else:
        shown = Image.new("RGB", (-(-width // fold), -(-height // fold)))
        for top in range(0, height, rows):
            strip = _strip(image, top, min(top + rows, height)).reduce(fold)
            shown.paste(strip, (0, top // fold))
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return shown if turn is None else shown.transpose(turn)


def _strip(image: Image.Image, top: int, bottom: int) -> Image.Image:
    """Return these rows of a picture in red, green and blue."""
    strip = image.crop((0, top, image.width, bottom))
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        strip = as_shown(strip, image.tag_v2)
    return _to_rgb(strip)


def _fold(size: tuple[int, int], side: int | None) -> int:
    """Return over how many pixels, both ways, means are taken: 1 unless enough is left."""
    if side is None or size[0] * size[1] < HUGE:
        return 1
    return max(1, min(size) // side)


def _stream(
    file: str | PathLike[str] | BufferedReader | BytesIO,
) -> AbstractContextManager[BufferedReader | BytesIO]:
    """Return a file to read from: by name, Pillow would scramble a plain TIFF on its side."""
    return Path(file).open("rb") if isinstance(file, str | PathLike) else nullcontext(file)


@final
class _ProgramError(Exception):
    """A file that another program would have to carry out."""


def _reason(error: Exception) -> tuple[str, str]:
    """Return what was found instead of a picture, and a remedy."""
    match error:
        case UnidentifiedImageError():
            return "none, or of a kind that Pillow does not know", "save it as PNG or JPEG"
        case HeicError():
            return (
                "HEIC, and pillow-heif, which reads it, is not installed",
                "pip install pillow-heif, or save it as JPEG",
            )
        case Image.DecompressionBombError():
            remedy = (
                "if you trust it, raise PIL.Image.MAX_IMAGE_PIXELS, or search's --max-pixels"
            )
            return f"a huge one ({error})", remedy
        case _ProgramError():
            return f"{error}, which another program would draw", "save it as PNG or JPEG"
        case UnshownError():
            return str(error), error.remedy
        case MemoryError():
            return "one that memory has no room for", "close other programs"
        case OSError(strerror=str(why)):
            return f"no file ({why})", "check the path; of a folder, pass each file in it"
        case _:
            return f"a damaged one ({error})", "fetch or export it again"


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_deep_greys(image)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), rgba).convert(
            "RGB"
        )
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_deep_greys(image: Image.Image) -> Image.Image:
    greys = np.asarray(image)
    if image.mode == "F" or greys.min() < 0 or greys.max() > 65535:
        raise UnshownError(
            f"greys from {greys.min()} to {greys.max()}", "scale them to 0…255 and save as PNG"
        )
    if "transparency" in image.info:  # one grey that stands for none
        greys = np.where(greys == image.info["transparency"], 65535, greys)
    return Image.fromarray((greys / 257).round().astype(np.uint8)).convert("RGB")
