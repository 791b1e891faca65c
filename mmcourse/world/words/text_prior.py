"""How likely a text is before any picture is seen: p(text), over a world of scenes.

    p(text) = mean over scenes of p(text | scene)

A prior is built from scenes and adds up what each of their grammars gives a text. Exact for a
world that holds just these scenes; for a sample of a larger world, an estimate. Leaves out
what a picture adds (`posterior.py`).
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Items
from math import inf, log
from typing import TypeAlias, final

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.scene import Scene
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import Facts, ThingFacts, facts
from mmcourse.world.words.grammar import Choice, Node, Sequence, Words, weighted, with_articles
from mmcourse.world.words.phrases import FULL, USUAL, Chances, thing_phrase

Memo: TypeAlias = dict[tuple[int, int], dict[int, float]]
"""For a node's identity and a place to start: how likely it says up to each place to end."""

STAND_INS = ("red", "orange")
"""The colours that two things bear while theirs are open: any two would do."""


@final
class TextPrior:
    """The probability of every text over a world of scenes.

    Args:
        scenes: the world, or a sample of it; a scene counts as often as it occurs.
        full: weigh what `caption(..., full=True)` says.
        recolour: also count every scene in all other colours, each thing's colour drawn as
            often as these scenes give it to its kind, whatever the rest of the scene. True of
            `sample_scene` in every split but "held-out", and then a sample of this size
            estimates p(text) far better. A pair of one kind keeps its colours.

    Raises:
        ValueError: there is no scene, or one that has no caption.

    Half of the scenes are in the snow:

    >>> from math import exp
    >>> from mmcourse.world.scenes.scene import Thing
    >>> bus = Thing(kind="bus", colour="red", size=0.3, position=(0.4, 0.7))
    >>> world = [Scene(setting=setting, objects=(bus,)) for setting in ("plain", "snow")]
    >>> said = TextPrior(world).logprob("a photo of a winter day")
    >>> f"{exp(said):.6f}"  # 0.065 views, 0.94 * 0.24 photo, 2 views of snow, 2 scenes
    '0.003666'
    """

    @checked
    def __init__(
        self, scenes: Iterable[Scene], *, full: bool = False, recolour: bool = False
    ) -> None:
        self.chances = FULL if full else USUAL
        known = Counter(facts(scene, "TextPrior") for scene in scenes)
        if not known:
            raise ValueError("TextPrior: there must be at least one scene; got none.")
        self._total = known.total()
        self._said = dict[str, float]()
        if recolour:
            self._grammars = _Palette(known, self.chances).grammars()
        else:
            self._grammars = [(caption_grammar(x, self.chances), n) for x, n in known.items()]

    def logprob(self, text: str) -> float:
        """Return the natural logarithm of p(text); minus infinity for what no scene says.

        Raises:
            TypeError: `text` is not a string.
        """
        words = words_of(text, "TextPrior.logprob")
        if words is None:
            return -inf
        if text not in self._said:
            memo: Memo = {}
            weights = (count * weigh(node, words, memo) for node, count in self._grammars)
            self._said[text] = safe_log(sum(weights) / self._total)
        return self._said[text]


def words_of(text: str, operation: str) -> list[str] | None:
    """Return a text's words, articles spelt "a"; None for one with a wrong article.

    Raises:
        TypeError: `text` is not a string.

    >>> words_of("an owl", "caption"), words_of("a owl", "caption")
    (['a', 'owl'], None)
    """
    if not isinstance(text, str):
        raise TypeError(
            f"{operation}: a text must be a string; got {type(text).__name__}; pass one text."
        )
    if with_articles(text) != text:
        return None
    return ["a" if word == "an" else word for word in text.split(" ")] if text else []


