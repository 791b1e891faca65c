"""What is said of a figure: one sentence below it, all of it for who cannot see it.

The numbers that were drawn fold away below the sentence. Leaves out the figure.
"""

import re
from collections.abc import Sequence
from html import escape

LONGEST = 300
"""Letters of a stored description; a screen reader reads it in one go."""

Table = Sequence[Sequence[str]]
"""Rows of cells, the first of which is the head; none at all for no numbers."""


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


def first_sentence(text: str) -> str:
    """Return what stands before the first full stop that ends a sentence.

    >>> first_sentence("It falls from 1.0 to 0.5. Chance is 0.2.")
    'It falls from 1.0 to 0.5.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-z])", text, maxsplit=1)[0]


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST` letters, cut between words.

    >>> shortened("word " * 60 + "end.")[-11:]
    'word word …'
    """
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 2].rsplit(" ", 1)[0] + " …"


def fitting(*texts: str) -> str:
    """Return the first text that is short enough, or the last one.

    >>> fitting("long " * 100, "short")
    'short'
    """
    return next((text for text in texts if len(text) <= LONGEST), texts[-1])


def below_figure(text: str, alt: str, numbers: Table = ()) -> str:
    """Return what stands below a figure as HTML: `text`, and what is left folded away.

    Args:
        text: one sentence.
        alt: the whole description; what `text` does not say of it goes into the fold.
        numbers: what was drawn.
    """
    more = f"<p>{escape(alt)}</p>" if alt.startswith(text) and alt != text else ""
    fold = more + (_table(numbers) if numbers else "")
    heading = "The numbers" if numbers else "More"
    below = f"<p><em>{escape(text)}</em></p>"
    return below + (f"<details><summary>{heading}</summary>{fold}</details>" if fold else "")


def _table(numbers: Table) -> str:
    head, *rows = numbers
    lines = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
    lines += [
        f"<th>{escape(first)}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        for first, *rest in rows
    ]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
