"""How many pixels are decoded at a time, by all threads together.

A PNG of 173 kB may hold a column of 89 million pixels, and eight threads that decode one each
fill a machine's memory. So whoever decodes asks for room first: all together hold no more than
the largest picture that Pillow opens at all, twice `PIL.Image.MAX_IMAGE_PIXELS`. Leaves out
pictures that are decoded already.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from PIL import Image

ROW = 2
"""A row costs as much as so many pixels: its address takes 8 bytes, a pixel 4."""

_CHANGED = Condition()
_TAKEN: list[int] = []


@contextmanager
def room(size: tuple[int, int], copies: int = 1) -> Iterator[None]:
    """Wait until a picture of this size fits beside all that are being decoded.

    Args:
        size: width and height, as it will be decoded.
        copies: how many its decoder holds at a time; one that takes all the room with them is
            decoded alone.

    Raises:
        DecompressionBombError: Pillow's; it alone is more than all may be.
    """
    cost, most = size[0] * size[1] + ROW * size[1], _most()
    if most is not None and cost > most:
        raise Image.DecompressionBombError(
            f"{size[0]:,} × {size[1]:,} pixels take the room of {cost:,}, with limit {most:,}"
        )
    cost = copies * cost if most is None else min(copies * cost, most)
    with _CHANGED:
        _CHANGED.wait_for(lambda: most is None or sum(_TAKEN) + cost <= most)
        _TAKEN.append(cost)
    try:
        yield
    finally:
        with _CHANGED:
            _TAKEN.remove(cost)
            _CHANGED.notify_all()


@contextmanager
def most_pixels(most: int) -> Iterator[None]:
    """Let pictures have so many pixels for as long as the block lasts."""
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, -(-most // 2)
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _most() -> int | None:
    """Return beyond how many pixels Pillow refuses a picture; None where it refuses none."""
    return None if Image.MAX_IMAGE_PIXELS is None else 2 * Image.MAX_IMAGE_PIXELS
