"""Answers to 15.1, a right one and the mistakes that are known."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from classroom.checks.question import Answer, Mistake

Letters = list[int]
Places = list[int]


def _with_blanks(letters: Letters) -> Places:
    places = [0]
    for letter in letters:
        places += [letter, 0]
    return places


def _between(letters: Letters) -> Places:
    return _with_blanks(letters)[1:-1]


def _differ(places: Places, place: int) -> bool:
    return places[place] != places[place - 2]


def _added(logs: np.ndarray) -> Any:
    """Return the logarithms of sums of probabilities, over the first axis; NaN is no part."""
    return np.logaddexp.reduce(np.where(np.isnan(logs), -np.inf, logs), axis=0)


def _first_two(alpha: np.ndarray) -> np.ndarray:
    return np.arange(len(alpha)) < 2


def _last_two(alpha: np.ndarray) -> np.ndarray:
    return alpha[-2:]


def _negative(total: float, *_: object) -> float:
    return -total


def _moved(alpha: np.ndarray, by: int) -> np.ndarray:
    """Return what stands so many places before each, NaN where nothing does."""
    return np.concatenate([np.full(by, np.nan), alpha])[: len(alpha)]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`ctc_loss`, with steps that may be replaced."""

    places: Callable[[Letters], Places] = _with_blanks
    first: Callable[[np.ndarray], np.ndarray] = _first_two
    stays: bool = True
    passes: Callable[[Places, int], bool] = _differ
    add: Callable[[np.ndarray], Any] = _added
    ends: Callable[[np.ndarray], np.ndarray] = _last_two
    last: Callable[[float, np.ndarray, Letters], float] = _negative

    def __call__(self, logprobs: np.ndarray, letters: Letters) -> float:
        """Return -log of the probability of all paths that collapse to the letters."""
        places = self.places(letters)
        allowed = [s > 1 and self.passes(places, s) for s in range(len(places))]
        alpha = np.full(len(places), -np.inf)
        start = self.first(alpha)
        alpha[start] = logprobs[0, places][start]
        for row in logprobs[1:]:
            stayed = alpha if self.stays else np.full_like(alpha, np.nan)
            passed = np.where(allowed, _moved(alpha, 2), np.nan)
            alpha = row[places] + self.add(np.stack([stayed, _moved(alpha, 1), passed]))
        return self.last(float(self.add(self.ends(alpha))), logprobs, letters)


ctc_loss = Steps()
"""-log of the probability of all paths that collapse to the letters."""


def _by_probabilities(log: Callable[[float], float]) -> Answer:
    """Return an answer that multiplies probabilities, which are soon too small for a float."""

    def answer(logprobs: np.ndarray, letters: Letters) -> float:
        places, rows = _with_blanks(letters), np.exp(logprobs)
        allowed = [s > 1 and _differ(places, s) for s in range(len(places))]
        alpha = np.where(_first_two(np.zeros(len(places))), rows[0, places], 0)
        for row in rows[1:]:
            one, two = (np.r_[np.zeros(by), alpha][: len(alpha)] for by in (1, 2))
            alpha = row[places] * (alpha + one + two * allowed)
        return -log(float(alpha[-2:].sum()))

    return answer


def _numpys(number: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log(number))


def _largest(logs: np.ndarray) -> Any:
    return np.where(np.isnan(logs), -np.inf, logs).max(axis=0, initial=-np.inf)


def _product(logs: np.ndarray) -> Any:
    return np.nansum(logs, axis=0)


