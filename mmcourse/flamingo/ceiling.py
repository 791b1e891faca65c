"""How often the best possible player of the word game is right, after so many examples.

Who knows that the rule is "kind" or "colour", each half of the time, keeps the rules that all
examples allow, and answers what most of them say. That is Bayes' rule with two hypotheses, and
nobody can do better; a model that does is reading something else.
"""

from collections.abc import Sequence
from itertools import product

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

MOST = 6
"""Examples of each word at most; more would take minutes, and change nothing."""


@checked
def chance_of_first(examples: Sequence[tuple[int, int, int]], asked: tuple[int, int]) -> float:
    """Return the probability that what is asked about has the first of two names.

    Args:
        examples: which kind (0 or 1), which colour (0 or 1), which name (0 or 1).
        asked: which kind and which colour.

    Raises:
        ValueError: no rule gives these examples, or a number is neither 0 nor 1.

    A thing of the first kind and the first colour has the first name. Of the same colour, but
    the other kind: "kind" says second, "colour" says first.

    >>> chance_of_first([(0, 0, 0)], (1, 0))
    0.5
    >>> chance_of_first([(0, 0, 0), (1, 0, 1)], (1, 0))
    0.0
    """
    for fact in (*asked, *(fact for each in examples for fact in each)):
        whole("chance_of_first", "a kind, colour or name", fact, least=0, most=1)
    said = []
    for rule, turned in product((0, 1), (0, 1)):  # which fact counts, and which way round
        if all(each[rule] ^ turned == each[2] for each in examples):
            said.append(asked[rule] ^ turned == 0)
    if not said:
        raise ValueError(
            f"chance_of_first: some rule must give these examples; none gives {examples!r:.80}."
        )
    return sum(said) / len(said)


@checked
def best_possible(shots: int) -> float:
    """Return the share of right answers of the best player, over all games alike.

    Args:
        shots: examples of each of the two names, from 0 to 6.

    One example of each name: half of the time both share what does not count, and the rule is
    known; else it is open, and open questions are half of the questions, answered by a toss:
    1/2 + 1/2 (1/2 + 1/2 · 1/2).

    >>> best_possible(0), best_possible(1)
    (0.5, 0.875)
    """
    shots = whole("best_possible", "shots", shots, least=0, most=MOST)
    names = [0] * shots + [1] * shots
    right = []
    for free in product((0, 1), repeat=len(names)):  # the fact that does not count
        examples = [(name, other, name) for name, other in zip(names, free, strict=True)]
        for asked in product((0, 1), (0, 1)):  # the rule is "kind"; "colour" is its mirror
            first = chance_of_first(examples, asked)
            right.append(first if asked[0] == 0 else 1 - first)
    return sum(max(each, 1 - each) if each != 0.5 else 0.5 for each in right) / len(right)