def weigh(node: Node, words: Items[str], memo: Memo) -> float:
    """Return the probability that a grammar says these words.

    Equal to `logprob` of `grammar.py`, but what grammars have in common is weighed once: they
    share the nodes for a thing, a place or an opening.

    Args:
        node: the grammar. It must live as long as `memo`, which knows nodes by identity.
        words: from `words_of`.
        memo: what is known already about these same words; it grows.
    """
    if not node.vocabulary.issuperset(words):
        return 0.0
    return _ends(node, words, 0, memo).get(len(words), 0.0)


def safe_log(probability: float) -> float:
    """Return the natural logarithm, minus infinity at 0.

    >>> safe_log(1), safe_log(0)
    (0.0, -inf)
    """
    return log(probability) if probability else -inf


def _ends(node: Node, words: Items[str], start: int, memo: Memo) -> dict[int, float]:
    if isinstance(node, Words):
        return node.ends(words, start)
    found = memo.get((id(node), start))
    if found is not None:
        return found
    if isinstance(node, Choice):
        total, found = sum(node.weights), {}
        for option, weight in zip(node.options, node.weights, strict=True):
            for end, chance in _ends(option, words, start, memo).items():
                found[end] = found.get(end, 0.0) + weight / total * chance
    else:
        found = {start: 1.0}
        for part in node.parts:
            further = dict[int, float]()
            for middle, before in found.items():
                for end, chance in _ends(part, words, middle, memo).items():
                    further[end] = further.get(end, 0.0) + before * chance
            found = further
            if not found:
                break
    memo[id(node), start] = found
    return found


@final
class _Palette:
    """Grammars that say each colour as often as a thing's kind has it."""

    def __init__(self, known: Counter[Facts], chances: Chances) -> None:
        self.known, self.chances = known, chances
        colours: dict[str, Counter[str]] = {}
        for key, count in known.items():
            for thing in key.things:
                colours.setdefault(thing.kind, Counter())[thing.colour] += count
        self.words = {kind: _colour_words(counts) for kind, counts in colours.items()}
        self.done = dict[int, tuple[Node, Node]]()  # holds each old node, or its id is reused

    def grammars(self) -> list[tuple[Node, int]]:
        """Return grammars for all colours, each with how many scenes it stands for."""
        blind = Counter[Facts]()
        for key, count in self.known.items():
            blind[_without_colours(key)] += count
        return [(self._grammar(key), count) for key, count in blind.items()]

    def _grammar(self, key: Facts) -> Node:
        node = caption_grammar(key, self.chances)
        if len({thing.kind for thing in key.things}) < len(key.things):
            return node
        words = {
            stand_in: self.words[thing.kind]
            for stand_in, thing in zip(STAND_INS, key.things, strict=False)
        }
        return self._replace(node, words)

    def _replace(self, node: Node, words: dict[str, Node]) -> Node:
        """Return the tree with each stand-in replaced by the words for all colours."""
        if node.vocabulary.isdisjoint(words):
            return node
        if isinstance(node, Words):
            return words[node.text]
        if id(node) not in self.done:
            if isinstance(node, Choice):
                options = tuple(self._replace(option, words) for option in node.options)
                new: Node = Choice(options, node.weights)
            else:
                new = Sequence(tuple(self._replace(part, words) for part in node.parts))
            self.done[id(node)] = node, new
        return self.done[id(node)][1]


def _without_colours(key: Facts) -> Facts:
    if len({thing.kind for thing in key.things}) < len(key.things):
        return key
    pairs = zip(key.things, STAND_INS, strict=False)
    return key._replace(things=tuple(thing._replace(colour=colour) for thing, colour in pairs))


def _colour_words(counts: Counter[str]) -> Node:
    """Return a node that says a colour as often as it occurs; grey is spelt two ways."""
    words = dict[str, float]()
    for colour, count in counts.items():
        phrase = thing_phrase(ThingFacts("balloon", colour, "", ""), 1, "", FULL)
        for word in sorted(phrase.vocabulary - {"a", "balloon"}):
            chance = phrase.ends(["a", word, "balloon"], 0)[3]
            words[word] = words.get(word, 0.0) + count * chance
    return weighted(words)
