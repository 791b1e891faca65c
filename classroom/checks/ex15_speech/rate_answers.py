"""Answers to 15.3, a right one and the mistakes that are known."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

from classroom.checks.question import Mistake

Words = Sequence[str]
Texts = Sequence[str]
Pair = tuple[Words, Words]


def edits(
    heard: Words,
    said: Words,
    added: int = 1,
    lost: int = 1,
    other: int = 1,
    starts: tuple[int, int] = (1, 1),
) -> int:
    """Return the least cost that turns what was said into what was heard.

    `starts` says how much words cost that are added, or lost, before all others.
    """
    costs = [place * added * starts[0] for place in range(len(heard) + 1)]
    for number, word in enumerate(said, 1):
        before, costs = costs, [number * lost * starts[1]]
        for place, found in enumerate(heard):
            costs.append(
                min(
                    before[place] + other * (found != word),
                    before[place + 1] + lost,
                    costs[place] + added,
                )
            )
    return costs[-1]


def _summed(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return sum(errors(*pair) for pair in pairs) / sum(len(said) for _, said in pairs)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`word_error_rate`, with steps that may be replaced."""

    units: Callable[[str], Words] = str.split
    together: Callable[[Sequence[Pair]], Sequence[Pair]] = lambda pairs: pairs
    errors: Callable[[Words, Words], float] = edits
    rate: Callable[[Sequence[Pair], Callable[[Words, Words], float]], float] = _summed
    last: Callable[[float], float] = lambda rate: rate

    def __call__(self, heard: Texts, said: Texts) -> float:
        """Return errors in all texts, by words said in all."""
        pairs = [
            (self.units(one), self.units(other)) for one, other in zip(heard, said, strict=True)
        ]
        return self.last(self.rate(self.together(pairs), self.errors))


word_error_rate = Steps()
"""Errors in all texts, by words said in all."""


