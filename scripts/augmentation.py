"""Pictures made harder without making their captions false.

The world's training pictures are all clear. In the last phase of training some are shrunk,
partly painted over (random erasing, arXiv 1708.04896, section 3) or have a part faded, so that
small, covered and faint things are not strange to the model. What is drawn hard on purpose,
the split "hard", stays unseen.
"""

import numpy as np
from jaxtyping import UInt8
from PIL import Image

Pixels = UInt8[np.ndarray, "size size 3"]

WAYS = {"": 0.35, "shrunk": 0.3, "erased": 0.2, "faded": 0.15}


def draw_way(rng: np.random.Generator) -> str:
    """Return a key of `WAYS`, drawn by its share; "" leaves the picture as it is."""
    point = rng.random()
    for way, share in WAYS.items():
        point -= share
        if point < 0:
            return way
    return way


def augment(pixels: Pixels, way: str, rng: np.random.Generator) -> Pixels:
    """Return the picture, changed in one of the `WAYS`; its size stays."""
    if way == "shrunk":
        return _shrink(pixels, rng)
    if way == "erased":
        return _erase(pixels, rng)
    return _fade(pixels, rng) if way == "faded" else pixels


def _shrink(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return the whole picture at 35 to 85 % of its size, its edges drawn out to the rim."""
    size = len(pixels)
    small = round(size * (0.35 + 0.5 * rng.random()))
    top, left = (int((size - small + 1) * rng.random()) for _ in range(2))
    inner = np.asarray(
        Image.fromarray(pixels).resize((small, small), Image.Resampling.BILINEAR)
    )
    rim = ((top, size - small - top), (left, size - small - left), (0, 0))
    return np.pad(inner, rim, mode="edge")


def _erase(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return the picture with a rectangle of one random colour over it."""
    rows, columns = _part(len(pixels), 0.2, 0.5, rng)
    changed = pixels.copy()
    changed[rows, columns] = np.array([256 * rng.random() for _ in range(3)]).astype(np.uint8)
    return changed


def _fade(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return the picture with a rectangle faded by 15 to 65 % into its own mean colour."""
    rows, columns = _part(len(pixels), 0.4, 0.8, rng)
    part = pixels[rows, columns].astype(np.float32)
    kept = 0.35 + 0.5 * rng.random()
    changed = pixels.copy()
    changed[rows, columns] = (kept * part + (1 - kept) * part.mean((0, 1))).round()
    return changed


def _part(
    size: int, least: float, most: float, rng: np.random.Generator
) -> tuple[slice, slice]:
    """Return the rows and columns of a random rectangle, each side a share of the picture's."""
    found = []
    for _ in range(2):
        length = round(size * (least + (most - least) * rng.random()))
        start = int((size - length + 1) * rng.random())
        found.append(slice(start, start + length))
    return found[0], found[1]
