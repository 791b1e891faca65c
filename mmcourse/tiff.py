"""What a TIFF says of its numbers, which Pillow hands on as they are.

A grey of 12 bits is white at 4095, and in some files 0 is white; a viewer minds both. Needs
Pillow to have read the file. Leaves out what it cannot read at all, such as colours of 32 bits.

Source: TIFF 6.0 (Adobe, 1992), sections 3, 8 and 19.
"""

from collections.abc import Mapping
from typing import Any, final

import numpy as np
from PIL import Image

BITS, COMPRESSION, MEANING, PLANES, NUMBERS = 258, 259, 262, 284, 339
"""The tags for bits in each number, how they are packed, which of them is white, whether the
colours stand apart, and whether numbers may be negative."""

WHITE_IS_ZERO, APART, UNPACKED, SIGNED = 0, 2, 1, 2
"""Values of these tags."""

WHITE = 65535


@final
class UnshownError(Exception):
    """Numbers of which nobody can say how bright they are, or that Pillow mixes up."""

    def __init__(self, found: str, remedy: str = "save it as PNG or JPEG") -> None:
        super().__init__(found)
        self.remedy = remedy


def as_shown(image: Image.Image, tags: Mapping[int, Any]) -> Image.Image:
    """Return a picture out of a TIFF; greys of more than 8 bits then reach from 0 to 65535.

    Args:
        image: as Pillow read it.
        tags: of the file, by their numbers.

    Raises:
        UnshownError: its numbers may be negative, or are deep colours that stand apart.

    >>> twelve = Image.fromarray(np.array([[0, 4095]], dtype=np.uint16))
    >>> np.asarray(as_shown(twelve, {BITS: (12,)}))
    array([[    0, 65535]], dtype=uint16)
    """
    bits, numbers = (_first(tags.get(tag, 1)) for tag in (BITS, NUMBERS))
    if numbers == SIGNED and bits <= 16:  # of 32 bits the values themselves tell
        raise UnshownError("numbers that may be negative, with no black and no white")
    if bits > 8 and tags.get(PLANES) == APART and tags.get(COMPRESSION) == UNPACKED:
        raise UnshownError(f"colours of {bits} bits that stand apart, which Pillow mixes up")
    if image.mode != "I;16":
        return image
    greys = np.asarray(image) * (WHITE / (2**bits - 1))
    if tags.get(MEANING) == WHITE_IS_ZERO:
        greys = WHITE - greys
    return Image.fromarray(greys.round().astype(np.uint16))


def _first(value: int | tuple[int, ...]) -> int:
    """Return a tag's number, or the first of those that it has for each channel."""
    return value[0] if isinstance(value, tuple) else value
