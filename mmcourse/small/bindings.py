"""What readers on top of `tiny` learned beside twins, or apart from them: runs of lesson 11.

`scripts/binding_runs.py` has stored them beside this file. Leaves out the training itself,
which that lesson writes out.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_BINDINGS = Path(__file__).with_name("bindings.csv")
"""Runs of every share with several seeds."""


class Binding(NamedTuple):
    """What one pair of readers can do, on test pictures that are alike for all.

    Args:
        share: of the pictures of two things, so many met their twin in the batch.
        seed: of first weights and batches.
        binding: share of pairs of captions, colours exchanged, of which the true one is nearer.
        left_right: the same, sides exchanged.
        recall: share of 400 ordinary pictures whose own caption is the nearest.
    """

    share: float
    seed: int
    binding: float
    left_right: float
    recall: float


@checked
def stored_bindings(path: Path = STORED_BINDINGS) -> list[Binding]:
    """Return the runs that `scripts/binding_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (float, int, float, float, float)
    return [
        Binding(*row)
        for row in rows("stored_bindings", path, Binding._fields, kinds, "binding_runs.py")
    ]
