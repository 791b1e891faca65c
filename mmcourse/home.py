"""The user's home folder, which a container's user may not have.

Where there is none, Python ends in an error of its own (`RuntimeError`), from whatever asks
first. Leaves out whether it can be written to.
"""

from os import PathLike
from pathlib import Path


def from_home(operation: str, path: str | PathLike[str], remedy: str) -> Path:
    """Return a path whose `~`, if it begins with one, is the user's home folder.

    Args:
        operation: who asks, for the message.
        path: such as "~/.cache".
        remedy: what to do where there is no home folder.

    Raises:
        FileNotFoundError: there is none.

    >>> from_home("search", "photos", "…").name
    'photos'
    """
    path = Path(path)
    try:
        if path.parts[:1] == ("~",):
            return Path.home() / path.relative_to("~")
        return path.expanduser()
    except RuntimeError:
        raise FileNotFoundError(
            f"{operation}: {path} must lie in a home folder; this user has none; {remedy}."
        ) from None
