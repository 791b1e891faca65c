"""In whose name a refusal speaks: that of the function which was called."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def speaking_as(operation: str, other: str) -> Iterator[None]:
    """Let what another function refuses be told in the name of the one that called it.

    For a function that hands its arguments on as they are; what else is raised passes by.

    >>> with speaking_as("pairs", "sample_scene"):
    ...     raise ValueError("sample_scene: n_objects must be 1, 2, 3, 4 or None; got 9.")
    Traceback (most recent call last):
    ValueError: pairs: n_objects must be 1, 2, 3, 4 or None; got 9.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        said = str(error)
        if not said.startswith(f"{other}:"):
            raise
        raise type(error)(operation + said.removeprefix(other)) from error
