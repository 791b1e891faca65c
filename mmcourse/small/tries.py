"""Pictures one by one, each with what a judge and `tiny` find in it, in lesson 13.

`scripts/trying_runs.py` has stored them beside this file. Leaves out the painting itself
(`rectified_flow`).
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_TRIES = Path(__file__).with_name("tries.csv")
"""Four tries a prompt at guidance 1, one at guidance 3; each with several seeds."""


class Try(NamedTuple):
    """What was found in one picture of the shipped painter.

    Args:
        guidance: how closely the prompt is followed; 1 is as in training.
        steps: from noise to picture.
        seed: of the prompts and of the noise.
        prompt: the number of its prompt, from 0, within its seed.
        kind: the noun that was asked for.
        seen: the noun that the judge names; "none" where it names no thing.
        colour: whether the judge sees the colour that was asked for, 0 or 1.
        named: the noun whose prompt is the nearest to the picture, by `tiny`.
        cosine: of the picture with its prompt, by `tiny`.
    """

    guidance: float
    steps: int
    seed: int
    prompt: int
    kind: str
    seen: str
    colour: int
    named: str
    cosine: float


@checked
def stored_tries(path: Path = STORED_TRIES) -> list[Try]:
    """Return the pictures that `scripts/trying_runs.py` has painted, in its order.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (float, int, int, int, str, str, int, str, float)
    return [
        Try(*row) for row in rows("stored_tries", path, Try._fields, kinds, "trying_runs.py")
    ]
