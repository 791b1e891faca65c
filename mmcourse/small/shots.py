"""What is learnt from a few pictures in lesson 17, and what is not when a part is missing.

`scripts/flamingo_runs.py` has stored it beside this file: 600 steps on each seed, after which
some have not caught on. Leaves out the trainings themselves.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_SHOTS = Path(__file__).with_name("shots.csv")


class Shot(NamedTuple):
    """What one training answers, on test questions alike for all.

    Args:
        made: "whole", "no games" (its language model read texts whose names mean nothing), "no
            convolution" or "from scratch" (everything learnt from pictures at once).
        asked: how: "pictures", "shuffled" names, "own words" in place of pictures, or "words"
            that tell the truth.
        seed: of first weights and documents.
        kinds: what questions are about: "shown" or "never shown" kinds.
        shots: examples of each name.
        right: share of questions whose right name is the likelier of two.
        kind: the same of questions whose names stand for kinds.
        colour: the same of those whose names stand for colours.
        open: share of questions whose right name is the likeliest of all words.
        n: questions.
    """

    made: str
    asked: str
    seed: int
    kinds: str
    shots: int
    right: float
    kind: float
    colour: float
    open: float
    n: int


@checked
def stored_shots(path: Path = STORED_SHOTS) -> list[Shot]:
    """Return the trainings that `scripts/flamingo_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (str, str, int, str, int, *[float] * 4, int)
    return [
        Shot(*row)
        for row in rows("stored_shots", path, Shot._fields, kinds, "flamingo_runs.py")
    ]
