"""A tiny weighted grammar: one object that both says texts and weighs them.

A grammar is a tree of `Words`, `Choice` and `Sequence`. `sample` walks it to say a text;
`logprob` gives the exact probability that `sample` says a given text. Both read the same
tree, so they cannot drift apart. Whether an article is "a" or "an" is decided last, when
the next word is known, however the tree spells it.
Leaves out recursion: every grammar here says finitely many texts.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Sequence as Items
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias, final

import numpy as np

from mmcourse.world.scenes.randomness import require_generator

Node: TypeAlias = "Words | Choice | Sequence"

_A_BEFORE_VOWEL = re.compile(r"(?<!\S)a(?= [aeiou])")
_AN = re.compile(r"(?<!\S)an(?!\S)")


@final
@dataclass(frozen=True)
class Words:
    """Fixed words, separated by single spaces; none at all if `text` is empty.

    Args:
        text: the words; an article may be spelt either way.
        words: the words in order, every article spelt "a".

    Raises:
        ValueError: there are stray spaces, which no text could match.
    """

    text: str
    words: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.text != " ".join(self.text.split()):
            raise ValueError(
                f"Words: text must hold words separated by single spaces; got {self.text!r}."
            )
        object.__setattr__(self, "words", _AN.sub("a", self.text).split())

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return every word that it can say."""
        return frozenset(self.words)

    def say(self, rng: np.random.Generator, said: list[str]) -> None:  # noqa: ARG002
        """Add the words to `said`; they leave nothing to chance."""
        if self.text:
            said.append(self.text)

    def ends(self, words: Items[str], start: int) -> dict[int, float]:
        """Return the probability of saying `words[start:end]`, for every possible `end`."""
        end = start + len(self.words)
        return {end: 1.0} if words[start:end] == self.words else {}


@final
@dataclass(frozen=True)
class Choice:
    """One of several nodes.

    Args:
        options: the nodes to choose from, at least one.
        weights: their weights, positive; they need not sum to 1.
        edges: where one option's share of [0, 1) ends and the next begins.

    Raises:
        ValueError: no options, a weight missing, or a weight that is not positive.
    """

    options: tuple[Node, ...]
    weights: tuple[float, ...]
    edges: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        total = sum(self.weights)
        paired = len(self.options) == len(self.weights) > 0
        if not (paired and min(self.weights) > 0 and math.isfinite(total)):
            raise ValueError(
                "Choice: there must be one positive weight for each option; got "
                f"{len(self.options)} options and weights {self.weights}."
            )
        edges = [edge / total for edge in accumulate(self.weights[:-1])]
        object.__setattr__(self, "edges", edges)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return every word that it can say."""
        return frozenset().union(*(option.vocabulary for option in self.options))

    def say(self, rng: np.random.Generator, said: list[str]) -> None:
        """Add the words of one option, chosen by a single draw."""
        self.options[bisect_right(self.edges, rng.random())].say(rng, said)

    def ends(self, words: Items[str], start: int) -> dict[int, float]:
        """Return the probability of saying `words[start:end]`, for every possible `end`."""
        total, found = sum(self.weights), dict[int, float]()
        for option, weight in zip(self.options, self.weights, strict=True):
            for end, probability in option.ends(words, start).items():
                found[end] = found.get(end, 0.0) + weight / total * probability
        return found


@final
@dataclass(frozen=True)
class Sequence:
    """Several nodes, one after another."""

    parts: tuple[Node, ...]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return every word that it can say."""
        return frozenset().union(*(part.vocabulary for part in self.parts))

    def say(self, rng: np.random.Generator, said: list[str]) -> None:
        """Add the words of every part, in order."""
        for part in self.parts:
            part.say(rng, said)

    def ends(self, words: Items[str], start: int) -> dict[int, float]:
        """Return the probability of saying `words[start:end]`, for every possible `end`."""
        reached = {start: 1.0}
        for part in self.parts:
            further = dict[int, float]()
            for middle, before in reached.items():
                for end, probability in part.ends(words, middle).items():
                    further[end] = further.get(end, 0.0) + before * probability
            reached = further
        return reached


NOTHING = Words("")


def one_of(*texts: str) -> Node:
    """Return a node that says one of these texts, each as likely as the others."""
    return weighted(dict.fromkeys(texts, 1.0))


def weighted(weights: dict[str, float]) -> Node:
    """Return a node that says one of these texts in proportion to its weight."""
    return Choice(tuple(map(Words, weights)), tuple(weights.values()))


def either(chance: float, node: Node, other: Node) -> Node:
    """Return a node that says `node` with this chance, from 0 to 1, and else `other`.

    Choices inside are joined with the new one, so that a single draw decides them all.
    """
    if chance in (0, 1):
        return node if chance else other
    options, weights = list[Node](), list[float]()
    for share, part in ((chance, node), (1 - chance, other)):
        inner = part if isinstance(part, Choice) else Choice((part,), (1.0,))
        options += inner.options
        weights += [share * weight / sum(inner.weights) for weight in inner.weights]
    return Choice(tuple(options), tuple(weights))


def maybe(chance: float, node: Node) -> Node:
    """Return a node that says `node` with this chance, from 0 to 1, and else nothing."""
    return either(chance, node, NOTHING)


def sample(node: Node, rng: np.random.Generator) -> str:
    """Return a text that the grammar says, drawn through `rng.random()` alone.

    Args:
        node: the grammar.
        rng: a numpy Generator; it is advanced.

    Raises:
        TypeError: `rng` is not a numpy Generator.

    >>> cat = Sequence((Words("a"), one_of("red", "orange"), Words("cat")))
    >>> sample(cat, np.random.default_rng(0))
    'an orange cat'
    """
    require_generator(rng, "sample")
    said: list[str] = []
    node.say(rng, said)
    return with_articles(" ".join(said))


def logprob(node: Node, text: str, operation: str = "logprob") -> float:
    """Return the natural logarithm of the probability that `sample` says this text.

    Exact: it adds up every way in which the grammar can say the text, by a dynamic
    programme over word positions (each node is asked once for each place it can start).
    A text that it never says, also one with the wrong article, gets minus infinity.

    Args:
        node: the grammar.
        text: any text.
        operation: whose name an error bears.

    Raises:
        TypeError: `text` is not a string.

    >>> cat = Sequence((Words("a"), one_of("red", "orange"), Words("cat")))
    >>> math.exp(logprob(cat, "an orange cat"))
    0.5
    >>> logprob(cat, "a orange cat")
    -inf
    """
    if not isinstance(text, str):
        raise TypeError(
            f"{operation}: text must be a string; got {type(text).__name__}; pass one text."
        )
    if with_articles(text) != text:
        return -math.inf
    words = _AN.sub("a", text).split(" ") if text else []
    if not node.vocabulary.issuperset(words):  # by far the commonest case, and quickly seen
        return -math.inf
    probability = node.ends(words, 0).get(len(words), 0.0)
    return math.log(probability) if probability else -math.inf


def with_articles(text: str) -> str:
    """Return the text with every article made "an" before a vowel letter and "a" elsewhere.

    The letter decides, which is right for every word of the drawn world ("an umbrella")
    but not for every word of English ("an hour", "a unicorn").

    >>> with_articles("a owl and an cat")
    'an owl and a cat'
    """
    return _A_BEFORE_VOWEL.sub("an", _AN.sub("a", text))
