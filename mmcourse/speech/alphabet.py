"""What a recogniser may write: 26 letters and the space, and besides them the blank.

With letters it can write a word that it has never heard; with whole words it could not. The
blank is no letter: it says "nothing new here" (Graves et al., "Connectionist temporal
classification", ICML 2006, section 3.1). Leaves out digits, marks and other scripts.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

BLANK = 0
"""The number of the blank."""

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
"""The letters, numbered from 1."""

UNITS = 1 + len(ALPHABET)
"""How many numbers there are: the blank and every letter."""


@checked
def plain(text: str) -> str:
    """Return a text in small letters and single spaces; all else counts as a space.

    An apostrophe leaves nothing behind.

    >>> plain("It's a red cat, I think.")
    'its a red cat i think'
    """
    kept = "".join(
        letter if letter in ALPHABET else " " for letter in text.lower().replace("'", "")
    )
    return " ".join(kept.split())


@checked
def spelled(texts: Sequence[str]) -> tuple[Int[Tensor, "batch length"], Int[Tensor, " batch"]]:
    """Return the letters of each text as numbers, padded with blanks, and how many they are.

    Args:
        texts: of letters and spaces, as `plain` makes them.

    Raises:
        ValueError: a text holds something else.

    >>> spelled(["a cab", "a"])[0]
    tensor([[2, 1, 4, 2, 3],
            [2, 0, 0, 0, 0]])
    """
    rows = [_numbers(text) for text in texts]
    lengths = torch.tensor([len(row) for row in rows], dtype=torch.long)
    longest = max(map(len, rows), default=0)
    padded = [row + [BLANK] * (longest - len(row)) for row in rows]
    return torch.tensor(padded, dtype=torch.long).reshape(len(rows), longest), lengths


@checked
def written(numbers: Sequence[int]) -> str:
    """Return the text that numbers of letters stand for.

    Raises:
        ValueError: a number stands for no letter.

    >>> written([2, 1, 4, 2, 3])
    'a cab'
    """
    checked_numbers = [
        whole("written", "a number", number, least=1, most=len(ALPHABET)) for number in numbers
    ]
    return "".join(ALPHABET[number - 1] for number in checked_numbers)


def _numbers(text: str) -> list[int]:
    other = sorted(set(text) - set(ALPHABET))
    if other:
        raise ValueError(
            f"spelled: texts must hold the letters a to z and spaces alone; got {other[0]!r} "
            f"in {text!r:.60}; `plain` leaves out all else."
        )
    return [1 + ALPHABET.index(letter) for letter in text]
