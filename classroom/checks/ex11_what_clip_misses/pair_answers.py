"""Answers to 11.2, a right one and the mistakes that are known."""

from collections.abc import Callable
from typing import Any

import numpy as np

from classroom.checks.question import Answer, Mistake

Array = np.ndarray


def _pair_by_pair(true: Array, false: Array) -> Array:
    return true - false


def _untied(lead: Array, credit: Array) -> Array:
    """Return the credit of those that do not tie; a half where all do."""
    kept = credit[lead != 0]
    return kept if len(kept) else np.array([0.5])


def build(
    *,
    compare: Callable[[Array, Array], Array] = _pair_by_pair,
    tie: float = 0.5,
    counted: Callable[[Array, Array], Array] = lambda _, credit: credit,
    total: Callable[[Array], Any] = np.mean,
    last: Callable[[Any], Any] = lambda share: share,
) -> Answer:
    """Return an answer that compares, credits or sums up in its own way."""

    def answer(true: Array, false: Array) -> Any:
        lead = compare(true, false)
        credit = np.where(lead == 0, tie, np.where(lead > 0, 1.0, 0.0))
        return last(total(counted(lead, credit)))

    return answer


MISTAKES = (
    Mistake(
        name="ties-count-as-wins",
        message="A tie counts as won with you. A model that gives every caption the same "
        "score would reach 1. Half a point for a tie: it says nothing.",
        changes={"tie": 1.0},
    ),
    Mistake(
        name="ties-count-as-losses",
        message="A tie counts as lost with you, so a model that says nothing is below "
        "chance. Whoever must choose tosses a coin: half a point for a tie.",
        changes={"tie": 0.0},
    ),
    Mistake(
        name="ties-left-out",
        message="You left the ties out of the count. Each is a question that was asked: it "
        "counts, with half a point.",
        changes={"counted": _untied},
        variants=(
            lambda true, false: float(np.sum(true > false) / max(1, np.sum(true != false))),
            lambda true, false: np.mean((true > false)[true != false]),
        ),
    ),
    Mistake(
        name="mean-difference",
        message="You averaged how far the scores are apart. One pair with a large lead would "
        "outweigh all others: only who leads counts.",
        answer=lambda true, false: float(np.mean(true - false)),
        variants=(lambda true, false: float(np.mean(np.abs(true - false))),),
    ),
    Mistake(
        name="signs-averaged",
        message="You averaged -1, 0 and 1, which runs from -1 to 1. A lost pair is worth 0, "
        "a tie a half.",
        answer=lambda true, false: float(np.mean(np.sign(true - false))),
    ),
    Mistake(
        name="means-compared",
        message="You compared the mean of the true ones with the mean of the false ones: one "
        "answer for all. Compare pair by pair, then average.",
        answer=lambda true, false: float(true.mean() > false.mean()),
        variants=(
            lambda true, false: float(true.mean() >= false.mean()),
            lambda true, false: float((np.sign(true.mean() - false.mean()) + 1) / 2),
        ),
    ),
    Mistake(
        name="every-with-every",
        message="You compared each true score with each false one. A true caption has one "
        "rival, that of its own picture: compare item i with item i.",
        changes={"compare": np.subtract.outer},
    ),
    Mistake(
        name="exchanged",
        message="You counted where the *false* caption scores higher.",
        changes={"compare": lambda true, false: false - true},
    ),
    Mistake(
        name="counted",
        message="You added the points up. Divide by the number of pairs.",
        changes={"total": np.sum},
    ),
    Mistake(
        name="percent",
        message="You return per cent. A share lies between 0 and 1.",
        changes={"last": lambda share: 100 * share},
        variants=({"last": lambda share: f"{100 * share:.1f}%"},),
    ),
    Mistake(
        name="not-averaged",
        message="You return one number a pair. Average them.",
        changes={"total": lambda credit: credit},
        variants=({"total": list},),
    ),
    Mistake(
        name="all-must-win",
        message="You asked whether all pairs are won. Return which share of them is.",
        answer=lambda true, false: bool((true > false).all()),
        variants=(
            lambda true, false: float((true > false).all()),
            lambda true, false: bool((true >= false).all()),
        ),
    ),
)
