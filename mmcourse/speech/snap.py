"""Every word that was heard becomes the nearest of those that may be said.

A recogniser that spells writes "unbrella"; where the list of words is known, the nearest one
is meant. What is gained there is lost for every new word: it becomes an old one. Leaves out
which word follows which.
"""

from collections.abc import Collection

from mmcourse.boundary.signature import checked
from mmcourse.metrics.edits import edit_distance


@checked
def snap(text: str, words: Collection[str]) -> str:
    """Return a text each of whose words is the one in `words` that is fewest edits away.

    Of several as near, the first in the alphabet.

    Args:
        text: what was heard.
        words: what may be said.

    Raises:
        ValueError: there is no word to choose from.

    >>> snap("a rad unbrella", ["a", "cat", "red", "umbrella"])
    'a red umbrella'
    """
    if not len(words):
        raise ValueError("snap: words must hold at least one; got none.")
    choices, known = sorted(words), frozenset(words)
    return " ".join(
        word if word in known else min(choices, key=lambda one: edit_distance(word, one))
        for word in text.split()
    )
