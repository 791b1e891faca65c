"""Which word a painter learns when: what its pictures showed after so many training pictures.

`scripts/painting_runs.py` has stored it beside this file, from the training run of the shipped
painter of lesson 13.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_PAINTINGS = Path(__file__).with_name("paintings.csv")
"""The run of the shipped painter."""


class Painting(NamedTuple):
    """What the judge saw in the pictures of one moment of training.

    Args:
        samples: pictures that the painter had learnt from by then.
        kind: share of pictures whose thing is of the kind that was asked for.
        colour: the same of its colour.
        setting: the same of where it is.
        n: how many pictures were judged.
        loss: of the flow, on test drawings with captions, and on the same lines each time.
    """

    samples: int
    kind: float
    colour: float
    setting: float
    n: int
    loss: float


@checked
def stored_paintings(path: Path = STORED_PAINTINGS) -> list[Painting]:
    """Return the run that `scripts/painting_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (int, float, float, float, int, float)
    return [
        Painting(*row)
        for row in rows("stored_paintings", path, Painting._fields, kinds, "painting_runs.py")
    ]