MISTAKES = (
    Mistake(
        name="wrong-final-states",
        message="A path may end in two places: at the last letter, or at the blank behind "
        "it. Add up these two, and no others.",
        changes={"ends": lambda alpha: alpha[-1:]},
        variants=(
            {"ends": lambda alpha: alpha[-2:-1]},
            {"ends": lambda alpha: alpha[-2:][:1]},
            {"ends": lambda alpha: alpha},
        ),
    ),
    Mistake(
        name="wrong-first-states",
        message="A path may begin in two places: at the first blank, or at the first "
        "letter. All others have probability 0 at step 0: logarithm -inf.",
        changes={"first": lambda alpha: np.arange(len(alpha)) < 1},
        variants=(
            {"first": lambda alpha: np.arange(len(alpha)) == min(1, len(alpha) - 1)},
            {"first": lambda alpha: np.arange(len(alpha)) == 1},
            {"first": lambda alpha: np.ones(len(alpha), dtype=bool)},
        ),
    ),
    Mistake(
        name="skip-over-repeats",
        message="You pass over the blank between two equal letters. Then both are one when the "
        "path is collapsed: between equal letters the blank must be visited.",
        changes={"passes": lambda places, place: places[place] != 0},
    ),
    Mistake(
        name="skips-letters",
        message="You pass over letters as well: from a blank to the next one, the letter "
        "between them is never said. Only a blank may be passed over.",
        changes={"passes": lambda *_: True},
        variants=({"passes": lambda places, place: places[place] == 0},),
    ),
    Mistake(
        name="never-skips",
        message="Your paths visit every blank. From a letter to the next one, if they "
        "differ, the blank between them may be passed over.",
        changes={"passes": lambda *_: False},
    ),
    Mistake(
        name="no-stay",
        message="Your paths move on at every step. A letter, or a blank, may last for several.",
        changes={"stays": False},
    ),
    Mistake(
        name="max-for-sum",
        message="You keep the likeliest path alone. The text's probability is that of all its "
        "paths together: add probabilities, np.logaddexp of their logarithms.",
        changes={"add": _largest},
    ),
    Mistake(
        name="infinite",
        message="Your loss is infinite where the text has room. Where paths meet, add "
        "probabilities: np.logaddexp of their logarithms, which a place without any path, "
        "-inf, does not change. A sum of logarithms is a product, and -inf never leaves it.",
        changes={"last": lambda *_: np.inf},
        variants=(
            {"last": lambda total, _, letters: np.inf if letters else -total},
            {"add": _product},
            {"add": _product, "passes": lambda *_: False},
        ),
    ),
    Mistake(
        name="blank-missing",
        message="You have letters without blanks between them. Put a blank before, between and "
        "behind the letters: _ c _ a _ b _.",
        changes={
            "places": list,
            "first": lambda a: np.arange(len(a)) < 1,
            "ends": lambda a: a[-1:],
            "passes": lambda *_: False,
        },
        variants=(
            {
                "places": list,
                "first": lambda a: np.arange(len(a)) < 1,
                "ends": lambda a: a[[-1]],
                "passes": lambda *_: False,
            },
        ),
    ),
    Mistake(
        name="no-blank-around",
        message="You have blanks between the letters, but none before the first and behind the "
        "last: so nobody may be silent there.",
        changes={
            "places": _between,
            "first": lambda a: np.arange(len(a)) < 1,
            "ends": lambda a: a[-1:],
        },
        variants=(
            {
                "places": _between,
                "first": lambda a: np.arange(len(a)) < 1,
                "ends": lambda a: a[[-1]],
            },
        ),
    ),
    Mistake(
        name="blank-is-last",
        message="Your blank is the last unit. Here it is unit 0.",
        changes={
            "places": lambda letters: [one or -1 for one in _with_blanks(letters)],
        },
    ),
    Mistake(
        name="underflow",
        message="Your loss of a long recording is infinite. Its probability is smaller than "
        "any float, and becomes 0: stay in logarithms, and add with np.logaddexp; paths "
        "are too many to be listed.",
        answer=_by_probabilities(_numpys),
        variants=(_by_probabilities(math.log),),
    ),
    Mistake(
        name="sign",
        message="You return the logarithm of the probability, below 0. The loss is its "
        "negative.",
        changes={"last": lambda total, *_: total},
    ),
    Mistake(
        name="probability",
        message="You return the probability. The loss is -log of it.",
        changes={"last": lambda total, *_: float(np.exp(total))},
    ),
    Mistake(
        name="divided",
        message="You divided by the number of letters, as torch's reduction='mean' does, or of "
        "steps. The loss of the whole recording is asked for.",
        changes={"last": lambda total, _, letters: -total / max(1, len(letters))},
        variants=(
            {"last": lambda total, logprobs, _: -total / len(logprobs)},
            {"last": lambda total, _, letters: -total / (2 * len(letters) + 1)},
        ),
    ),
    Mistake(
        name="bits",
        message="Your logarithm is that of base 2. Nats are asked for.",
        changes={"last": lambda total, *_: -total / math.log(2)},
    ),
)
