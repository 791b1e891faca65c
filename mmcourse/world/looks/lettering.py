"""Capital letters made of strokes, for what is written on signs.

Each letter stands in a box 4 wide and 6 high, as straight pen strokes. Leaves out digits,
accents and punctuation.
"""

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.outlines import Box
from mmcourse.world.scenes.vocabulary import RGB

WIDTH, HEIGHT, GAP = 4, 6, 2

STROKES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "a": ("06 03 20 43 46", "04 44"),
        "b": ("00 06 36 45 44 33 03", "00 30 41 42 33"),
        "c": ("41 30 10 01 05 16 36 45",),
        "d": ("00 06 26 44 42 20 00",),
        "e": ("40 00 06 46", "03 33"),
        "f": ("40 00 06", "03 33"),
        "g": ("41 30 10 01 05 16 36 45 43 23",),
        "h": ("00 06", "40 46", "03 43"),
        "i": ("20 26", "10 30", "16 36"),
        "j": ("40 45 36 16 05",),
        "k": ("00 06", "40 03 46"),
        "l": ("00 06 46",),
        "m": ("06 00 23 40 46",),
        "n": ("06 00 46 40",),
        "o": ("10 30 41 45 36 16 05 01 10",),
        "p": ("06 00 30 41 42 33 03",),
        "q": ("10 30 41 45 36 16 05 01 10", "24 46"),
        "r": ("06 00 30 41 42 33 03", "23 46"),
        "s": ("41 30 10 01 02 13 33 44 45 36 16 05",),
        "t": ("00 40", "20 26"),
        "u": ("00 05 16 36 45 40",),
        "v": ("00 26 40",),
        "w": ("00 06 23 46 40",),
        "x": ("00 46", "40 06"),
        "y": ("00 23 40", "23 26"),
        "z": ("00 40 06 46",),
    }
)
"""The strokes of each letter: a stroke is the points it passes, each as two digits, x and y."""


def write(canvas: Canvas, word: str, box: Box, colour: RGB) -> None:
    """Write a word in capitals, as large as fits in the middle of the box.

    Args:
        canvas: what to write on.
        word: letters a to z; the empty word writes nothing.
        box: (left, top, right, bottom) in the canvas's present frame.
        colour: of the strokes.

    Raises:
        ValueError: the word has another character.

    >>> canvas = Canvas(height=20, width=60, fineness=1)
    >>> write(canvas, "zoo", (0, 0, 3, 1), (255, 255, 255))
    >>> bool(canvas.pixels().any())
    True
    """
    unknown = sorted(set(word.lower()) - STROKES.keys())
    if unknown:
        raise ValueError(
            f"write: a sign's word may have only the letters a to z; got {word!r} "
            f"with {', '.join(map(repr, unknown))}. Leave those out."
        )
    if not word:
        return
    left, top, right, bottom = box
    span = len(word) * (WIDTH + GAP) - GAP
    unit = min((right - left) / (span + 1), (bottom - top) / (HEIGHT + 1))
    x, y = (left + right - span * unit) / 2, (top + bottom - HEIGHT * unit) / 2
    for index, letter in enumerate(word.lower()):
        with canvas.placed((x + index * (WIDTH + GAP) * unit, y), unit):
            for stroke in STROKES[letter]:
                points = [(int(point[0]), int(point[1])) for point in stroke.split()]
                for start, stop in pairwise(points):
                    canvas.line([start, stop], 1.1, colour)
