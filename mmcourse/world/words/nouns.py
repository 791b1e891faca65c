"""The nouns of the drawn world: what each kind is called, once and several times.

Leaves out colours, places and how words are put together (`caption.py`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from mmcourse.world.scenes.vocabulary import noun

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
