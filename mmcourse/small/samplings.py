"""What a painter's dials do: guidance, number of steps and how a step is taken, in lesson 13.

`scripts/sampling_runs.py` has stored it beside this file. Leaves out the painting itself
(`rectified_flow`).
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_SAMPLINGS = Path(__file__).with_name("samplings.csv")
"""Every setting of the dials with several seeds."""


class Sampling(NamedTuple):
    """What the shipped painter's pictures showed at one setting of its dials.

    Args:
        method: "euler" or "midpoint".
        steps: from noise to picture.
        guidance: how closely the prompt is followed; 1 is as in training.
        seed: of the prompts and of the noise.
        kind: share of pictures whose thing is of the kind that was asked for, by the judge.
        colour: the same of its colour.
        setting: the same of where it is.
        none: share of pictures in which the judge names no thing.
        cosine: mean cosine of a picture with its prompt, by `tiny`.
        limit: share of a picture's numbers that are at most 2 or at least 253, of 0 to 255.
        variety: how far two pictures of one prompt are apart, in grey levels a number.
        n: how many pictures were judged.
    """

    method: str
    steps: int
    guidance: float
    seed: int
    kind: float
    colour: float
    setting: float
    none: float
    cosine: float
    limit: float
    variety: float
    n: int


@checked
def stored_samplings(path: Path = STORED_SAMPLINGS) -> list[Sampling]:
    """Return the runs that `scripts/sampling_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (str, int, float, int, *[float] * 7, int)
    return [
        Sampling(*row)
        for row in rows("stored_samplings", path, Sampling._fields, kinds, "sampling_runs.py")
    ]
