"""The mistakes that are known of 15.1."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from classroom.checks.ex15_speech.ctc_answers import (
    Letters,
    Places,
    ctc_loss,
    differ,
    first_two,
    with_blanks,
)
from classroom.checks.patience import STOPPED
from classroom.checks.question import Answer, Mistake


def _between(letters: Letters) -> Places:
    return with_blanks(letters)[1:-1]


def _by_probabilities(log: Callable[[float], float]) -> Answer:
    """Return an answer that multiplies probabilities, which are soon too small for a float."""

    def answer(logprobs: np.ndarray, letters: Letters) -> float:
        places, rows = with_blanks(letters), np.exp(logprobs)
        allowed = [differ(places, s) for s in range(len(places))]
        alpha = np.where(first_two(np.zeros(len(places))), rows[0, places], 0)
        for row in rows[1:]:
            one, two = (np.r_[np.zeros(by), alpha][: len(alpha)] for by in (1, 2))
            alpha = row[places] * (alpha + one + two * allowed)
        return -log(float(alpha[-2:].sum()))

    return answer


def _numpys(number: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log(number))


MOST_PATHS = 1_000_000
"""So many can be listed before patience ends."""


def _by_listing(logprobs: np.ndarray, letters: Letters) -> float:
    """Return the loss as from a list of all paths: where it is long, it is stopped."""
    steps, units = logprobs.shape
    if units**steps > MOST_PATHS:
        raise TimeoutError(STOPPED)
    return ctc_loss(logprobs, letters)


def _in_place(logprobs: np.ndarray, letters: Letters) -> float:
    """Return what comes out where the row before is overwritten as it is read."""
    places = with_blanks(letters)
    alpha = np.full(len(places), -np.inf)
    alpha[:2] = logprobs[0, places[:2]]
    for row in logprobs[1:]:
        for s, unit in enumerate(places):
            came = alpha[max(0, s - (2 if differ(places, s) else 1)) : s + 1]
            alpha[s] = row[unit] + np.logaddexp.reduce(came)
    return -float(np.logaddexp.reduce(alpha[-2:]))


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
        changes={"passes": lambda places, place: place > 1 and places[place] != 0},
    ),
    Mistake(
        name="skips-letters",
        message="You pass over letters as well: from a blank to the next one, the letter "
        "between them is never said. Only a blank may be passed over.",
        changes={"passes": lambda _, place: place > 1},
        variants=({"passes": lambda places, place: place > 1 and places[place] == 0},),
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
        name="wraps-round",
        message="Your first places take from the last ones: in Python, place -1 is the last. "
        "Before the first place there is nothing, of logarithm -inf.",
        changes={"moved": np.roll},
        variants=({"moved": np.roll, "passes": lambda places, s: places[s] != places[s - 2]},),
    ),
    Mistake(
        name="changed-while-read",
        message="You change the row while you read it, so a path goes over several places in "
        "one step. Keep the row before, and read from that.",
        answer=_in_place,
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
            "places": lambda letters: [one or -1 for one in with_blanks(letters)],
        },
    ),
    Mistake(
        name="underflow",
        message="Your loss of a long recording is infinite. Its probability is smaller than "
        "any float, and becomes 0: stay in logarithms, and add with np.logaddexp.",
        answer=_by_probabilities(_numpys),
        variants=(_by_probabilities(math.log),),
    ),
    Mistake(
        name="paths-listed",
        message="You look at the paths one by one. Each further step multiplies their number "
        "by that of the units, so they are soon too many. Keep one number for each place, "
        "the sum over all paths that stand there, and go on step by step.",
        answer=_by_listing,
    ),
    Mistake(
        name="no-room-forgotten",
        message="Where there is no room for all letters, no path says them: the probability "
        "is 0, the loss infinite. You return another number there.",
        changes={"last": lambda total, *_: -total if np.isfinite(total) else 0.0},
        variants=({"last": lambda total, *_: -total if np.isfinite(total) else -np.inf},),
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
