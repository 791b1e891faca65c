"""08.3: how far confidence is from accuracy, bin by bin: the expected calibration error.

Leaves out which of two bins owns the edge between them: no confidence drawn here lies on one.
"""

from collections.abc import Callable, Sequence

import numpy as np

from classroom.checks.invariances import unchanged, within
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown


def reliability(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
    """Return the mean gap of confidence and accuracy, each bin weighted by its answers."""
    share, gap = _table(confidence, correct, bins)
    return float((share * np.abs(gap)).sum())


def _place(confidence: np.ndarray, bins: int) -> np.ndarray:
    return np.minimum((confidence * bins).astype(int), bins - 1)


def _table(
    confidence: np.ndarray, correct: np.ndarray, bins: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return each bin's share of the answers, and its accuracy minus its mean confidence."""
    place = _place(confidence, bins)
    count = np.bincount(place, minlength=bins)
    excess = np.bincount(place, weights=correct - confidence, minlength=bins)
    return count / len(confidence), excess / np.maximum(count, 1)


def _with(finish: Callable[[np.ndarray, np.ndarray], float]) -> Answer:
    """Return an answer that sums the bins up in another way, from their shares and gaps."""
    return lambda confidence, correct, bins: float(finish(*_table(confidence, correct, bins)))


def _without_certain(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
    kept = confidence < 1
    share, gap = _table(confidence[kept], correct[kept], bins)
    return float((share * np.abs(gap)).sum() * kept.mean())


def _middles(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
    return reliability((_place(confidence, bins) + 0.5) / bins, correct, bins)


def _bin_for_certain(confidence: np.ndarray, correct: np.ndarray, bins: int) -> float:
    place = (confidence * bins).astype(int)
    gaps = np.bincount(place, weights=correct - confidence, minlength=bins + 1)
    return float(np.abs(gaps).sum() / len(place))


def _sized(rng: np.random.Generator, count: int, low: float, high: float) -> np.ndarray:
    return rng.uniform(low, high, count).round(3) + 1e-4  # never on an edge


def _right(rng: np.random.Generator, confidence: np.ndarray) -> np.ndarray:
    """Return answers that are too modest where unsure, and too sure where sure."""
    return np.asarray(rng.random(len(confidence)) < 0.65 - 0.3 * confidence)


def _drawn(
    rng: np.random.Generator, count: int, bins: int, *spans: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, int]:
    parts = [_sized(rng, count // (position + 1), *span) for position, span in enumerate(spans)]
    confidence = rng.permutation(np.concatenate(parts))
    return confidence, _right(rng, confidence), bins


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    sure = np.array([0.9, 0.9, 0.6, 0.6])
    return [
        shown("|0.5 - 0.9| / 2 + |1 - 0.6| / 2", sure, np.array([True, False, True, True]), 4),
        shown("one answer, sure and wrong", np.array([0.8]), np.array([False]), 3),
        shown("as sure as right", np.array([0.7] * 10), np.arange(10) < 7, 2),
    ]


def _full(rng: np.random.Generator) -> Sequence[Case]:
    whole = (0.02, 0.98)
    return [
        hidden("ninety answers, three bins", *_drawn(rng, 90, 3, whole)),
        hidden("more of them sure", *_drawn(rng, 80, 5, (0.82, 0.98), whole)),
    ]


def _empty(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("nobody below 0.5", *_drawn(rng, 40, 10, (0.82, 0.98), (0.52, 0.78))),
        hidden("two bins of seven", *_drawn(rng, 30, 7, (0.6, 0.7), (0.15, 0.28))),
    ]


def _certain(rng: np.random.Generator) -> Sequence[Case]:
    confidence, correct, bins = _drawn(rng, 40, 5, (0.3, 0.98))
    correct[confidence > 0.8] = True  # too modest, and the certain ones too sure
    certain = rng.permutation(40)[: rng.integers(7, 14)]
    confidence[certain] = 1
    correct[certain] = np.arange(len(certain)) % 2 > 0
    return [hidden("some answers have confidence 1", confidence, correct, bins)]


RELIABILITY = Question(
    number="08.3",
    function="reliability",
    reference=reliability,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the mean gap, weighted", points=2, cases=_full),
        Property(name="empty bins", points=1, cases=_empty),
        Property(name="certain answers count", points=1, cases=_certain),
    ),
    mistakes=(
        Mistake(
            name="equal-bin-weights",
            message="Every bin counts alike in your mean, whether it holds one answer or a "
            "hundred. Weight each gap by its share of all answers.",
            answer=_with(lambda share, gap: np.abs(gap)[share > 0].mean()),
        ),
        Mistake(
            name="signed-gap",
            message="Too sure here and too modest there cancelled out. Take the absolute value "
            "of each bin's gap before you add up.",
            answer=_with(lambda share, gap: (share * gap).sum()),
            variants=(
                _with(lambda share, gap: -(share * gap).sum()),
                _with(lambda share, gap: abs((share * gap).sum())),
            ),
        ),
        Mistake(
            name="includes-empty-bins",
            message="Bins without an answer took part: as 0 in your mean, or as NaN, from a "
            "mean of nothing. Leave them out.",
            answer=_with(
                lambda share, gap: np.nan if (share == 0).any() else (share * np.abs(gap)).sum()
            ),
            variants=(
                _with(lambda _, gap: np.abs(gap).mean()),
                _with(
                    lambda share, gap: (
                        np.nan if (share == 0).any() else np.abs(gap)[share > 0].mean()
                    )
                ),
            ),
        ),
        Mistake(
            name="certain-lost",
            message="Answers of confidence 1 got lost, or a bin of their own. They belong into "
            "the last bin.",
            answer=_without_certain,
            variants=(
                _bin_for_certain,
                lambda confidence, correct, bins: reliability(
                    confidence[confidence < 1], correct[confidence < 1], bins
                ),
            ),
        ),
        Mistake(
            name="bin-middles",
            message="You compared accuracy with the middle of each bin. Compare it with the "
            "mean confidence of the answers in it.",
            answer=_middles,
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
            answer=_with(lambda share, gap: (share * gap**2).sum()),
            variants=(_with(lambda share, gap: np.sqrt((share * gap**2).sum())),),
        ),
        Mistake(
            name="largest-gap",
            message="This is the largest gap of all bins. Their weighted mean is asked for.",
            answer=_with(lambda _, gap: np.abs(gap).max()),
        ),
        Mistake(
            name="not-divided",
            message="You added the gaps of all bins up. Weight each by its share of the "
            "answers, so that the weights add up to 1.",
            answer=_with(lambda _, gap: np.abs(gap).sum()),
        ),
    ),
    invariances=(
        unchanged(
            "order",
            "The order of the answers must not matter; it changes yours.",
            lambda confidence, correct, bins: (confidence[::-1], correct[::-1], bins),
        ),
        unchanged(
            "twice",
            "The same answers heard twice must give the same number: divide by how many "
            "there are.",
            lambda confidence, correct, bins: (
                np.tile(confidence, 2),
                np.tile(correct, 2),
                bins,
            ),
        ),
        within("A mean of gaps lies in 0 to 1; yours does not.", 0, 1),
    ),
)
