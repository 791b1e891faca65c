"""A picture made smaller and cut, as CLIP does it and in other ways: for 06.2."""

from collections.abc import Callable

from PIL import Image

BICUBIC = Image.Resampling.BICUBIC

Cut = Callable[[Image.Image, int], Image.Image]


def resized(picture: Image.Image, n: int, filtered: int = BICUBIC) -> Image.Image:
    """Return the picture with its short side n."""
    width, height = picture.size
    short = min(width, height)
    return picture.resize((n * width // short, n * height // short), filtered)


def centre(picture: Image.Image, n: int) -> Image.Image:
    """Return the square in the middle, n pixels wide."""
    left, top = ((side - n) // 2 for side in picture.size)
    return picture.crop((left, top, left + n, top + n))


def long_side(
    picture: Image.Image, n: int, rounded: Callable[[float], int] = int
) -> Image.Image:
    """Return the picture with its long side n."""
    width, height = picture.size
    longest = max(width, height)
    return picture.resize(
        (rounded(n * width / longest), rounded(n * height / longest)), BICUBIC
    )


def sides_exchanged(picture: Image.Image, n: int) -> Image.Image:
    """Return the picture with width and height taken for each other."""
    height, width = picture.size
    short = min(width, height)
    return picture.resize((n * width // short, n * height // short), BICUBIC)


def lower_corner(picture: Image.Image, n: int) -> Image.Image:
    """Return the square at the lower right."""
    return picture.crop((picture.width - n, picture.height - n, *picture.size))


def square_first(picture: Image.Image, n: int) -> Image.Image:  # noqa: ARG001
    """Return the square in the middle, as large as the picture allows."""
    return centre(picture, min(picture.size))


def height_made_n(picture: Image.Image, n: int) -> Image.Image:
    """Return the picture with its height n, whichever side is short."""
    return picture.resize((round(n * picture.width / picture.height), n), BICUBIC)


def width_made_n(picture: Image.Image, n: int) -> Image.Image:
    """Return the picture with its width n, whichever side is short."""
    return picture.resize((n, round(n * picture.height / picture.width)), BICUBIC)
