"""What a recogniser learns in seconds, with five orders of its recordings, in lesson 15.

`scripts/dictation_runs.py` has stored it beside this file: the lesson trains one of these runs
anew. Leaves out the training itself, which the lesson writes out.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_DICTATIONS = Path(__file__).with_name("dictations.csv")
"""Every run, from the weights halfway on."""


class Dictation(NamedTuple):
    """What one run came to after some steps, on the stored test recordings.

    Args:
        seed: of the order in which recordings are heard.
        step: how many steps were taken; 0 is the model halfway.
        loss: mean over the steps since the row before, in nats a letter; NaN at step 0.
        heard: word error rate of voices that are among those of training.
        new: the same of the five that are not.
    """

    seed: int
    step: int
    loss: float
    heard: float
    new: float


@checked
def stored_dictations(path: Path = STORED_DICTATIONS) -> list[Dictation]:
    """Return the runs that `scripts/dictation_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (int, int, float, float, float)
    return [
        Dictation(*row)
        for row in rows(
            "stored_dictations", path, Dictation._fields, kinds, "dictation_runs.py"
        )
    ]
