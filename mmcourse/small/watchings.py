"""What watchers of films learnt who lacked a sense, the order or a name, for lesson 18.

`scripts/film_runs.py` has stored the table beside this file. Leaves out the training itself, of
which that lesson does a little.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_WATCHINGS = Path(__file__).with_name("watchings.csv")


class Watching(NamedTuple):
    """What one watcher gets right, after as many steps as all others, on the same test films.

    Args:
        trained: on what: "everything", "no sound", "no picture", "one frame", "a heap",
            "no name", or "never asked what it hears".
        tested: on what: "as trained", or, of who learnt from everything, "no sound", "a heap",
            "late sound" or "another's sound".
        seed: of first weights and batches.
        colour: share of right answers to this type of question; so of all that follow.
        direction: likewise.
        left: likewise.
        right: likewise.
        first: likewise.
        hops: likewise.
        heard: likewise.
        voice: likewise.
        match: likewise.
        n: how many films each share is of.
    """

    trained: str
    tested: str
    seed: int
    colour: float
    direction: float
    left: float
    right: float
    first: float
    hops: float
    heard: float
    voice: float
    match: float
    n: int


@checked
def stored_watchings(path: Path = STORED_WATCHINGS) -> list[Watching]:
    """Return the trainings that `scripts/film_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (str, str, int, *[float] * 9, int)
    return [
        Watching(*row)
        for row in rows("stored_watchings", path, Watching._fields, kinds, "film_runs.py")
    ]
