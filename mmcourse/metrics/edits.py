"""Error rates of what was heard: how many words, or letters, must be changed to make it right.

Leaves out how texts are brought to one spelling first: capitals and commas count.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mmcourse.boundary.signature import checked


class ErrorRate(NamedTuple):
    """Errors in a collection of texts.

    Args:
        rate: errors / total; above 1 where more is added than was said.
        errors: words, or letters, that must be replaced, added or left out.
        total: words, or letters, that were said.
    """

    rate: float
    errors: int
    total: int


@checked
def word_error_rate(heard: Sequence[str], said: Sequence[str]) -> ErrorRate:
    """Return how many words of all texts are wrong, divided by how many were said.

        Σ least edits (heard, said) / Σ words said

    Summed before it is divided: a long sentence weighs as much as its words.

    Source: the measure of speech recognition since the DARPA evaluations; the least number of
    edits is Levenshtein's, "Binary codes capable of correcting deletions, insertions, and
    reversals", Soviet Physics Doklady 1966.

    Args:
        heard: what a recogniser wrote, one text for each of `said`. It may be empty.
        said: what was said. One may be empty, for silence, but not all.

    Raises:
        ValueError: there is not one text for each, or not a word was said in all.

    "blue" for "red", "a" left out and "big" added, of seven words:

    >>> word_error_rate(
    ...     ["a blue cat", "the big dog saw car"], ["a red cat", "the dog saw a car"]
    ... )
    ErrorRate(rate=0.375, errors=3, total=8)
    """
    return _rate(
        "word_error_rate",
        "word",
        [text.split() for text in heard],
        [text.split() for text in said],
    )


@checked
def character_error_rate(heard: Sequence[str], said: Sequence[str]) -> ErrorRate:
    """Return how many characters of all texts are wrong, divided by how many were said.

    As `word_error_rate`, letter by letter; a space counts as a letter.

    Raises:
        ValueError: there is not one text for each, or not a letter was said in all.

    >>> character_error_rate(["bat"], ["cats"])
    ErrorRate(rate=0.5, errors=2, total=4)
    """
    return _rate("character_error_rate", "character", heard, said)


@checked
def edit_distance(a: str | Sequence[str], b: str | Sequence[str]) -> int:
    """Return how many items must be replaced, added or left out to make one sequence the other.

        D(i, j) = min(D(i-1, j) + 1, D(i, j-1) + 1, D(i-1, j-1) + (a_i ≠ b_j))

    D(i, j) is the distance of the first i items from the first j (Wagner and Fischer, "The
    string-to-string correction problem", Journal of the ACM 1974, section 3). A row of D needs
    the row above it alone.

    Args:
        a: a text, for its letters, or a list of words.
        b: another.

    >>> edit_distance("kitten", "sitting")
    3
    """
    above = list(range(len(b) + 1))
    for i, item in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (item != other)))
        above = row
    return above[-1]


def _rate(
    operation: str,
    unit: str,
    heard: Sequence[str] | Sequence[list[str]],
    said: Sequence[str] | Sequence[list[str]],
) -> ErrorRate:
    if len(heard) != len(said):
        raise ValueError(
            f"{operation}: there must be one text heard for each that was said; got "
            f"{len(heard)} for {len(said)}; nothing heard is the empty text."
        )
    total = sum(map(len, said))
    if not total:
        raise ValueError(
            f"{operation}: at least one {unit} must have been said; got none in {len(said)} "
            "texts; a rate has no meaning there: count what was heard."
        )
    errors = sum(edit_distance(a, b) for a, b in zip(heard, said, strict=True))
    return ErrorRate(errors / total, errors, total)
