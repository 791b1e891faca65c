"""A box to type a query or a prompt into, over the pictures that answer it.

Typing needs a running kernel. Where there is none, as in a saved notebook, the first query's
pictures stand there. The search is an argument, so that nothing here needs a model.
"""

from collections.abc import Callable, Sequence
from html import escape
from textwrap import fill
from typing import Any, TypeAlias

from ipywidgets import HTML, Layout, Text  # type: ignore[import-untyped]
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.plots.explore import page
from mmcourse.plots.figure import LARGEST, MOST_INCHES, Bundle, bundle, png
from mmcourse.plots.gallery import grid
from mmcourse.plots.kept import Kept

Search: TypeAlias = Callable[[str], Sequence[tuple[ArrayLike, str]]]
"""From a query to pictures, (height, width, 3) each, with a caption; the best first."""

CAPTION = 24
"""Letters that fit beside each other over a picture."""


def _found_for(query: str) -> str:
    """Return what stands above the pictures that were found for a query."""
    return f"Found for \u201c{query}\u201d, the best first:"


@checked
def query_box(
    search: Search,
    first: str,
    *,
    label: str = "Search",
    heading: Callable[[str], str] = _found_for,
    columns: int = 4,
    inches: float = 1.7,
) -> Kept:
    """Return a text box above the pictures found; Enter searches again.

    What goes wrong in `search` is shown in place of the pictures.

    Args:
        search: takes what was typed, without surrounding space; returns pictures, RGB, uint8
            or floats in [0, 1], with a caption each, the best first.
        first: what the box holds at first.
        label: what stands before the box.
        heading: takes what was typed, too; returns what stands above the pictures.
        columns: how many pictures stand in a row, at least 1.
        inches: height of each.

    Raises:
        ValueError: `first` is empty, or `columns` or `inches` is not above 0.
    """
    if not isinstance(first, str) or not first.strip():
        raise ValueError(
            f"query_box: first must say what to look for at first, such as 'a red cat'; got "
            f"{first!r}."
        )
    columns = whole("query_box", "columns", columns, least=1, most=LARGEST)
    inches = real("query_box", "inches", inches, above=0, most=MOST_INCHES)
    layout = Layout(width="30em", max_width="100%")
    box = Text(first, description=label, continuous_update=False, layout=layout)
    answer = HTML()

    def update(_change: Any = None) -> Bundle:
        answer.value, kept = _answer(search, box.value.strip(), heading, columns, inches)
        return kept

    box.observe(update, names="value")
    return Kept([box, answer], update())


def _answer(
    search: Search, query: str, heading: Callable[[str], str], columns: int, inches: float
) -> tuple[str, Bundle]:
    """Return what stands below the box, as HTML and as a saved notebook keeps it."""
    if not query:
        return note("Type what you look for, then press Enter.")
    return answered(
        "query_box",
        lambda: (list(search(query)), heading(query)),
        f"Nothing was found for {query}.",
        columns=columns,
        inches=inches,
    )


def answered(
    operation: str,
    look: Callable[[], tuple[list[tuple[ArrayLike, str]], str]],
    nothing: str,
    *,
    columns: int,
    inches: float,
) -> tuple[str, Bundle]:
    """Return what was found, or went wrong, as HTML and as a saved notebook keeps it.

    Args:
        operation: who asks.
        look: gives pictures with captions, and what stands above them.
        nothing: is said where there are none.
        columns: how many stand in a row.
        inches: height of each.
    """
    try:
        found, above = look()
        if not found:
            return note(nothing)
        images, captions = zip(*found, strict=True)
        titles = [fill(caption, CAPTION) for caption in captions]
        figure = grid(operation, images, titles, columns=columns, inches=inches)
    except Exception as error:  # of any kind: a notebook shows none that a widget's call raises
        return note(f"{type(error).__name__}: {error}")
    file, alt = png(figure), f"{above} {'; '.join(captions)}."
    return page(file, alt), bundle(file, alt)


def note(text: str) -> tuple[str, Bundle]:
    """Return a sentence in place of pictures."""
    written = f'<p role="status"><em>{escape(text)}</em></p>'
    return written, ({"text/html": written, "text/plain": text}, {})
