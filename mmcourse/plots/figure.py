"""A blank figure in the course's style, and how a figure gets onto the page.

A figure is a plain `matplotlib.figure.Figure`: no window system, no current figure, nothing
that stays in memory after `show`. Leaves out what is drawn.
"""

from html import escape
from io import BytesIO
from typing import Any

import numpy as np
from IPython.display import publish_display_data
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked

DPI = 100
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
        width: in inches, 100 pixels each.
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
    canvas: Any = FigureCanvasAgg(figure)
    with rc_context(STYLE):
        canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # opaque: no need for the fourth
    file = BytesIO()
    Image.fromarray(pixels).save(file, format="png", optimize=True)
    return file.getvalue()


@checked
def show(figure: Figure, alt: str) -> None:
    """Display a figure with its alternative text, and that text as a caption below it.

    The text is stored with the picture, where exporters put it into the page, and shown below
    it, because JupyterLab leaves the stored one out.

    Args:
        figure: what to display; it can be thrown away afterwards.
        alt: a full sentence that tells a reader who cannot see the figure what it shows.

    Raises:
        ValueError: `alt` is not a sentence.
    """
    alt = sentence("show", alt)
    picture = {"image/png": png(figure), "text/plain": f"Figure: {alt}"}
    caption = {"text/html": f"<p><em>{escape(alt)}</em></p>", "text/plain": alt}
    publish_display_data(picture, {"image/png": {"alt": alt}})  # type: ignore[no-untyped-call]
    publish_display_data(caption)  # type: ignore[no-untyped-call]


def sentence(operation: str, alt: str | None, otherwise: str = "") -> str:
    """Return `alt`, or what it is otherwise, without surrounding space.

    Raises:
        ValueError: it is no sentence.
    """
    alt = otherwise if alt is None else alt
    text = alt.strip() if isinstance(alt, str) else ""
    if len(text.split()) < 3 or not text.endswith("."):
        raise ValueError(
            f"{operation}: alt must be a sentence that says what the figure shows, with a full "
            f"stop; got {alt!r}."
        )
    return text
