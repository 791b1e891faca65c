"""A picture to point at: where a vision transformer looks, under the mouse.

Each patch answers with what its token takes from the others, each word with a map of its own.
The page does that by itself (`hover.js`), with no kernel; where scripts do not run, four
pictures stand in its place. Leaves out how the maps are made (`attention_maps`).
"""

import json
import string
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from math import isqrt
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.captions import sentence
from mmcourse.plots.explore import page
from mmcourse.plots.figure import bundle, display, pixels_of
from mmcourse.plots.gallery import check_pictures, grid
from mmcourse.plots.palette import compressed, fitted, palette_of
from mmcourse.plots.series import named

SCRIPT = Path(__file__).with_name("hover.js")

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
"""One for each of 64 levels of light, the darkest first: a map takes a letter a patch."""

DARKEST = 0.2
"""Of a picture's light, so much is left where a map is 0."""


@checked
def hover(
    picture: ArrayLike,
    layers: Sequence[ArrayLike],
    words: Mapping[str, ArrayLike],
    *,
    alt: str,
) -> None:
    """Display a picture whose patches light up as the mouse, a key or a finger asks.

    Every map is as bright as its brightest patch, whatever that is.

    Args:
        picture: square, (height, width, 3), RGB, uint8 or floats in [0, 1].
        layers: of each the attention, (tokens, tokens) and at least 0, from each token (rows)
            to each; token 0 is the class token, the others are patches, row by row.
        words: for each label its map, one number of at least 0 for each patch.
        alt: a sentence that says what is seen before anybody points.

    Raises:
        ValueError: the picture is none or not square, there is no layer or no word, shapes do
            not fit together, or a number is negative.
    """
    alt = sentence("hover", alt)
    image = np.asarray(picture)
    check_pictures([image], "hover")
    if image.shape[0] != image.shape[1]:
        raise ValueError(
            f"hover: picture must be square, as its patches are; got shape {image.shape}."
        )
    attention = [_attention(number, layer) for number, layer in enumerate(layers, start=1)]
    if len({layer.shape for layer in attention}) != 1:
        shapes = [layer.shape for layer in attention]
        raise ValueError(
            f"hover: layers must be at least one, with the same tokens; got shapes {shapes}."
        )
    maps = named("hover", words, attention[0].shape[1])
    for word, one in maps.items():
        _require_light(repr(word), one)
    file = small(grid("hover", *_still(image, attention, maps), columns=4, inches=1.6))
    data, known = bundle(file, alt)
    html = _live(image, attention, maps, page(file, alt))
    display(({"text/html": html, **data}, known))


def _attention(number: int, layer: ArrayLike) -> np.ndarray:
    """Return what each token takes from each patch, (tokens, patches)."""
    array = as_numbers("hover", f"layer {number}", layer)
    side = isqrt(max(array.shape[0] - 1, 0)) if array.ndim else 0
    if side == 0 or array.shape != (side**2 + 1, side**2 + 1):
        raise ValueError(
            f"hover: layer {number} must be (tokens, tokens), a class token and a square of "
            f"patches; got {array.shape}; average over the heads of one picture."
        )
    _require_light(f"layer {number}", array)
    return array[:, 1:]


def _require_light(name: str, array: np.ndarray) -> None:
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError(
            f"hover: {name} must be finite and at least 0; got {array.min():g} to "
            f"{array.max():g}."
        )


def _share(one: np.ndarray) -> np.ndarray:
    """Return a map as shares of its highest number; one that is 0 throughout stays so."""
    return one / (one.max() or 1)


def _lit(image: np.ndarray, one: np.ndarray) -> np.ndarray:
    """Return the picture in the light of a map, as floats."""
    side = isqrt(one.size)
    rows, columns = (np.arange(length) * side // length for length in image.shape[:2])
    light = _share(one).reshape(side, side)[rows][:, columns, None]
    full = image / 255 if image.dtype == np.uint8 else image
    return np.clip(full * (DARKEST + (1 - DARKEST) * light), 0, 1)


def _still(
    image: np.ndarray, attention: Sequence[np.ndarray], maps: Mapping[str, np.ndarray]
) -> tuple[list[np.ndarray], list[str]]:
    """Return the pictures, and their titles, that stand where nobody can point."""
    shown = {"the picture": image / 255 if image.dtype == np.uint8 else image}
    shown[f"class token, layer {len(attention)}"] = _lit(image, attention[-1][0])
    shown |= {word: _lit(image, one) for word, one in list(maps.items())[:2]}
    return list(shown.values()), list(shown)


def _live(
    image: np.ndarray,
    attention: Sequence[np.ndarray],
    maps: Mapping[str, np.ndarray],
    still: str,
) -> str:
    """Return the figure as HTML: its maps as letters, what stands still, and the script."""
    plain = image if image.dtype == np.uint8 else (image * 255).round().astype(np.uint8)
    source = f"data:image/png;base64,{b64encode(compressed(plain)).decode()}"
    told = {
        "side": isqrt(attention[0].shape[1]),
        "letters": LETTERS,
        "darkest": DARKEST,
        "layers": ["".join(map(letters, layer)) for layer in attention],
        "words": {word: letters(one) for word, one in maps.items()},
    }
    return (
        f'<div class="mmcourse-hover" data-picture="{source}" '
        f'data-maps="{escape(json.dumps(told, ensure_ascii=False))}">{still}</div>\n'
        f"<script>\n{SCRIPT.read_text(encoding='utf-8')}</script>"
    )


def small(figure: Figure) -> bytes:
    """Return a PNG file with a palette: it is stored twice, for pages and for the rest."""
    pixels, file = pixels_of(figure), BytesIO()
    fitted(pixels, palette_of(Image.fromarray(pixels))).save(file, format="png", optimize=True)
    return file.getvalue()


def letters(one: np.ndarray) -> str:
    """Return a map as one letter a patch, as shares of its highest number.

    >>> letters(np.array([0, 1, 2]))
    'Ag/'
    """
    levels = np.rint(_share(one) * (len(LETTERS) - 1)).astype(int)
    return "".join(LETTERS[level] for level in levels)
