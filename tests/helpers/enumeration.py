"""Every text that a grammar says, found by walking its tree: the slow, obvious way."""

from collections import Counter
from collections.abc import Iterator

from mmcourse.world.words.grammar import Choice, Node, Sequence, Words


def every_way(node: Node) -> Iterator[tuple[list[str], float]]:
    """Yield each way in which a tree can speak, with its probability."""
    if isinstance(node, Words):
        yield node.text.split(), 1.0
    elif isinstance(node, Choice):
        for option, weight in zip(node.options, node.weights, strict=True):
            for words, probability in every_way(option):
                yield words, probability * weight / sum(node.weights)
    elif not node.parts:
        yield [], 1.0
    else:
        for first, before in every_way(node.parts[0]):
            for rest, after in every_way(Sequence(node.parts[1:])):
                yield first + rest, before * after


def every_text(node: Node) -> dict[str, float]:
    """Return each text that a tree says, with its probability; articles put right by hand."""
    found: Counter[str] = Counter()
    for words, probability in every_way(node):
        for here, word in enumerate(words):
            if word in ("a", "an"):
                words[here] = "an" if words[here + 1][0] in "aeiou" else "a"
        found[" ".join(words)] += probability
    return dict(found)
