"""Answers to 12.3 that are wrong: the mistakes that are known."""

from collections.abc import Callable
from typing import Any

import numpy as np

from classroom.checks.ex12_vqa_and_captioning.search import (
    END,
    Beam,
    Beginning,
    Search,
    Step,
    k_best,
    normalised,
    told_of,
    total,
)
from classroom.checks.ex12_vqa_and_captioning.wrong_ends import beside, protected
from classroom.checks.ex12_vqa_and_captioning.wrong_lengths import (
    added,
    divided,
    mean,
    newest,
    of_google,
    probabilities,
    taken_off,
    times_length,
    without_end,
)
from classroom.checks.question import Mistake


def _greedy_each(beams: list[Beam], k: int, rank: Callable[[Beginning], float]) -> Beam:
    """Return the k best first words; after these, the best next word of each beginning."""
    if len(beams) == 1:
        return k_best(beams, k, rank)
    return [max(beam, key=rank) for beam in beams]


def _k_of_each(beams: list[Beam], k: int, rank: Callable[[Beginning], float]) -> Beam:
    return [one for beam in beams for one in k_best([beam], k, rank)]


def _least(beams: list[Beam], k: int, rank: Callable[[Beginning], float]) -> Beam:
    return sorted((one for beam in beams for one in beam), key=rank)[:k]


def _whole_or_any(kept: Beam) -> Beam:
    return [one for one in kept if one.ended] or kept


def _up_to_end(one: Beginning, score: float) -> Any:
    words = list(one.words)
    return (words[: words.index(END) + 1] if END in words else words), score


def _cut(one: Beginning) -> Beginning:
    """Return what stands before and at the first end, with its own log-probabilities."""
    length = one.words.index(END) + 1 if END in one.words else len(one.words)
    return Beginning(one.words[:length], one.logs[:length])


def _on_and_on(one: Beginning, step: Step) -> Beam:
    return one.on(step)


def _never(_: Beam) -> bool:
    return False


def _all_kept(step: Step, k: int, longest: int, length_penalty: float) -> Any:
    kept = Search().kept(step, k, longest, length_penalty)
    return [told_of(one, normalised(one, length_penalty)) for one in kept]


EXTENDED: dict[str, object] = {"go_on": _on_and_on, "stop": _never}

