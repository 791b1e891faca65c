"""What a reader says before and after measuring: guesses, and gaps that are filled in.

A guess that was not made is passed over in silence. Leaves out marks: those are for exercises,
which name the mistake (`classroom.check`).
"""

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from jaxtyping import Bool

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.lesson.claims import say


def compare(guess: Any, measured: Any, *, of: str = "") -> None:
    """Print a guess beside what was measured; print nothing where none was made.

    None, an empty text and `...` are no guess. Guesses in a dictionary, a list or a tuple are
    compared one by one, by key or by place.

    Args:
        guess: what the reader said.
        measured: what came out, in the same form.
        of: what it is a guess of, in a few words.

    >>> compare(0.5, 0.75, of="share right")
    share right: you said 0.5; it is 0.75, 0.25 higher
    >>> compare({"cold": None, "hot": "more"}, {"cold": "less", "hot": "more"})
    hot: you said 'more', and so it is
    >>> compare(None, 0.75)
    """
    if isinstance(guess, Mapping):
        for key in guess:
            compare(guess[key], measured[key], of=f"{of} {key}".strip())
    elif isinstance(guess, list | tuple):
        for place, (one, outcome) in enumerate(zip(guess, measured, strict=True), start=1):
            compare(one, outcome, of=f"{of} {place}".strip())
    elif guess not in (None, "", ...):
        print(f"{of}: " * bool(of) + _compared(guess, measured))  # noqa: T201 - in a lesson


def _compared(guess: Any, measured: Any) -> str:
    """Return one guess beside one outcome."""
    if guess == measured:
        return f"you said {_said(guess)}, and so it is"
    text = f"you said {_said(guess)}; it is {_said(measured)}"
    if isinstance(guess, Real) and isinstance(measured, Real):
        away = float(measured) - float(guess)
        text += f", {say(abs(away))} {'higher' if away > 0 else 'lower'}"
    return text


def _said(value: Any) -> str:
    """Return a number with the digits that count, anything else as Python writes it."""
    if isinstance(value, np.bool | bool):
        return say(bool(value))
    return say(float(value)) if isinstance(value, Real) else repr(value)


@checked
def answer(mine: Any, expected: Any, *, within: float = 1e-3) -> None:
    """Say whether what a reader filled in is right; numbers and arrays may differ a little.

    What is right is not printed: the solution stands folded below the gap.

    Args:
        mine: what the reader's line gives; None or `...` where the gap is still there.
        expected: what is right.
        within: how far numbers may be apart, absolutely and as a share; 0 or more.

    Raises:
        ValueError: `within` is below 0, or not finite.

    >>> answer(None, 0.8)
    Yours to fill in: replace the gap, and run the cell again.
    >>> answer(0.8, 0.8)
    Right: 0.8
    >>> answer(0.5, 0.8)
    Not yet: it gives 0.5, which is too low
    >>> answer([1, 2], [1, 3])
    Not yet: it gives [1, 2]; right: 1 of 2
    """
    within = real("answer", "within", within, least=0)
    mine, expected = _plain(mine), _plain(expected)
    right = _right(mine, expected, within)
    if mine is None or mine is ...:
        said = "Yours to fill in: replace the gap, and run the cell again."
    elif right.all():
        said = f"Right: {_said(expected)}"
    else:
        said = f"Not yet: it gives {_said(mine)}{_astray(mine, expected, right)}"
    print(said)  # noqa: T201 - in a lesson


def _plain(value: Any) -> Any:
    """Return an array or tensor of one number as that number, anything else as it is."""
    return value.item() if hasattr(value, "item") and np.ndim(value) == 0 else value


def _right(mine: Any, expected: Any, within: float) -> Bool[np.ndarray, "..."]:
    """Return which numbers are equal; of what is no array of one shape, whether it is."""
    try:
        ours, theirs = (np.asarray(one, dtype=float) for one in (expected, mine))
    except (TypeError, ValueError):
        both = isinstance(mine, list | tuple) and isinstance(expected, list | tuple)
        if not both or len(mine) != len(expected):
            return np.array(bool(mine == expected))
        return np.array([bool(one == other) for one, other in zip(mine, expected, strict=True)])
    if ours.shape != theirs.shape:
        return np.array(False)  # noqa: FBT003 - an array of one truth
    return np.asarray(np.isclose(theirs, ours, rtol=within, atol=within, equal_nan=True))


def _astray(mine: Any, expected: Any, right: Bool[np.ndarray, "..."]) -> str:
    """Return how a wrong answer misses, without the right one."""
    if right.size > 1:
        return f"; right: {right.sum()} of {right.size}"
    if isinstance(mine, Real) and isinstance(expected, Real) and mine == mine:  # no NaN
        return f", which is too {'high' if float(mine) > float(expected) else 'low'}"
    if np.ndim(mine) or np.ndim(expected):
        return f", of shape {np.shape(mine)}; expected shape {np.shape(expected)}"
    return ""
