"""Pictures that are not of the drawn world, drawn by programs: patterns, plots, other styles.

Each function is a source of its own, and makes one picture of 256 pixels; `foreign_pictures`
lists them with the photos.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from foreign_figures import DRAWINGS
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 256
Maker = Callable[[], Image.Image]


def patterns() -> Mapping[str, Maker]:
    """Return noise, gradients and other pictures of nothing."""
    found: dict[str, Maker] = {}
    for at, name in enumerate(("white noise", "grey noise", "salt and pepper", "static lines")):
        found[name] = partial(_noise, name, at)
    for at, radius in enumerate((2, 6, 15, 40)):
        found[f"noise blurred by {radius}"] = partial(_blurred, radius, 10 + at)
    for name, (low, high) in {
        "black to white": ((0, 0, 0), (255, 255, 255)),
        "blue to white": ((30, 60, 200), (255, 255, 255)),
        "red to yellow": ((200, 0, 0), (255, 230, 0)),
        "sky to grass": ((120, 180, 250), (60, 150, 60)),
    }.items():
        for way in ("across", "down"):
            found[f"{name} {way}"] = partial(_gradient, low, high, way)
    for name in ("white", "black", "grey", "crimson", "skyblue", "forestgreen"):
        found[f"plain {name}"] = partial(Image.new, "RGB", (SIDE, SIDE), name)
    for name in ("stripes", "checks", "rings", "waves"):
        found[name] = partial(_regular, name)
    return found


def plots() -> Mapping[str, Maker]:
    """Return charts as matplotlib draws them."""
    return {name: partial(_plotted, draw) for name, draw in _PLOTS.items()}


def glyphs() -> Mapping[str, Maker]:
    """Return signs that stand large on a plain ground, as emoji do."""
    grounds = ("white", "lightyellow", "skyblue", "black")
    inks = ("crimson", "orange", "green", "royalblue", "purple")
    return {
        f"glyph {name}": partial(_glyph, sign, inks[at % 5], grounds[at % 4])
        for at, (name, sign) in enumerate(_GLYPHS.items())
    }


def drawings() -> Mapping[str, Maker]:
    """Return drawings in other styles than the world's."""
    return {name: partial(_drawn, draw) for name, draw in DRAWINGS.items()}