MISTAKES = (
    Mistake(
        name="equals-greedy",
        message="Your beam is greedy decoding, whatever k is: one beginning is kept, or k "
        "copies of one. Begin with a single empty beginning, go on with every word from each, "
        "and keep the k best of all.",
        changes={"width": lambda _: 1},
        variants=({"begin": lambda k: [Beginning()] * k},),
    ),
    Mistake(
        name="one-word-from-each",
        message="Each beginning goes on with its own best word alone: k greedy sentences. All "
        "words from all beginnings compete, and the k best stay, whoever they come from.",
        changes={"prune": _greedy_each},
    ),
    Mistake(
        name="k-ignored",
        message="You keep more beginnings than k. Of all together the k best stay.",
        changes={"width": lambda _: 200},
        variants=({"width": lambda k: 10 * k},),
    ),
    Mistake(
        name="k-from-each",
        message="You keep k from each beginning, so there are more and more. Keep the k best "
        "of all together.",
        changes={"prune": _k_of_each},
    ),
    Mistake(
        name="finished-beams-extended",
        message="A sentence that had ended was given further words, which cost it its place. "
        "After END it competes as it is, with its sum, and step is not asked.",
        changes=EXTENDED,
        variants=(
            {**EXTENDED, "told": _up_to_end},
            {
                **EXTENDED,
                "choose": lambda one, penalty: normalised(_cut(one), penalty),
                "score": lambda one, penalty: normalised(_cut(one), penalty),
                "told": _up_to_end,
            },
            {"go_on": _on_and_on},
        ),
    ),
    Mistake(
        name="finished-beams-dropped",
        message="Sentences that have ended are dropped. They stay among the k, as they are, "
        "and may win.",
        changes={"go_on": lambda one, step: [] if one.ended else one.on(step)},
    ),
    Mistake(
        name="finished-beams-beside",
        message="You put sentences that have ended aside, and their places are free for "
        "others. Here a sentence that has ended is one of the k, so fewer others go on.",
        answer=beside(),
        variants=(
            beside(seen=lambda k: k),
            beside(open_too=False),
            beside(seen=lambda k: 2 * k, enough=True, open_too=False),
            beside(seen=lambda k: k, enough=True),
            beside(seen=lambda k: k, refill=False),
        ),
    ),
    Mistake(
        name="finished-beams-protected",
        message="A sentence that has ended cannot be pushed out with you. It competes by its "
        "sum like all others: k with higher sums leave no place for it.",
        changes={"prune": protected},
    ),
    Mistake(
        name="stops-at-the-first-end",
        message="You stop when one sentence, or the best, has ended. Others may still win, by "
        "their length: go on until all k have ended, or have `longest` words.",
        changes={"stop": lambda kept: kept[0].ended},
        variants=({"stop": lambda kept: any(one.ended for one in kept)},),
    ),
    Mistake(
        name="no-length-norm-claimed",
        message="length_penalty does not decide who wins: sums are compared as they are, and "
        "long sentences lose by their length. Divide each by length ** length_penalty before "
        "the best is chosen, and return that number.",
        changes={"score": total},
        variants=({"choose": total},),
    ),
    Mistake(
        name="sum-returned",
        message="The right sentence is chosen by its normalised score, and its sum returned. "
        "Return the number by which it won.",
        changes={"score": total, "choose": normalised},
    ),
    Mistake(
        name="normalised-while-pruning",
        message="You divide by the length while the search goes on. The k are kept by their "
        "sums; only at the end does the length count.",
        changes={"rank": normalised},
    ),
    Mistake(
        name="length-without-end",
        message="END is not counted in your length. It is a word with a probability of its "
        "own.",
        changes={"score": without_end},
    ),
    Mistake(
        name="other-normalisation",
        message="You count the length in another way. Divide the sum by length ** "
        "length_penalty: with 0 it stays, with 1 it is the mean.",
        changes={"score": mean},
        variants=(
            {"score": divided},
            {"score": times_length},
            {"score": of_google},
            {"score": taken_off},
            {"score": added},
        ),
    ),
    Mistake(
        name="newest-word-alone",
        message="You rank by the log-probability of the newest word. Add up those of all words "
        "so far.",
        changes={"rank": newest},
        variants=(
            {"rank": newest, "score": lambda one, p: one.logs[-1] / len(one.words) ** p},
        ),
    ),
    Mistake(
        name="probabilities-added",
        message="You added probabilities. They multiply; their logarithms, which step returns, "
        "are what is added.",
        changes={
            "rank": probabilities,
            "score": lambda one, p: probabilities(one, 0) / len(one.words) ** p,
        },
        variants=({"rank": probabilities},),
    ),
    Mistake(
        name="least-likely-kept",
        message="You keep, or return, the least likely. Logarithms of probabilities lie below "
        "0: the largest is the likeliest.",
        changes={"prune": _least},
        variants=({"best": min}, {"prune": _least, "best": min}),
    ),
    Mistake(
        name="end-left-out",
        message="END is missing from the words that you return. It says that the sentence has "
        "ended, and was not cut off.",
        changes={
            "told": lambda one, score: ([word for word in one.words if word != END], score)
        },
    ),
    Mistake(
        name="unfinished-left-out",
        message="You return a sentence that has ended wherever there is one. All that are kept "
        "count at the end, whether they have ended or not.",
        changes={"among": _whole_or_any},
    ),
    Mistake(
        name="wrong-longest",
        message="You say one word too many, or too few. At most `longest` words, END among "
        "them.",
        changes={"longest": lambda longest: longest + 1},
        variants=({"longest": lambda longest: longest - 1},),
    ),
    Mistake(
        name="as-probability",
        message="You return a probability, exp of the score. Return the score.",
        changes={"told": lambda one, score: (list(one.words), float(np.exp(score)))},
    ),
    Mistake(
        name="words-alone",
        message="You return one thing of two. Return the words and their score.",
        changes={"told": lambda one, _: list(one.words)},
        variants=({"told": lambda _, score: score},),
    ),
    Mistake(
        name="all-k-returned",
        message="You return all that are kept. Return the best one, and its score.",
        answer=_all_kept,
    ),
)
