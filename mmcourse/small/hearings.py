"""What ears learnt beside pictures, captions or nonsense, and what sounds paint, in lesson 14.

`scripts/hearing_runs.py` has stored both tables beside this file. Leaves out the training and
the painting themselves, which that lesson does once.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_HEARINGS = Path(__file__).with_name("hearings.csv")
STORED_HEARD_PAINTINGS = Path(__file__).with_name("heard_paintings.csv")


class Hearing(NamedTuple):
    """What one tower for sound can do after a few steps, on test sounds alike for all.

    Args:
        beside: what stood beside each sound: "pictures", "captions" or "other pictures".
        seed: of first weights, sounds and batches.
        word: share of sounds of one thing whose kind's name is the nearest of 21.
        picture: share of 256 sounds whose own picture is the nearest.
    """

    beside: str
    seed: int
    word: float
    picture: float


class HeardPainting(NamedTuple):
    """What the painter made of the sounds of one thing each.

    Args:
        split: of the scenes: "validation" or "test".
        way: how sound reached the painter: "words", "sentence", "nearest words", "as it is" or
            "gap removed"; the first two are told the truth.
        ridge: of the map from vectors to sentences; 0 where there is none.
        seed: of scenes, noise and sounds.
        kind: share of pictures whose thing is of the kind that was heard, by the judge.
        setting: the same of where it is.
        none: share of pictures in which the judge names no thing.
        n: how many pictures were judged.
    """

    split: str
    way: str
    ridge: float
    seed: int
    kind: float
    setting: float
    none: float
    n: int


@checked
def stored_hearings(path: Path = STORED_HEARINGS) -> list[Hearing]:
    """Return the trainings that `scripts/hearing_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (str, int, float, float)
    return [
        Hearing(*row)
        for row in rows("stored_hearings", path, Hearing._fields, kinds, "hearing_runs.py")
    ]


@checked
def stored_heard_paintings(path: Path = STORED_HEARD_PAINTINGS) -> list[HeardPainting]:
    """Return the paintings that `scripts/hearing_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (str, str, float, int, *[float] * 3, int)
    fields = HeardPainting._fields
    return [
        HeardPainting(*row)
        for row in rows("stored_heard_paintings", path, fields, kinds, "hearing_runs.py")
    ]