def _noise(name: str, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    if name == "grey noise":
        pixels[:] = pixels[:, :, :1]
    if name == "salt and pepper":
        pixels = np.where(pixels[:, :, :1] > 127, 255, 0).astype(np.uint8).repeat(3, 2)
    if name == "static lines":
        pixels[:] = pixels[:, :1]
    return Image.fromarray(pixels)


def _blurred(radius: int, seed: int) -> Image.Image:
    soft = _noise("white noise", seed).filter(ImageFilter.GaussianBlur(radius))
    pixels = np.asarray(soft, dtype=float)
    low, high = pixels.min((0, 1)), pixels.max((0, 1))
    return Image.fromarray((255 * (pixels - low) / (high - low)).astype(np.uint8))


def _gradient(low: Sequence[int], high: Sequence[int], way: str) -> Image.Image:
    steps = np.linspace(0, 1, SIDE)[:, None]
    line = (1 - steps) * np.array(low) + steps * np.array(high)
    pixels = np.broadcast_to(line[None], (SIDE, SIDE, 3)).round().astype(np.uint8)
    return Image.fromarray(
        np.ascontiguousarray(pixels if way == "across" else pixels.swapaxes(0, 1))
    )


def _regular(name: str) -> Image.Image:
    y, x = np.mgrid[:SIDE, :SIDE]
    field = {
        "stripes": (x + y) // 16 % 2,
        "checks": (x // 32 + y // 32) % 2,
        "rings": (np.hypot(x - 128, y - 128) // 14).astype(int) % 2,
        "waves": 0.5 + 0.5 * np.sin(x / 9 + 3 * np.sin(y / 31)),
    }[name]
    colours = {"stripes": (200, 30, 60), "checks": (20, 20, 20), "rings": (20, 90, 200)}
    dark = np.array(colours.get(name, (10, 120, 90)))
    return Image.fromarray((255 - field[..., None] * (255 - dark)).astype(np.uint8))


def _plotted(draw: Callable[[Axes, np.random.Generator], None]) -> Image.Image:
    figure = Figure(figsize=(4, 4), dpi=SIDE / 4)
    rng = np.random.default_rng(7)
    draw(figure.subplots(), rng)
    file = BytesIO()
    figure.savefig(file, format="png")
    return Image.open(file).convert("RGB")


def _bars(axes: Axes, rng: np.random.Generator) -> None:
    axes.bar(list("abcdef"), rng.random(6))
    axes.set_title("Shares")


def _lines(axes: Axes, rng: np.random.Generator) -> None:
    axes.plot(rng.normal(size=(60, 4)).cumsum(0))
    axes.legend(list("abcd"))


def _heat(axes: Axes, rng: np.random.Generator) -> None:
    axes.imshow(rng.random((5, 5)), cmap="Blues")
    for row in range(5):
        for column in range(5):
            axes.text(row, column, "0.5", ha="center")


def _surface(axes: Axes, _: np.random.Generator) -> None:
    y, x = np.mgrid[-2:2:40j, -2:2:40j]
    axes.contourf(x, y, np.sin(2 * x) * np.cos(y), cmap="viridis")


def _arrows(axes: Axes, _: np.random.Generator) -> None:
    y, x = np.mgrid[-2:2:12j, -2:2:12j]
    axes.quiver(x, y, -y, x)


def _stream(axes: Axes, _: np.random.Generator) -> None:
    y, x = np.mgrid[-2:2:30j, -2:2:30j]
    axes.streamplot(x, y, -y, x * x)


def _grey_image(axes: Axes, rng: np.random.Generator) -> None:
    axes.imshow(rng.normal(size=(40, 40)).cumsum(0), cmap="gray")
    axes.axis("off")


_PLOTS: Mapping[str, Callable[[Axes, np.random.Generator], object]] = {
    "bar chart": _bars,
    "line chart": _lines,
    "scatter plot": lambda axes, rng: axes.scatter(*rng.random((2, 200)), c=rng.random(200)),
    "pie chart": lambda axes, _: axes.pie([3, 2, 4, 1], labels=list("abcd")),
    "histogram": lambda axes, rng: axes.hist(rng.normal(size=900), bins=40),
    "heat map": _heat,
    "contour plot": _surface,
    "vector field": _arrows,
    "stream plot": _stream,
    "grey image": _grey_image,
    "box plot": lambda axes, rng: axes.boxplot(rng.normal(size=(90, 5))),
    "violin plot": lambda axes, rng: axes.violinplot(rng.normal(size=(90, 5))),
    "hexagons": lambda axes, rng: axes.hexbin(*rng.normal(size=(2, 900)), gridsize=15),
    "stacked areas": lambda axes, rng: axes.stackplot(range(20), rng.random((4, 20))),
    "error bars": lambda axes, rng: axes.errorbar(range(9), rng.random(9), 0.2, fmt="o"),
    "steps": lambda axes, rng: axes.step(range(30), rng.normal(size=30).cumsum()),
    "level lines": lambda axes, rng: axes.contour(rng.normal(size=(20, 20)).cumsum(0)),
    "spectrogram": lambda axes, _: axes.specgram(np.sin(np.arange(9000) ** 1.5 / 300)),
}

_GLYPHS: Mapping[str, str] = {
    "smile": "☺", "umbrella": "☂", "aeroplane": "✈", "snowman": "☃", "heart": "♥", "notes": "♫",
    "telephone": "☎", "sun": "☀", "star": "★", "scissors": "✂", "king": "♚", "skull": "☠",
    "envelope": "✉", "flower": "✿", "cloud": "☁", "letter": "A", "eight": "8", "anchor": "⚓",
}  # fmt: skip


def _glyph(sign: str, ink: str, ground: str) -> Image.Image:
    font = ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), 200)
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    ImageDraw.Draw(picture).text((SIDE / 2, SIDE / 2), sign, ink, font, anchor="mm")
    return picture


def _drawn(draw: Callable[[ImageDraw.ImageDraw], object]) -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    draw(ImageDraw.Draw(picture))
    return picture
