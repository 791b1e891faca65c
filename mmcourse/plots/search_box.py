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

Notes: TypeAlias = Callable[[str, Sequence[ArrayLike]], Sequence[str]]
"""From a query, and the pictures found, to sentences that stand beside them."""

Found: TypeAlias = tuple[list[tuple[ArrayLike, str]], str, Sequence[str]]
"""Pictures with captions, what stands above them, and what else their reader should know."""

CAPTION = 24
"""Letters that fit beside each other over a picture."""


def _found_for(query: str) -> str:
    """Return what stands above the pictures that were found for a query."""
    return f"Found for \u201c{query}\u201d, the best first:"


def _nothing_else(_query: str, _pictures: Sequence[ArrayLike]) -> Sequence[str]:
    """Return that there is nothing to know beside the pictures."""
    return []


@checked
def query_box(  # noqa: PLR0913 - one for each thing that a lesson says otherwise
    search: Search,
    first: str,
    *,
    label: str = "Search",
    heading: Callable[[str], str] = _found_for,
    notes: Notes = _nothing_else,
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
        notes: takes what was typed, and the pictures; returns sentences to stand above them.
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

    def look(query: str) -> Found:
        found = list(search(query))
        return found, heading(query), notes(query, [picture for picture, _ in found])

    def update(_change: Any = None) -> Bundle:
        query = box.value.strip()
        nothing = f"Nothing was found for {query}."
        answer.value, kept = (
            answered("query_box", lambda: look(query), nothing, columns=columns, inches=inches)
            if query
            else note("Type what you look for, then press Enter.")
        )
        return kept

    box.observe(update, names="value")
    return Kept([box, answer], update())


def answered(
    operation: str,
    look: Callable[[], Found],
    nothing: str,
    *,
    columns: int,
    inches: float,
) -> tuple[str, Bundle]:
    """Return what was found, or went wrong, as HTML and as a saved notebook keeps it.

    Args:
        operation: who asks.
        look: gives what was found.
        nothing: is said where there are none.
        columns: how many stand in a row.
        inches: height of each.
    """
    try:
        found, above, notes = look()
        if not found:
            return note(" ".join([nothing, *notes]))
        images, captions = zip(*found, strict=True)
        titles = [fill(caption, CAPTION) for caption in captions]
        figure = grid(operation, images, titles, columns=columns, inches=inches)
    except Exception as error:  # of any kind: a notebook shows none that a widget's call raises
        return note(f"{type(error).__name__}: {error}")
    file, alt = png(figure), f"{above} {'; '.join(captions)}."
    said = "".join(f'<p role="status">{escape(each)}</p>' for each in notes)
    return said + page(file, alt), bundle(file, " ".join([*notes, alt]))


def note(text: str) -> tuple[str, Bundle]:
    """Return a sentence in place of pictures."""
    written = f'<p role="status"><em>{escape(text)}</em></p>'
    return written, ({"text/html": written, "text/plain": text}, {})
