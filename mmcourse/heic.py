"""HEIC, the form in which iPhones keep photos: read where `pillow-heif` is installed.

Pillow itself does not know it, and the plug-in is not everybody's (the package's extra
`photos`), so that a photo is told apart by its first bytes, and what it lacks is said. Leaves
out AVIF, which begins alike, and which Pillow reads by itself.

Source: ISO/IEC 23008-12, annex B.
"""

from functools import cache
from importlib import import_module
from typing import final

BEGINNING = 64
"""Bytes that tell."""

BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx")
GENERAL = (b"mif1", b"msf1")
"""Brands of any such container: what is in it, those that follow say."""


@final
class HeicError(Exception):
    """A photo that this Python cannot read."""


def is_heic(start: bytes) -> bool:
    r"""Return whether the first bytes of a file are those of an HEIC.

    >>> is_heic(b"\0\0\0\x18ftypheic"), is_heic(b"\0\0\0\x18ftypavif")
    (True, False)
    """
    if start[4:8] != b"ftyp":
        return False
    length = int.from_bytes(start[:4], "big")
    following = [start[place : place + 4] for place in range(16, min(length, BEGINNING), 4)]
    brands = following if start[8:12] in GENERAL else [start[8:12]]
    return not set(brands).isdisjoint(BRANDS)


@cache
def reads_heic() -> bool:
    """Return whether Pillow reads HEIC here, after teaching it where that can be done."""
    try:
        import_module("pillow_heif").register_heif_opener(thumbnails=False)
    except ImportError:
        return False
    return True
