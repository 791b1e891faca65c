"""Answers to 08.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from classroom.checks.question import Answer, Mistake

Bins = Callable[[np.ndarray, int], np.ndarray]


def _place(confidence: np.ndarray, bins: int) -> np.ndarray:
    return np.minimum((confidence * bins).astype(int), bins - 1)


def _weighted(share: np.ndarray, gap: np.ndarray) -> float:
    return float((share * np.abs(gap)).sum())


def build(
    *,
    place: Bins = _place,
    combine: Callable[[np.ndarray, np.ndarray], float] = _weighted,
    middles: bool = False,
    bins_are: int | None = None,
) -> Answer:
    """Return an answer that bins, or sums bins up, in its own way, from shares and gaps."""

    def answer(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
        bins = bins_are or bins
        where = place(confidence, bins)
        stated = (where + 0.5) / bins if middles else confidence
        count = np.bincount(where, minlength=bins)
        excess = np.bincount(where, weights=correct - stated, minlength=bins)
        return float(combine(count / len(confidence), excess / np.maximum(count, 1)))

    return answer


reliability = build()


"""The mean gap of confidence and accuracy, each bin weighted by its answers."""


def _by_counts(kind: Literal["stable", "quicksort"]) -> Bins:
    """Return the bins of a student who puts equally many answers into each."""

    def place(confidence: np.ndarray, bins: int) -> np.ndarray:
        where = np.empty(len(confidence), int)
        for number, part in enumerate(np.array_split(np.argsort(confidence, kind=kind), bins)):
            where[part] = number
        return where

    return place


def _by_quantiles(confidence: np.ndarray, bins: int) -> np.ndarray:
    edges = np.quantile(confidence, np.linspace(0, 1, bins + 1)[1:-1])
    return np.searchsorted(edges, confidence, side="right")


def _from_least_to_largest(confidence: np.ndarray, bins: int) -> np.ndarray:
    edges = np.linspace(confidence.min(), confidence.max(), bins + 1)[1:-1]
    return np.searchsorted(edges, confidence, side="right")


def _rounded(confidence: np.ndarray, bins: int) -> np.ndarray:
    return np.round(confidence * bins).astype(int)


def _sorted_apart(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
    return float(reliability(np.sort(confidence), correct, bins))


def _without_certain(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
    kept = confidence < 1
    return float(reliability(confidence[kept], correct[kept], bins) * kept.mean())


MISTAKES = (
    Mistake(
        name="equal-bin-weights",
        message="Every bin counts alike in your mean, whether it holds one answer or a "
        "hundred. Weight each gap by its share of all answers.",
        changes={"combine": lambda share, gap: np.abs(gap)[share > 0].mean()},
    ),
    Mistake(
        name="signed-gap",
        message="Too sure here and too modest there cancelled out. Take the absolute value "
        "of each bin's gap before you add up.",
        changes={"combine": lambda share, gap: (share * gap).sum()},
        variants=(
            {"combine": lambda share, gap: -(share * gap).sum()},
            {"combine": lambda share, gap: abs((share * gap).sum())},
        ),
    ),
    Mistake(
        name="includes-empty-bins",
        message="Bins without an answer took part: as 0 in your mean, or as NaN, from a "
        "mean of nothing. Leave them out.",
        changes={
            "combine": lambda share, gap: (
                np.nan if (share == 0).any() else (share * np.abs(gap)).sum()
            )
        },
        variants=(
            {"combine": lambda _, gap: np.abs(gap).mean()},
            {
                "combine": lambda share, gap: (
                    np.nan if (share == 0).any() else np.abs(gap)[share > 0].mean()
                )
            },
        ),
    ),
    Mistake(
        name="certain-lost",
        message="Answers of confidence 1 got lost, or a bin of their own. They belong into "
        "the last bin.",
        answer=_without_certain,
        variants=(
            {"place": lambda confidence, bins: (confidence * bins).astype(int)},
            lambda confidence, correct, bins: reliability(
                confidence[confidence < 1], correct[confidence < 1], bins
            ),
        ),
    ),
    Mistake(
        name="equal-counts",
        message="You put equally many answers into each bin. Here bins are equally *wide*: "
        "with 4 bins the first reaches from 0 to 0.25, however few answers it holds.",
        changes={"place": _by_counts("stable")},
        variants=({"place": _by_counts("quicksort")}, {"place": _by_quantiles}),
    ),
    Mistake(
        name="range-of-the-data",
        message="Your bins reach from the least confidence to the largest. They reach from "
        "0 to 1, whatever the answers are.",
        changes={"place": _from_least_to_largest},
    ),
    Mistake(
        name="rounded",
        message="You rounded to the nearest edge, so that a bin lies around it. Cut off "
        "what stands behind the point: a bin lies between two edges.",
        changes={"place": _rounded},
    ),
    Mistake(
        name="bins-ignored",
        message="You took another number of bins than you were given. Use `bins`.",
        changes={"bins_are": 10},
        variants=({"bins_are": 15}, {"bins_are": 5}, {"bins_are": 20}),
    ),
    Mistake(
        name="sorted-apart",
        message="You sorted the confidences and not what belongs to them. An answer and "
        "whether it is right must stay together; nothing needs sorting here.",
        answer=_sorted_apart,
    ),
    Mistake(
        name="bin-middles",
        message="You compared accuracy with the middle of each bin. Compare it with the "
        "mean confidence of the answers in it.",
        changes={"middles": True},
    ),
    Mistake(
        name="no-bins",
        message="You compared each answer by itself with 0 or 1. Compare the means of a "
        "bin: of ten answers at 0.7, seven should be right.",
        answer=lambda confidence, correct, _: float(np.abs(confidence - correct).mean()),
    ),
    Mistake(
        name="squared-gap",
        message="You squared the gaps. Take their absolute values.",
        changes={"combine": lambda share, gap: (share * gap**2).sum()},
        variants=({"combine": lambda share, gap: np.sqrt((share * gap**2).sum())},),
    ),
    Mistake(
        name="largest-gap",
        message="This is the largest gap of all bins. Their weighted mean is asked for.",
        changes={"combine": lambda _, gap: np.abs(gap).max()},
    ),
    Mistake(
        name="not-divided",
        message="You added the gaps of all bins up. Weight each by its share of the "
        "answers, so that the weights add up to 1.",
        changes={"combine": lambda _, gap: np.abs(gap).sum()},
    ),
    Mistake(
        name="counts-not-shares",
        message="You weighted each gap by how many answers its bin holds. Divide by how "
        "many there are in all, so that the weights add up to 1.",
        answer=lambda confidence, correct, bins: (
            reliability(confidence, correct, bins) * len(confidence)
        ),
    ),
)
