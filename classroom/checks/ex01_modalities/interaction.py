"""01.2: what three accuracies say of two modalities.

Leaves out cases near a border, where rounding would decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


def _clearly(high: float, low: float) -> bool:
    return high > low + MARGIN


def _word(*alone: bool) -> str:
    return ("none", "unique", "redundant")[sum(alone)]


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """`interaction`, with parts that may be replaced.

    Args:
        beats: whether both together are above their rival.
        rival: what both together are compared with, made of the first, the second and chance.
        asked: whether synergy is asked for at all, by which of the two know something.
        knows: whether one alone is above the floor.
        floor: what one alone is compared with, made of chance.
        word: the word, by which of the two know something.
        spelt: how a word is written.
    """

    beats: Callable[[float, float], bool] = _clearly
    rival: Callable[[float, float, float], float] = lambda first, second, _: max(first, second)
    asked: Callable[..., bool] = lambda *_: True
    knows: Callable[[float, float], bool] = _clearly
    floor: Callable[[float], float] = lambda chance: chance
    word: Callable[..., str] = _word
    spelt: Callable[[str], str] = str

    def __call__(self, first: float, second: float, both: float, chance: float) -> str:
        alone = [self.knows(one, self.floor(chance)) for one in (first, second)]
        if self.asked(*alone) and self.beats(both, self.rival(first, second, chance)):
            return self.spelt("synergistic")
        return self.spelt(self.word(*alone))


def _any_lead(high: float, low: float) -> bool:
    return high > low


def _by_a_tenth(high: float, low: float) -> bool:
    return high > 1.1 * low


def _apart(one: float, other: float) -> bool:
    return abs(one - other) > MARGIN


def _unique_if_apart(first: float, second: float, both: float, chance: float) -> str:
    if both > max(first, second) + MARGIN:
        return "synergistic"
    if _apart(first, second):
        return "unique"
    return "redundant" if first > chance + MARGIN else "none"


def _redundant_or_apart(first: float, second: float, both: float, chance: float) -> str:
    if both > max(first, second) + MARGIN:
        return "synergistic"
    if min(first, second) > chance + MARGIN:
        return "redundant"
    return "unique" if _apart(first, second) else "none"


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
    """Return a case of each kind, none nearer to a border than 0.02."""
    u = rng.uniform
    slight, far, high = (chance + u(*span) for span in ((0.13, 0.15), (0.26, 0.3), (0.13, 0.2)))
    low, above = chance - u(0, 0.02), chance + u(0.03, 0.07)
    poor = max(chance - u(0.13, 0.16), 0)
    barely, nearly = chance + u(0.12, 0.14), chance + u(0.05, 0.07)
    higher = high + u(0.13, 0.16)
    rows = {
        "both know, unevenly": (high, higher, higher + u(-0.05, 0.07)),
        "both know, evenly": (high, high - 0.01, high + u(0, 0.05)),
        "both know, together far more": (high, high - 0.01, high + u(0.13, 0.16)),
        "both know, together most of all": (slight, slight - 0.01, slight + u(0.27, 0.3)),
        "the first knows": (slight, low, slight - u(0, 0.01)),
        "the second knows": (low, slight, slight - u(0, 0.01)),
        "the first knows much": (far, above, far + u(0.02, 0.07)),
        "the second knows much": (above, far, far + u(0.02, 0.07)),
        "the first knows, together far more": (far, low, far + u(0.13, 0.16)),
        "together far worse": (far, poor, far - u(0.13, 0.15)),
        "the first knows, the second nearly": (barely, nearly, barely + u(0, 0.05)),
        "neither knows": (above, low, above + u(0.02, 0.07)),
        "only together": (low, above, above + u(0.13, 0.3)),
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
    build=_Steps,
    mistakes=(
        Mistake(
            name="ignored-chance",
            message="You compared with 0.5, whatever chance is. An accuracy of 0.45 is poor "
            "among two answers and good among four.",
            changes={"floor": lambda _: 0.5},
        ),
        Mistake(
            name="unique-called-redundant",
            message='You say "redundant" where only one modality beats chance. That one is '
            "unique: the other repeats nothing.",
            changes={"word": lambda *alone: "redundant" if any(alone) else "none"},
        ),
        Mistake(
            name="redundant-unique-exchanged",
            message='You exchanged two words: "redundant" says that both know alone, "unique" '
            "that only one does.",
            changes={"word": lambda *alone: ("none", "redundant", "unique")[sum(alone)]},
        ),
        Mistake(
            name="one-of-the-two",
            message='You say "unique" of one of the two modalities alone, but "none" where it '
            "is the other that knows. It may be either.",
            changes={"word": lambda first, second: _word(first, second and first)},
            variants=({"word": lambda first, second: _word(first and second, second)},),
        ),
        Mistake(
            name="compared-with-each-other",
            message='You call a modality "unique" because it beats the other one. Compare each '
            "with chance: two that both beat it are redundant.",
            answer=_unique_if_apart,
            variants=(_redundant_or_apart,),
        ),
        Mistake(
            name="compared-with-mean-not-max",
            message="You compared both together with the mean of the two. The question is "
            "whether they beat the better one.",
            changes={"rival": lambda first, second, _: (first + second) / 2},
        ),
        Mistake(
            name="compared-with-worse",
            message="You call it synergistic where both together beat only the worse of the "
            "two. They must beat the better one, and so each of them.",
            changes={"rival": lambda first, second, _: min(first, second)},
        ),
        Mistake(
            name="compared-with-one",
            message="You compared both together with the same modality each time. Compare with "
            "the better one, whichever that is.",
            changes={"rival": lambda first, *_: first},
            variants=({"rival": lambda _, second, __: second},),
        ),
        Mistake(
            name="compared-with-sum",
            message="You asked both together to beat the two added up. They must beat the "
            "better one alone.",
            changes={"rival": lambda first, second, chance: first + second - chance},
            variants=({"rival": lambda first, second, _: first + second},),
        ),
        Mistake(
            name="synergy-against-chance",
            message="You took synergy to mean that both together beat chance. They must beat "
            "the better of the two.",
            changes={"rival": lambda _, __, chance: chance},
        ),
        Mistake(
            name="synergy-not-first",
            message="Both together are clearly above the better one, and you say another word, "
            "because of what one knows alone. Ask for synergy first.",
            changes={"asked": lambda first, second: not (first or second)},
            variants=(
                {"asked": lambda first, second: not (first and second)},
                {"asked": lambda first, second: first == second},
            ),
        ),
        Mistake(
            name="no-margin",
            message="You counted any difference, however small, in at least one place. Clearly "
            "above means higher by more than 0.1, wherever you compare.",
            changes={"beats": _any_lead, "knows": _any_lead},
            variants=({"beats": _any_lead}, {"knows": _any_lead}),
        ),
        Mistake(
            name="margin-as-factor",
            message="You asked for a tenth more, a factor of 1.1. Clearly above means higher "
            "by more than 0.1: add it.",
            changes={"beats": _by_a_tenth, "knows": _by_a_tenth},
            variants=({"beats": _by_a_tenth}, {"knows": _by_a_tenth}),
        ),
        Mistake(
            name="size-of-difference",
            message="You took a difference without its sign: an accuracy that is lower by more "
            "than 0.1 is not above.",
            changes={"beats": _apart, "knows": _apart},
            variants=({"beats": _apart}, {"knows": _apart}),
        ),
        Mistake(
            name="capital-letters",
            message="Your words are right but for their capital letters: write them small.",
            changes={"spelt": str.capitalize},
            variants=({"spelt": str.upper},),
        ),
    ),
)
