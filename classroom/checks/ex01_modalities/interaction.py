"""01.2: what three accuracies say of two modalities.

Leaves out cases near a border, where rounding would decide.
"""

from collections.abc import Callable, Sequence

import numpy as np

from classroom.checks.question import Case, Mistake, Property, Question, hidden, shown

MARGIN = 0.1
"""An accuracy is clearly above another when it is higher by more than this."""


def interaction(first: float, second: float, both: float, chance: float) -> str:
    """Return "synergistic", "redundant", "unique" or "none"."""
    if both > max(first, second) + MARGIN:
        return "synergistic"
    knowing = [alone > chance + MARGIN for alone in (first, second)]
    return ["none", "unique", "redundant"][sum(knowing)]


def _variant(
    better: Callable[[float, float], float] = max,
    floor: Callable[[float], float] = lambda chance: chance,
    margin: float = MARGIN,
    words: Sequence[str] = ("none", "unique", "redundant"),
) -> Callable[[float, float, float, float], str]:
    """Return `interaction` with one of its parts replaced."""

    def answer(first: float, second: float, both: float, chance: float) -> str:
        if both > better(first, second) + margin:
            return "synergistic"
        return words[sum(alone > floor(chance) + margin for alone in (first, second))]

    return answer


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("is it a dog? both can tell", 0.85, 0.87, 0.92, 0.5),
        shown("is it red? only one knows", 0.87, 0.48, 0.86, 0.5),
        shown("does the voice belong? neither alone", 0.49, 0.5, 0.77, 0.5),
        shown("neither, not even together", 0.52, 0.49, 0.51, 0.5),
        shown("four answers, so chance is 0.25", 0.45, 0.25, 0.46, 0.25),
        shown("one knows something, both know much more", 0.7, 0.5, 0.95, 0.5),
    ]


def _each(rng: np.random.Generator, chance: float) -> list[Case]:
    """Return one case of each kind, two of "unique", none of them near a border."""
    low, small = rng.uniform(-0.04, 0.04, 8) + chance, rng.uniform(-0.03, 0.04, 8)
    high = rng.uniform(chance + 0.16, chance + 0.3, 8)
    rows = {
        "both know": (high[0], high[1], max(high[:2]) + small[0]),
        "the first knows": (high[2], low[2], high[2] + small[2]),
        "the second knows": (low[3], high[3], high[3] + small[3]),
        "neither knows": (low[4], low[5], max(low[4:6]) + abs(small[4]) / 2),
        "only together": (low[6], low[7], chance + rng.uniform(0.2, 0.4)),
        "together far more": (high[4], low[0], high[4] + rng.uniform(0.15, 0.2)),
    }
    cases = [
        hidden(f"{label}, chance {chance:g}", *(round(float(one), 3) for one in row), chance)
        for label, row in rows.items()
    ]
    return [cases[position] for position in rng.permutation(len(cases))]


def _halves(rng: np.random.Generator) -> Sequence[Case]:
    return _each(rng, 0.5)


def _other_chances(rng: np.random.Generator) -> Sequence[Case]:
    return [*_each(rng, 0.25), *_each(rng, 0.1)]


INTERACTION = Question(
    number="01.2",
    function="interaction",
    reference=interaction,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="two answers to choose from", points=1, cases=_halves),
        Property(name="other levels of chance", points=2, cases=_other_chances),
    ),
    mistakes=(
        Mistake(
            name="ignored-chance",
            message="You compared with 0.5, whatever chance is. An accuracy of 0.45 is poor "
            "among two answers and good among four.",
            answer=_variant(floor=lambda _: 0.5),
        ),
        Mistake(
            name="unique-called-redundant",
            message='You say "redundant" where only one modality beats chance. That one is '
            "unique: the other repeats nothing.",
            answer=_variant(words=("none", "redundant", "redundant")),
        ),
        Mistake(
            name="compared-with-mean-not-max",
            message="You compared both together with the mean of the two. The question is "
            "whether they beat the better one.",
            answer=_variant(better=lambda first, second: (first + second) / 2),
            variants=(_variant(better=min),),
        ),
        Mistake(
            name="synergy-against-chance",
            message="You took synergy to mean that both together beat chance. They must beat "
            "the better of the two.",
            answer=lambda first, second, both, chance: (
                "synergistic"
                if both > chance + MARGIN
                else _variant()(first, second, both, chance)
            ),
        ),
        Mistake(
            name="no-margin",
            message="You counted any difference, however small. An accuracy is clearly above "
            "another when it is higher by more than 0.1.",
            answer=_variant(margin=0),
        ),
    ),
)
