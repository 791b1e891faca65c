"""10.3: k labelled pictures of every class, drawn by a seed, and all others to be tested on.

The answer is random, so its laws are judged. Leaves out which rows a seed gives: any way of
drawing is right.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex10_adapting_clip.split_answers import MISTAKES, build
from classroom.checks.ex10_adapting_clip.split_words import LAWS, harness, measure
from classroom.checks.question import Case, Property, Question, hidden, shown


def _labels(rng: np.random.Generator, classes: Sequence[int], counts: Sequence[int]) -> Tensor:
    """Return so many labels of each class, in any order."""
    return torch.from_numpy(rng.permutation(np.repeat(classes, counts)))


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 2**30))


def _numbers(rng: np.random.Generator, count: int) -> list[int]:
    """Return classes that are not counted from 0."""
    return sorted((5 + rng.permutation(20)[:count]).tolist())


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    labels = torch.tensor([1, 0, 1, 1, 0, 0, 1, 0, 0, 1])
    return [
        shown("two of each class", labels, 2, 7),
        shown("three of each class", labels, 3, 8),
    ]


def _apart(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three classes", _labels(rng, range(3), [7, 8, 9]), 3, _seed(rng)),
        hidden("five classes", _labels(rng, range(5), [6, 5, 7, 6, 8]), 2, _seed(rng)),
    ]


def _uneven(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden(
            "a class of k pictures", _labels(rng, _numbers(rng, 3), [3, 7, 9]), 3, _seed(rng)
        ),
        hidden("one shot", _labels(rng, _numbers(rng, 4), [5, 4, 6, 5]), 1, _seed(rng)),
        hidden("one class", _labels(rng, _numbers(rng, 1), [7]), 3, _seed(rng)),
    ]


FEW_SHOT_SPLIT = Question(
    number="10.3",
    function="few_shot_split",
    reference=build(),
    harness=harness,
    told="It calls few_shot_split with this seed, twice, and with the seeds that follow, and "
    "looks at the global generators of torch and numpy afterwards.",
    measure=measure,
    build=build,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="k of every class, the others apart", points=2, cases=_apart),
        Property(name="uneven classes of any number", points=2, cases=_uneven),
    ),
    mistakes=MISTAKES,
    invariances=LAWS,
    left_out="Draws in which some pictures of a class are likelier than others: every picture "
    "must be drawn by one of many seeds, how often is not counted.",
)
