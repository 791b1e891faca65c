"""Draw docs/hero.png: the drawn world, a search in it, and pictures painted from words.

The scenes are of a seed that was chosen; what was found and painted is what came first. A text
of which the gallery holds fewer right pictures than are shown is refused. A red frame is around
what shows another kind, colour or place than was asked for. The picture carries its own
description, which is the README's, too.

usage: python scripts/draw_hero.py   (a minute or two)
"""

import sys
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import torch
from lessons import ROOT
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from mmcourse import clip
from mmcourse.data import pairs
from mmcourse.judge import load_judge
from mmcourse.plots import COLOURS
from mmcourse.rectified_flow import load_painter
from mmcourse.retrieval import Index
from mmcourse.world import Scene, caption, render, sample_scene

WORLD, SEED, AMONG = 13, 36, 2_000
SEARCHED = (
    ("a black cat", "cat", "black"),
    ("a yellow dog in the city", "dog", "yellow", "street"),
)
PAINTED = (
    ("an orange boat at sea", "boat", "orange"),
    ("a blue house in a meadow", "house", "blue"),
)
SHOWN, ROWS = 3, 2

EDGE, GAP, SIDE = 28, 12, 164
PANEL = SHOWN * SIDE + (SHOWN - 1) * GAP
BETWEEN, HEAD, BOX, FRAME, INSET = 52, 92, 50, 5, 22
ROW = BOX + GAP + SIDE + 2 * GAP
WIDTH = 2 * EDGE + 3 * PANEL + 2 * BETWEEN
HEIGHT = 2 * EDGE + HEAD + ROWS * ROW - 2 * GAP
INK, GREY, PALE, RED = "#222222", "#666666", "#f1f4f7", "#b3001b"
HEADS = (
    ("A drawn world", "in which every fact is known"),
    ("searched with words", f"the first {SHOWN} of {AMONG:,} pictures"),
    ("painted from words", f"the first {SHOWN} tries"),
)
TEXT = 25
"""Pixels that a line of text is high; a page shows about half of the picture's."""


class Row(NamedTuple):
    """A text, the pictures that belong to it, and which of them show what it says."""

    text: str
    pictures: list[np.ndarray]
    right: list[bool]


def drawn() -> list[Row]:
    """Return wide scenes of two things, the first whose captions fit a line."""
    rng = np.random.default_rng(WORLD)
    rows: list[Row] = []
    while len(rows) < ROWS:
        scene = sample_scene(rng, n_objects=2, aspect=3)
        said = caption(scene, rng, full=True)
        if _font(TEXT).getlength(said) <= PANEL - 2 * INSET:
            rows.append(Row(said, [render(scene, SIDE)], [True]))
    return rows


def found() -> list[Row]:
    """Return for each text the nearest pictures, drawn once more in the page's size.

    Raises:
        ValueError: the gallery holds too few right pictures of a text.
    """
    shown = pairs(AMONG, SEED, split="test")
    for text, *wanted in SEARCHED:
        if (there := sum(holds(scene, *wanted) for scene in shown.scenes)) < SHOWN:
            raise ValueError(
                f"draw_hero: expected at least {SHOWN} pictures of {text!r} "
                f"among {AMONG:,}; got {there}."
            )
    index = Index.build(*clip.load("tiny", "cpu"), shown.pixels, progress=False)
    rows = []
    for text, *wanted in SEARCHED:
        scenes = [shown.scenes[int(hit.item)] for hit in index.search(text, k=SHOWN)]
        right = [holds(scene, *wanted) for scene in scenes]
        rows.append(Row(text, [render(scene, SIDE) for scene in scenes], right))
    return rows


def holds(scene: Scene, kind: str, colour: str, setting: str = "") -> bool:
    """Return whether a thing of this kind and colour is in a scene, and the scene there."""
    there = any((thing.kind, thing.colour) == (kind, colour) for thing in scene.objects)
    return there and setting in ("", scene.setting)


def painted() -> list[Row]:
    """Return for each text pictures from noise, judged by one who never met CLIP."""
    painter, judge = load_painter("cpu"), load_judge()
    rows = []
    for number, (text, *wanted) in enumerate(PAINTED):
        noise = torch.Generator().manual_seed(SEED + number)
        pixels = painter.paint([f"a photo of {text}"] * SHOWN, generator=noise)
        right = [list(seen[:2]) == wanted for seen in judge.verdicts(pixels)]
        rows.append(Row(text, list(pixels.numpy()), right))
    return rows


def description(panels: list[list[Row]]) -> str:
    """Return what the picture shows, in words."""
    world, search, paint = ([f"“{row.text}”" for row in panel] for panel in panels)
    good = [sum(sum(row.right) for row in panel) for panel in panels]
    of = ROWS * SHOWN
    return (
        f"Three panels. Drawn and captioned: {' and '.join(world)}. Found by words: "
        f"{' and '.join(search)}, {good[1]} of {of} pictures right. Painted from words: "
        f"{' and '.join(paint)}, {good[2]} of {of} right."
    )


def composed(panels: list[list[Row]]) -> Image.Image:
    """Return the panels side by side."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    for number, panel in enumerate(panels):
        left = EDGE + number * (PANEL + BETWEEN)
        title, under = HEADS[number]
        draw.text((left, EDGE - 8), title, COLOURS[number], _font(31, bold=True))
        draw.text((left, EDGE + 36), under, GREY, _font(TEXT))
        for place, row in enumerate(panel):
            _draw_row(picture, draw, (left, EDGE + HEAD + place * ROW), row, COLOURS[number])
    return picture


def _draw_row(
    picture: Image.Image,
    draw: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    row: Row,
    colour: str,
) -> None:
    left, top = corner
    draw.rounded_rectangle((left, top, left + PANEL - 1, top + BOX), 10, PALE)
    draw.rounded_rectangle((left, top, left + 6, top + BOX), 3, colour)
    draw.text((left + INSET, top + BOX / 2), row.text, INK, _font(TEXT), anchor="lm")
    wide = (PANEL - GAP * (len(row.pictures) - 1)) // len(row.pictures)
    for number, (pixels, right) in enumerate(zip(row.pictures, row.right, strict=True)):
        large = Image.fromarray(pixels).resize((wide, SIDE), Image.Resampling.BICUBIC)
        place = (left + number * (wide + GAP), top + BOX + GAP)
        picture.paste(large, place)
        if not right:
            end = (place[0] + wide - 1, place[1] + SIDE - 1)
            draw.rectangle((place, end), outline=RED, width=FRAME)


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    return ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf", name), size)


def main() -> int:
    """Write the picture; return an exit status."""
    panels = [drawn(), found(), painted()]
    said = PngInfo()
    said.add_itxt("Description", description(panels))
    composed(panels).quantize(256, method=Image.Quantize.MEDIANCUT).save(
        ROOT / "docs" / "hero.png", pnginfo=said, optimize=True
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
