"""What fine-tuning came to in lesson 10, of every draw of shots: stored runs.

`scripts/adaptation_runs.py` has stored them beside this file: the lesson fine-tunes once, and
holds that run to its twin. Leaves out what is learned on fixed features, which takes the lesson
a moment.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_ADAPTATIONS = Path(__file__).with_name("adaptations.csv")


class Adaptation(NamedTuple):
    """What one tower came to that learned from k pictures of every kind.

    Args:
        model: "tiny" or "tiny-vit".
        style: what the pictures look like that it learned from.
        method: "full", "LP-FT" or "LoRA".
        k: labelled pictures of each of nineteen kinds.
        rate: AdamW's highest learning rate.
        seed: of shots and batches; 5 is the draw by which the rate was chosen.
        alpha: how far the weights stand from those before (0) to those after (1).
        new_validation: share named right of 200 pictures in the new style, to choose by.
        old_validation: the same of 200 in the old one.
        new: share of 500 others in the new style.
        old: the same in the old one.
        seconds: of one core for the fine-tuning.
        numbers: how many were trained.
    """

    model: str
    style: str
    method: str
    k: int
    rate: float
    seed: int
    alpha: float
    new_validation: float
    old_validation: float
    new: float
    old: float
    seconds: float
    numbers: int


@checked
def stored_adaptations(path: Path = STORED_ADAPTATIONS) -> list[Adaptation]:
    """Return the runs that `scripts/adaptation_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (*[str] * 3, int, float, int, *[float] * 6, int)
    found = rows("stored_adaptations", path, Adaptation._fields, kinds, "adaptation_runs.py")
    return [Adaptation(*row) for row in found]
