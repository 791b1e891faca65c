"""A blank figure in the course's style, and how a figure gets onto the page.

A figure is a plain `matplotlib.figure.Figure`: no window system, no current figure, nothing
that stays in memory after `show`. Leaves out what is drawn.
"""

from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
from IPython.display import publish_display_data
from jaxtyping import UInt8
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.plots.captions import Table, below_figure, first_sentence, sentence, shortened
from mmcourse.plots.palette import compressed

DPI = 200
"""Pixels of a figure in an inch."""

PER_PAGE_PIXEL = 2
"""Pixels of a figure for each pixel of a page, so that it is sharp on a fine screen too."""

LARGEST, MOST_INCHES = 600, 50
"""Inches of a figure, and of one picture in it; beyond, no PNG is drawn."""


COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Told apart by colour-blind readers too (Okabe and Ito, *Color Universal Design*, 2008)."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""One for each colour, so that no meaning hangs on colour alone."""

STYLE: Any = {
    "figure.dpi": DPI,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@checked
def blank(
    width: float = 6.0, height: float = 3.6, *, rows: int = 1, columns: int = 1
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure and its axes, row after row.

    Args:
        width: in inches, each 100 pixels of a page.
        height: likewise.
        rows: how many axes stand one below the other.
        columns: how many stand side by side.
    """
    width = real("blank", "width", width, above=0, most=LARGEST)
    height = real("blank", "height", height, above=0, most=LARGEST)
    rows = whole("blank", "rows", rows, least=1, most=LARGEST)
    columns = whole("blank", "columns", columns, least=1, most=LARGEST)
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(np.ravel(axes))


@checked
def set_title(axis: Axes, title: str) -> None:
    """Write what the figure shows above its left edge."""
    axis.set_title(title, loc="left", fontsize=11)


@checked
def png(figure: Figure) -> bytes:
    """Return the figure as a PNG file, the same bytes for the same figure."""
    return compressed(pixels_of(figure))


@checked
def pixels_of(figure: Figure, dpi: int = DPI) -> UInt8[np.ndarray, "height width 3"]:
    """Return the figure drawn, RGB, with so many pixels in an inch."""
    figure.set_dpi(dpi)
    canvas: Any = FigureCanvasAgg(figure)
    with rc_context(STYLE):
        canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]  # opaque: no need for the fourth


Bundle: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
"""What a page shows, by kind, and what is known of it."""


@checked
def bundle(file: bytes, alt: str, *, finer: float = PER_PAGE_PIXEL) -> Bundle:
    """Return a PNG file with its alternative text as a notebook stores them.

    Args:
        file: the picture.
        alt: the text, which is cut where it is too long.
        finer: how many pixels it has for each of a page's, along a line.
    """
    text = shortened(alt)
    with Image.open(BytesIO(file)) as picture:
        width, height = (int(side / finer) for side in picture.size)
    known = {"alt": text, "width": width, "height": height}
    return {"image/png": file, "text/plain": f"Figure: {text}"}, {"image/png": known}


@checked
def show(figure: Figure, alt: str, *, numbers: Table = (), caption: str | None = None) -> None:
    """Display a figure with its alternative text, and one sentence as a caption below it.

    The text is stored with the picture, where exporters put it into the page. JupyterLab
    leaves it out there, so that a sentence of it is shown below; the others fold away.

    Args:
        figure: what to display; it can be thrown away afterwards.
        alt: a full sentence that tells a reader who cannot see the figure what it shows.
        numbers: a table of what is drawn, the first row its head, to fold away below.
        caption: the sentence below; None takes the first of `alt`.

    Raises:
        ValueError: `alt` is not a sentence.
    """
    alt = sentence("show", alt)
    publish(bundle(png(figure), alt), alt, numbers, caption)


def publish(picture: Bundle, alt: str, numbers: Table = (), caption: str | None = None) -> None:
    """Display a picture as `show` does a figure, with the words below."""
    display(picture)
    text = first_sentence(alt) if caption is None else caption
    display(({"text/html": below_figure(text, alt, numbers), "text/plain": text}, {}))


def display(shown: Bundle, name: str = "", *, update: bool = False) -> None:
    """Put something onto the page: under a name, or in place of what has that name."""
    data, known = shown
    where: Any = {"transient": {"display_id": name}, "update": update} if name else {}
    publish_display_data(data, known, **where)  # type: ignore[no-untyped-call]