def _by_heard(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return sum(errors(*pair) for pair in pairs) / sum(len(heard) for heard, _ in pairs)


def _by_longer(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return sum(errors(*pair) for pair in pairs) / sum(max(map(len, pair)) for pair in pairs)


def _mean_of_rates(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return mean(errors(*pair) / len(pair[1]) for pair in pairs)


def _mean_of_errors(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return mean(errors(*pair) for pair in pairs)


def _count(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return sum(errors(*pair) for pair in pairs)


def _wrong_texts(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return mean(float(errors(*pair) > 0) for pair in pairs)


def _joined(pairs: Sequence[Pair]) -> list[Pair]:
    heard = [word for one, _ in pairs for word in one]
    return [(heard, [word for _, other in pairs for word in other])]


def _unlike(heard: Words, said: Words) -> int:
    return sum(one != other for one, other in zip(heard, said, strict=False))


def _unlike_and_rest(heard: Words, said: Words) -> int:
    return _unlike(heard, said) + abs(len(heard) - len(said))


def _unlike_and_lost(heard: Words, said: Words) -> int:
    return _unlike(heard, said) + max(0, len(said) - len(heard))


def _not_in(heard: Words, said: Words) -> int:
    return sum(word not in heard for word in said)


def _bag(heard: Words, said: Words) -> int:
    there, wanted = Counter(heard), Counter(said)
    return max((there - wanted).total(), (wanted - there).total())


def _longest_common(heard: Words, said: Words) -> int:
    """Return how many words are in both, in one order."""
    return (len(heard) + len(said) - edits(heard, said, other=2)) // 2


def _best_of_the_last_row(heard: Words, said: Words) -> int:
    return min(edits(heard[:place], said) for place in range(len(heard) + 1))


def _by_different(pairs: Sequence[Pair], errors: Callable[[Words, Words], float]) -> float:
    return sum(errors(*pair) for pair in pairs) / sum(len(set(said)) for _, said in pairs)


MISTAKES = (
    Mistake(
        name="divided-by-heard",
        message="You divided by the words that were heard, or by the longer of the two. Then a "
        "machine that babbles looks better. Divide by the words that were said.",
        changes={"rate": _by_heard},
        variants=({"rate": _by_longer},),
    ),
    Mistake(
        name="substitutions-twice",
        message="A wrong word counts twice with you, once as lost and once as added. It is one "
        "error: a substitution costs 1.",
        changes={"errors": lambda heard, said: edits(heard, said, other=2)},
    ),
    Mistake(
        name="characters-for-words",
        message="You compare letters. That is another rate; split the texts into words.",
        changes={"units": list},
        variants=({"units": lambda text: list(text.replace(" ", ""))},),
    ),
    Mistake(
        name="mean-of-rates",
        message="You took the mean of the texts' rates, so that a word counts more in a short "
        "one. Add up all errors, and divide by all words.",
        changes={"rate": _mean_of_rates},
    ),
    Mistake(
        name="texts-joined",
        message="You joined all texts to one, so that words of one text may be matched with "
        "the next one's. Compare text by text.",
        changes={"together": _joined},
    ),
    Mistake(
        name="place-by-place",
        message="You compare place by place: after one lost word all others count as wrong. "
        "Find the fewest changes, by dynamic programming.",
        changes={"errors": _unlike_and_rest},
        variants=({"errors": _unlike}, {"errors": _unlike_and_lost}),
    ),
    Mistake(
        name="longest-in-order",
        message="You took what both texts hold in one order away from the longer of them. A "
        "substitution joins words in one place: where a word is lost in one place and another "
        "is added elsewhere, these are two errors. Find the fewest changes, by dynamic "
        "programming.",
        changes={
            "errors": lambda heard, said: (
                max(len(heard), len(said)) - _longest_common(heard, said)
            )
        },
    ),
    Mistake(
        name="order-ignored",
        message="You ask which words are there, whatever their order. Words in another "
        "order are errors.",
        changes={"errors": _bag},
        variants=(
            {"errors": _not_in},
            {"errors": lambda heard, said: len(set(heard) ^ set(said))},
            {"errors": lambda heard, said: len(set(said) - set(heard))},
        ),
    ),
    Mistake(
        name="insertions-free",
        message="Words that nobody said cost nothing with you. Each is an error.",
        changes={"errors": lambda heard, said: edits(heard, said, added=0)},
        variants=({"errors": lambda heard, said: len(said) - _longest_common(heard, said)},),
    ),
    Mistake(
        name="deletions-free",
        message="Words that were not heard cost nothing with you. Each is an error.",
        changes={"errors": lambda heard, said: edits(heard, said, lost=0)},
        variants=({"errors": lambda heard, said: len(heard) - _longest_common(heard, said)},),
    ),
    Mistake(
        name="free-at-an-end",
        message="Words before the first match, or behind the last one, cost nothing with "
        "you. The table's first row and column count 0, 1, 2 and so on; the errors stand in "
        "the last place of the last row.",
        changes={"errors": lambda heard, said: edits(heard, said, starts=(0, 1))},
        variants=(
            {"errors": lambda heard, said: edits(heard, said, starts=(1, 0))},
            {"errors": lambda heard, said: edits(heard, said, starts=(0, 0))},
            {"errors": _best_of_the_last_row},
        ),
    ),
    Mistake(
        name="different-words",
        message="You divided by the number of different words. A word that is said twice "
        "counts twice.",
        changes={"rate": _by_different},
    ),
    Mistake(
        name="at-most-one",
        message="Your rate stops at 1. With many words that nobody said it goes beyond.",
        changes={"last": lambda rate: min(rate, 1.0)},
        variants=({"errors": lambda heard, said: min(edits(heard, said), len(said))},),
    ),
    Mistake(
        name="accuracy",
        message="You return how much is right. The rate of errors is asked for.",
        changes={"last": lambda rate: 1 - rate},
    ),
    Mistake(
        name="percent",
        message="You return per cent. A rate of 1 is as many errors as words.",
        changes={"last": lambda rate: 100 * rate},
    ),
    Mistake(
        name="not-divided",
        message="You return a number of errors. Divide all errors by all words that were said.",
        changes={"rate": _count},
        variants=({"rate": _mean_of_errors},),
    ),
    Mistake(
        name="wrong-texts",
        message="You count texts that hold an error. Count the errors, and divide by words.",
        changes={"rate": _wrong_texts},
    ),
)
