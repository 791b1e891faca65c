"""The nouns of the drawn world: what each kind is called, once and several times.

Leaves out colours, places and how words are put together (`caption.py`).
"""

from collections.abc import Mapping
from types import MappingProxyType

NUMBERS: Mapping[int, str] = MappingProxyType({1: "a", 2: "two", 3: "three", 4: "four"})

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cat": ("kitten",),
        "dog": ("puppy",),
        "rabbit": ("bunny",),
        "car": ("automobile",),
        "boat": ("sailboat", "sailing boat"),
        "plane": ("airplane", "aeroplane"),
        "rocket": ("spaceship",),
        "mushroom": ("toadstool",),
        "house": ("cottage",),
        "umbrella": ("parasol",),
    }
)
"""Other nouns that are true of every object of a kind."""

PRECISE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crane_bird": ("crane bird", "wading crane", "long-legged crane"),
        "crane_machine": ("construction crane", "building crane", "tower crane"),
    }
)
"""Nouns that tell apart two kinds that share their ordinary one."""

POSE_NOUNS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("flower", "daisy"): "daisy",
        ("flower", "tulip"): "tulip",
        ("flower", "blossom"): "blossom",
        ("tree", "pine"): "pine tree",
    }
)
"""Nouns for kinds whose pose is a sort of its own."""

_PLURALS = {"fish": "fish", "person": "people"}


def noun(kind: str) -> str:
    """Return the ordinary noun for a kind; both cranes are a "crane".

    >>> noun("crane_machine")
    'crane'
    """
    return kind.partition("_")[0]


def called(kind: str) -> frozenset[str]:
    """Return the ordinary nouns that are true of a kind.

    A crane that is a bird is also a "bird", so to ask for a bird there would be unfair.

    >>> sorted(called("crane_bird"))
    ['bird', 'crane']
    """
    return frozenset({noun(kind), "bird"} if kind == "crane_bird" else {noun(kind)})


def confusable(kind: str, other: str) -> bool:
    """Return whether the ordinary noun of one kind is also true of the other.

    >>> confusable("bird", "crane_bird"), confusable("bird", "crane_machine")
    (True, False)
    """
    return noun(kind) in called(other) or noun(other) in called(kind)


def plural(word: str) -> str:
    """Return the plural of a noun of this world; of several words, the last one changes.

    >>> [plural(word) for word in ("bus", "fish", "puppy", "crane bird")]
    ['buses', 'fish', 'puppies', 'crane birds']
    """
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("s"):
        return f"{word}es"
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}s"


def coloured(colour: str, kind: str, count: int = 1) -> str:
    """Return a kind's noun with its colour, without an article; people wear theirs.

    >>> coloured("red", "cat"), coloured("red", "person", 2)
    ('red cat', 'people in red')
    """
    word = noun(kind) if count == 1 else plural(noun(kind))
    return f"{word} in {colour}" if kind == "person" else f"{colour} {word}"
