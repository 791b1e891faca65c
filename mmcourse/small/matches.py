"""What the towers of lesson 05 came to, and maps that were learned on them: stored runs.

`scripts/matching_runs.py` has stored them beside this file: lesson 05 trains one pair of
towers and learns one pair of maps anew, and holds them to their twins. Leaves out the training
itself, which that lesson writes out.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_MATCHES = Path(__file__).with_name("matches.csv")
"""Maps of every setting with several seeds."""

STORED_MINUTES = Path(__file__).with_name("minutes.csv")
"""The towers below them, one pair a seed."""

SCRIPT = "matching_runs.py"


class Minute(NamedTuple):
    """What one minute of training came to, on 512 new pictures.

    Args:
        seed: of first weights, batches and captions.
        loss: in batches of 64, in nats.
        kind: share whose kind is named right, among eight.
        colour: share whose colour is named right, among eight.
    """

    seed: int
    loss: float
    kind: float
    colour: float


class Match(NamedTuple):
    """What one pair of maps came to.

    Args:
        loss: "softmax" or "SigLIP".
        batch: pairs in a step.
        rate: the highest learning rate.
        pairs: how many there were to learn from.
        wrong: share of their captions that stood beside another picture.
        seed: of towers, maps, batches and captions.
        validation: share of 512 pictures whose own caption is among the first five; they
            are there to choose a rate by.
        test: the same of 512 others.
    """

    loss: str
    batch: int
    rate: float
    pairs: int
    wrong: float
    seed: int
    validation: float
    test: float


@checked
def stored_minutes(path: Path = STORED_MINUTES) -> list[Minute]:
    """Return the towers that `scripts/matching_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (int, float, float, float)
    return [Minute(*row) for row in rows("stored_minutes", path, Minute._fields, kinds, SCRIPT)]


@checked
def stored_matches(path: Path = STORED_MATCHES) -> list[Match]:
    """Return the maps that `scripts/matching_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (str, int, float, int, float, int, float, float)
    return [Match(*row) for row in rows("stored_matches", path, Match._fields, kinds, SCRIPT)]
