"""Minimal pairs: how often what is true scores higher than what is nearly true.

Leaves out the pairs themselves (`world.minimal_pairs`) and how sure such a number is
(`accuracy`, `bootstrap`): the answers about one pair depend on each other.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Num
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.metrics.numbers import float64


class Winoground(NamedTuple):
    """Shares of pairs of which nothing is answered wrongly, in [0, 1].

    Args:
        text: both pictures prefer their own caption.
        image: both captions prefer their own picture.
        group: both of that.
    """

    text: float
    image: float
    group: float


GUESSED = Winoground(text=1 / 4, image=1 / 4, group=1 / 6)
"""What guessing reaches; `winoground_scores` says why."""


@checked
def pair_accuracy(
    true: Num[np.ndarray | Tensor, " n"] | Sequence[Any],
    false: Num[np.ndarray | Tensor, " n"] | Sequence[Any],
) -> float:
    """Return how often the true one scores higher than the false one, in [0, 1].

        mean( 1 where trueᵢ > falseᵢ, ½ where they are equal, 0 elsewhere )

    A tie counts half, because whoever must choose then tosses a coin: a bag of words, to which
    "a red cat and a blue dog" and "a blue cat and a red dog" are one text, gets exactly ½.
    (ARO, arXiv 2210.01936, section 2, measures so; it says nothing of ties.)

    Args:
        true: a score of what is true, for each question.
        false: the score of its rival.

    Raises:
        ValueError: there is no question, not one rival for each, or a score is not finite.

    Higher, equal, lower, higher:

    >>> pair_accuracy([0.3, 0.2, 0.1, 0.9], [0.2, 0.2, 0.2, 0.2])
    0.625
    """
    ours = float64("pair_accuracy", "true", true, axes=1)
    theirs = float64("pair_accuracy", "false", false, axes=1)
    if len(ours) != len(theirs) or len(ours) == 0:
        raise ValueError(
            "pair_accuracy: there must be one true and one false score for each question, at "
            f"least one; got {len(ours)} and {len(theirs)}."
        )
    return float(((ours > theirs) + (ours == theirs) / 2).mean())


@checked
def winoground_scores(
    scores: Num[np.ndarray | Tensor, "pairs 2 2"] | Sequence[Any],
) -> Winoground:
    """Return Winoground's three scores of pairs of two pictures and their two captions.

        text    s₀₀ > s₀₁ and s₁₁ > s₁₀      each picture finds its caption
        image   s₀₀ > s₁₀ and s₁₁ > s₀₁      each caption finds its picture
        group   text and image

    for the score s of a picture (first index) and a caption (second). A tie is no victory.
    Source: Thrush et al., arXiv 2204.03162, section 4.

    Chance, if the four scores are independent and no two are equal: the two comparisons of
    text have no score in common, so each is a fair coin, and ½ · ½ = 1/4; likewise image.
    Group holds where s₀₀ and s₁₁ are both above s₀₁ and s₁₀: in 2! · 2! = 4 of the 4! = 24
    orders, 1/6.

    Args:
        scores: caption i is true of picture i of its pair, and not of the other.

    Raises:
        ValueError: there is no pair, they are not two pictures and two captions each, or a
            score is not finite.

    The first pair is right throughout. In the second, caption 0 suits both pictures best:

    >>> winoground_scores(np.array([[[9, 1], [2, 8]], [[9, 1], [5, 4]]]))
    Winoground(text=0.5, image=1.0, group=0.5)
    """
    table = float64("winoground_scores", "scores", scores, axes=3)
    if table.shape[1:] != (2, 2) or len(table) == 0:
        raise ValueError(
            "winoground_scores: scores must have two pictures (rows) and two captions "
            f"(columns) in each pair, at least one pair; got shape {table.shape}."
        )
    own, other = table[:, [0, 1], [0, 1]], table[:, [0, 1], [1, 0]]  # (pairs, picture)
    text = (own > other).all(axis=1)
    image = (own > other[:, ::-1]).all(axis=1)
    return Winoground(*(float(each.mean()) for each in (text, image, text & image)))
