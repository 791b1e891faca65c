"""Pictures that are not of the drawn world: photos, faces, screenshots, and drawn ones.

One picture a source. Photos and faces come with scikit-image, scikit-learn and matplotlib; of
the course's own pages screenshots are made with Chromium. Sources of each sort are taken in
turn for validation, where the choice is made, and for the test.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import mistune
import nbformat
import numpy as np
import skimage
import sklearn.datasets
from foreign_drawings import Maker, drawings, glyphs, patterns, plots
from lessons import ROOT
from PIL import Image
from playwright.sync_api import sync_playwright

FACES, DIGITS = 24, 10
PHOTOS = [
    *("astronaut.png", "camera.png", "cell.png", "chelsea.png", "clock_motion.png"),
    *("coffee.png", "coins.png", "brick.png", "grass.png", "gravel.png"),
    *("hubble_deep_field.jpg", "ihc.png", "microaneurysms.png", "moon.png"),
    *("motorcycle_left.png", "page.png", "retina.jpg", "rocket.jpg", "text.png"),
]
FIGURES = ["color.png", "horse.png", "logo.png", "phantom.png"]
"""Of scikit-image's: a wheel of colours, a silhouette, a logo, a phantom of a head."""

PAGES = [
    *("README", "STYLE", "CONTRIBUTING", "INSTRUCTORS", "CHANGELOG", "docs/glossary"),
    *("docs/parity", "docs/published", "docs/tiny", "docs/world", "docs/probe"),
]
WINDOW = {"width": 720, "height": 720}
CSS = "body{font:16px sans-serif;margin:2em} td,th{border:1px solid #ccc;padding:4px}"


class Source(NamedTuple):
    """A picture that is not of the drawn world.

    Args:
        sort: "photo", "face", "screenshot", …
        name: of the one picture.
        split: "validation" or "test".
        picture: as a file would hold it.
    """

    sort: str
    name: str
    split: str
    picture: Image.Image


def foreign() -> list[Source]:
    """Return all sources."""
    sorts: Mapping[str, Mapping[str, Maker]] = {
        "photo": _photos(),
        "face": _faces(),
        "hand-written digit": _digits(),
        "screenshot": dict(_screenshots()),
        "chart": plots(),
        "pattern": patterns(),
        "sign": glyphs(),
        "drawing": {**drawings(), **{name: partial(_of_skimage, name) for name in FIGURES}},
    }
    found = []
    for sort, makers in sorts.items():
        for place, name in enumerate(sorted(makers)):
            split = ("validation", "test")[place % 2]
            found.append(Source(sort, name, split, makers[name]()))
    return found


def _of_skimage(name: str) -> Image.Image:
    return Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")


def _photos() -> dict[str, Maker]:
    found: dict[str, Maker] = {name: partial(_of_skimage, name) for name in PHOTOS}
    shown = sklearn.datasets.load_sample_images()
    for name, pixels in zip(shown.filenames, shown.images, strict=True):
        found[Path(name).name] = partial(Image.fromarray, pixels)
    hopper = Path(mpl.get_data_path(), "sample_data", "grace_hopper.jpg")
    found[hopper.name] = lambda: Image.open(hopper).convert("RGB")
    return found


def _faces() -> dict[str, Maker]:
    """Return photos of faces; of scikit-image's 200 pictures the first hundred are such."""
    pixels = np.load(Path(skimage.__file__).parent / "data" / "lfw_subset.npy")
    return {f"face {at:02d}": _grey(pixels[4 * at]) for at in range(FACES)}


def _digits() -> dict[str, Maker]:
    pixels = sklearn.datasets.load_digits().images / 16
    return {f"digit {at}": _grey(pixels[at]) for at in range(DIGITS)}


def _grey(values: np.ndarray) -> Maker:
    small = Image.fromarray((255 * values).round().astype(np.uint8)).convert("RGB")
    return lambda: small.resize((256, 256), Image.Resampling.BICUBIC)


def _screenshots() -> Iterator[tuple[str, Maker]]:
    """Yield the top of each document and each lesson's text, as a browser shows it."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page(viewport=WINDOW)
        for name, text in _texts():
            html = mistune.html(re.sub(r"!\[[^]]*\]\([^)]*\)", "", text))
            page.set_content(f"<style>{CSS}</style>{html}")
            yield name, _taken(page.screenshot())
        started.close()


def _taken(file: bytes) -> Callable[[], Image.Image]:
    return lambda: Image.open(BytesIO(file)).convert("RGB")


def _texts() -> Iterator[tuple[str, str]]:
    for name in PAGES:
        yield name, (ROOT / f"{name}.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        shown = (
            cell.source if cell.cell_type == "markdown" else f"```\n{cell.source}\n```"
            for cell in cells[:20]
        )
        yield path.stem, "\n\n".join(shown)
