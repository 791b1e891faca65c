"""12.3: the likeliest sentence that a search with k beginnings finds.

The model is a table, what follows each word; where k is as large as all sentences together, the
answer is the best of all, which trying each of them finds as well.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classroom.checks.ex12_vqa_and_captioning.search import END, Beginning, Search
from classroom.checks.ex12_vqa_and_captioning.searching_answers import MISTAKES
from classroom.checks.question import (
    Answer,
    Case,
    Property,
    Question,
    hidden,
    shown,
)

MARGIN = 0.01
"""Sums that decide are farther apart than this: no rounding decides instead of them."""
ENDED = ("extended", "dropped", "beside", "protected")
RANKED = ("newest-word-alone", "probabilities-added")
Searched = tuple[np.ndarray, int, int, float]
"""A table, k, the longest sentence, and the length penalty."""

beam_search = Search()
"""The best of the k beginnings that are kept, and its score."""


def harness(
    answer: "Answer", table: "Any", k: int, longest: int, length_penalty: float
) -> "Any":
    """Return what an answer finds with a model that is given as a table.

    Row i holds the probability of each word after word i, the last row those of the first.
    """
    import numpy as np

    logs = np.log(table)
    calls = 0

    def step(words: "Any") -> "Any":
        nonlocal calls
        calls += 1
        if calls > 2_000:
            raise RuntimeError(
                "step was called 2,000 times, and the search goes on; it ends after `longest` "
                "words, whatever has not ended by then"
            )
        return logs[words[-1] if len(words) else -1].copy()

    return answer(step, k, longest, length_penalty)


def _table(rng: np.random.Generator, words: int, rare_end: str) -> np.ndarray:
    """Return hundredths of at least 1, which add up to 1 in each row.

    END is rare "nowhere", "first", or "everywhere".
    """
    rows = []
    for last in [False] * words + [True]:
        shares = rng.dirichlet(np.full(words, 0.8))
        if rare_end == "everywhere" or (last and rare_end == "first"):
            shares[END] = 0
        rows.append(1 + rng.multinomial(100 - words, shares / shares.sum()))
    return np.array(rows) / 100


def _clear(table: np.ndarray, k: int, longest: int, length_penalty: float) -> bool:
    """Return whether nothing is decided by a hair."""
    clear = True

    def prune(beams: Any, width: int, rank: Any) -> Any:
        nonlocal clear
        ranked = sorted((one for beam in beams for one in beam), key=rank, reverse=True)
        clear &= len(ranked) <= width or rank(ranked[width - 1]) - rank(ranked[width]) > MARGIN
        return ranked[:width]

    def told(one: Beginning, score: float) -> Any:
        return one, score

    def best(kept: Any, *, key: Any) -> Any:
        nonlocal clear
        scores = sorted(map(key, kept))
        clear &= len(kept) < 2 or scores[-1] - scores[-2] > MARGIN
        return max(kept, key=key)

    harness(Search(prune=prune, told=told, best=best), table, k, longest, length_penalty)
    return bool(clear)


def _found(answer: Answer, given: Searched) -> Any:
    """Return the words that an answer finds, or None where it fails."""
    try:
        return harness(answer, *given)[0]
    except (ValueError, ZeroDivisionError):
        return None


def _answers(name: str) -> Sequence[Answer]:
    """Return all answers that make a mistake."""
    (mistake,) = (one for one in MISTAKES if one.name == name)
    return BEAM_SEARCH.answers(mistake)


def _drawn(
    rng: np.random.Generator,
    sizes: tuple[int, int, int, float],
    *names: str,
    rare_end: str = "nowhere",
    unlike: Sequence[str] = (),
) -> Searched:
    """Return a table for which answers with these mistakes find other words, each its own.

    Those with a mistake of `unlike` may find the right words, and none of the others. Sizes
    are words, k, longest and the length penalty.
    """
    wrong, apart = ([_answers(name) for name in which] for which in (names, unlike))
    while True:
        given = (_table(rng, sizes[0], rare_end), *sizes[1:])
        if _told_apart(given, wrong, apart) and _clear(*given):
            return given


def _told_apart(
    given: Searched, wrong: Sequence[Sequence[Answer]], apart: Sequence[Sequence[Answer]]
) -> bool:
    """Return whether answers of two lists, or one and the right answer, find other words."""
    others = [_found(beam_search, given)]
    for answers in wrong:
        found = []
        for one in answers:
            found.append(_found(one, given))
            if found[-1] in others:
                return False
        others += found
    return all(_found(one, given) not in others[1:] for answers in apart for one in answers)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    table = np.array([[0.6, 0.2, 0.2], [0.4, 0.3, 0.3], [0.9, 0.05, 0.05], [0.1, 0.5, 0.4]])
    ends = np.array([[0.1, 0.1, 0.8], [0.2, 0.1, 0.7], [0.8, 0.1, 0.1], [0.5, 0.4, 0.1]])
    return [
        shown("one beginning: greedy", table, 1, 2, 0.0),
        shown("two find a likelier one", table, 2, 2, 0.0),
        shown("END at once is likeliest", ends, 2, 3, 0.0),
        shown("a longer one has the better mean", ends, 2, 3, 1.0),
        shown("cut off after two words", ends, 2, 2, 1.0),
    ]


def _competing(rng: np.random.Generator) -> Sequence[Case]:
    greedy, alone, wider = "equals-greedy", "one-word-from-each", "k-from-each"
    two = _drawn(rng, (4, 2, 4, 0.0), greedy, alone, rare_end="everywhere")
    more = _drawn(rng, (5, 2, 4, 0.0), wider, rare_end="everywhere")
    newest = _drawn(rng, (5, 2, 4, 0.0), *RANKED, unlike=[alone, "finished-beams-dropped"])
    return [
        hidden("four words, END is rare", *two),
        hidden("five words, END is rare", *more),
        hidden("sums, not the newest word", *newest),
    ]


def _ended(rng: np.random.Generator) -> Sequence[Case]:
    extended, dropped, beside, protected = (f"finished-beams-{how}" for how in ENDED)
    aside = _drawn(rng, (3, 2, 4, 1.0), beside, unlike=["normalised-while-pruning"])
    return [
        hidden("END comes early", *_drawn(rng, (4, 2, 4, 0.0), extended, dropped)),
        hidden("some end early", *aside),
        hidden("some are pushed out", *_drawn(rng, (5, 2, 4, 0.0), protected)),
        hidden("the longer one wins", *_drawn(rng, (4, 3, 4, 1.0), "stops-at-the-first-end")),
    ]


def _lengths(rng: np.random.Generator) -> Sequence[Case]:
    claimed, pruning = "no-length-norm-claimed", "normalised-while-pruning"
    mean = _drawn(rng, (4, 3, 5, 1.0), claimed, "length-without-end")
    longer = _drawn(rng, (5, 3, 4, 0.5), claimed, rare_end="first")
    return [
        hidden("the mean", *mean),
        hidden("half-way to the mean", *longer),
        hidden("sums decide who is kept", *_drawn(rng, (5, 2, 5, 1.0), pruning)),
    ]


def _cut_off(rng: np.random.Generator) -> Sequence[Case]:
    cut = ("unfinished-left-out", "wrong-longest")
    return [
        hidden("cut off after three words", *_drawn(rng, (4, 2, 3, 0.7), *cut)),
        hidden("cut off after four words", *_drawn(rng, (5, 3, 4, 1.0), *cut)),
    ]


def _all_sentences(rng: np.random.Generator) -> Sequence[Case]:
    claimed = "no-length-norm-claimed"
    return [
        hidden("every sentence of three words", *_drawn(rng, (5, 5**3, 3, 0.6), claimed)),
        hidden(
            "every sentence of four words", *_drawn(rng, (3, 3**4, 4, 0.0), "equals-greedy")
        ),
    ]


BEAM_SEARCH = Question(
    number="12.3",
    function="beam_search",
    reference=beam_search,
    harness=harness,
    told="It makes step(words) out of the table: the logarithms of row words[-1], of the last "
    "row where there are no words yet. Then it calls beam_search(step, k, longest, "
    "length_penalty).",
    build=Search,
    rtol=1e-4,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="k beginnings compete", points=2, cases=_competing),
        Property(name="ended sentences compete on", points=2, cases=_ended),
        Property(name="the length counts at the end", points=1, cases=_lengths),
        Property(name="cut off after the longest", points=1, cases=_cut_off),
        Property(name="wide enough, it finds the best", points=1, cases=_all_sentences),
    ),
    mistakes=MISTAKES,
)
