"""Chance in the drawn world: everything is drawn through `rng.random()` alone.

numpy keeps that one stream fixed, so the same Generator gives the same scene, caption and
question on every machine and version.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def require_generator(rng: np.random.Generator, operation: str) -> None:
    """Return nothing; refuse what is not a numpy Generator, in the operation's name.

    Raises:
        TypeError: `rng` is not a numpy Generator.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{operation}: rng must be a numpy Generator; "
            f"got {type(rng).__name__}; pass numpy.random.default_rng(0)."
        )


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """Return one of the options, each as likely as the others; it draws once.

    >>> pick(np.random.default_rng(0), ["only"])
    'only'
    """
    return options[int(rng.random() * len(options))]
