"""The parts of a caption, as grammar nodes: things, where they are, how it is drawn.

Leaves out how the parts make a caption (`caption.py`).
"""

from functools import lru_cache
from typing import NamedTuple

from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.facts import ThingFacts
from mmcourse.world.words.grammar import (
    NOTHING,
    Choice,
    Node,
    Sequence,
    Words,
    either,
    maybe,
    one_of,
    weighted,
)
from mmcourse.world.words.nouns import NUMBERS, POSE_NOUNS, PRECISE, SYNONYMS, plural
from mmcourse.world.words.places import OPENINGS, PLACES, STYLE_OPENINGS


class Chances(NamedTuple):
    """How often a caption names each attribute that has a word."""

    colour: float
    pose: float
    size: float
    side: float
    relation: float
    setting: float
    plain_setting: float
    style: float
    written_word: float
    precise_noun: float
    setting_alone: float


USUAL = Chances(
    colour=0.7,
    pose=0.35,
    size=0.4,
    side=0.45,
    relation=0.7,
    setting=0.5,
    plain_setting=0.1,
    style=0.35,
    written_word=0.5,
    precise_noun=0.35,
    setting_alone=0.065,
)
FULL = Chances(*[1.0] * len(Chances._fields))._replace(plain_setting=0, setting_alone=0)

SYNONYM_SHARE = 0.15
FLAT_SHARE = 0.06
"""How often the ordinary style is named; full captions need not name it."""

RELATIONS = {
    "left of": {"to the left of": 0.7, "left of": 0.3},
    "right of": {"to the right of": 0.7, "right of": 0.3},
    "above": {"above": 0.7, "over": 0.3},
    "below": {"below": 0.7, "under": 0.3},
}
OPPOSITES = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
SIDES = {
    "left": ("on the left", "on the left side"),
    "right": ("on the right", "on the right side"),
    "middle": ("in the middle", "in the centre"),
}
SIZES = {"small": ("small", "little"), "big": ("big", "large")}
SHAPES = {("tree", "round"): "round", ("tree", "tall"): "slender"}
ACTIONS = {
    "sitting", "standing", "sleeping", "running", "hopping", "perched", "flying", "walking",
    "waving",
}  # fmt: skip
"""The poses that a caption names as an action; "wading" is true of every crane bird."""


@lru_cache(maxsize=16384)
def thing_phrase(thing: ThingFacts, count: int, size: str, chances: Chances) -> Node:
    """Return a node that says one thing or several alike, with or without its attributes."""
    head = (
        Words(NUMBERS[count]),
        maybe(chances.size, one_of(*SIZES[size])) if size else NOTHING,
    )
    core, tail = _core(thing, count, chances), _inscription(thing, count, chances)
    bare = Sequence((*head, core, tail))
    if thing.pose not in ACTIONS:
        return bare
    action = Words(thing.pose)
    before = Sequence((*head, action, core, tail))
    after = Sequence((*head, core, tail, action))
    return either(chances.pose, Choice((before, after), (0.3, 0.7)), bare)


def _core(thing: ThingFacts, count: int, chances: Chances) -> Node:
    """Return a node for shape, colour and noun; people wear their colour."""
    name = _noun(thing, count, chances)
    if thing.kind == "person":
        worn = Sequence((one_of("in", "wearing"), _colour(thing.colour)))
        return Sequence((name, maybe(chances.colour, worn)))
    shape = SHAPES.get((thing.kind, thing.pose))
    shaped = maybe(chances.pose, Words(shape)) if shape else NOTHING
    return Sequence((shaped, maybe(chances.colour, _colour(thing.colour)), name))


def _noun(thing: ThingFacts, count: int, chances: Chances) -> Node:
    def say(*nouns: str) -> Node:
        return one_of(*(nouns if count == 1 else map(plural, nouns)))

    ordinary = say(noun(thing.kind))
    if thing.kind in PRECISE:
        return either(chances.precise_noun, say(*PRECISE[thing.kind]), ordinary)
    if (thing.kind, thing.pose) in POSE_NOUNS:
        return either(chances.pose, say(POSE_NOUNS[thing.kind, thing.pose]), ordinary)
    if thing.kind in SYNONYMS:
        return either(SYNONYM_SHARE, say(*SYNONYMS[thing.kind]), ordinary)
    return ordinary


def _colour(colour: str) -> Node:
    return weighted({"grey": 0.6, "gray": 0.4}) if colour == "grey" else Words(colour)


def _inscription(thing: ThingFacts, count: int, chances: Chances) -> Node:
    """Return a node for what is written on a sign, or nothing."""
    if not thing.word:
        return NOTHING
    says = "that says" if count == 1 else "that say"
    reads = one_of(f"{says} {thing.word}", f"with the word {thing.word}")
    return maybe(chances.written_word, reads)


@lru_cache(maxsize=16)
def relation_phrase(where: str) -> Node:
    """Return a node that says where one thing is seen from another; names as in `relation`."""
    return weighted(RELATIONS[where])


@lru_cache(maxsize=2)
def joining_phrase(*, beside: bool) -> Node:
    """Return a node that joins two things without saying which is where."""
    return weighted({"and": 0.5, "with": 0.2} | ({"next to": 0.3} if beside else {}))


@lru_cache(maxsize=8)
def side_phrase(side: str, chances: Chances) -> Node:
    """Return a node that says on which side of the picture a thing is, by a name in `SIDES`."""
    return maybe(chances.side, one_of(*SIDES[side])) if side else NOTHING


@lru_cache(maxsize=256)
def setting_phrase(setting: str, level: str, chances: Chances) -> Node:
    """Return a node that says where or when it is, or nothing."""
    chance = chances.plain_setting if setting == "plain" else chances.setting
    return maybe(chance, one_of(*PLACES[setting].phrases(level)))


@lru_cache(maxsize=16)
def opening_phrase(style: str, chances: Chances, *, several: bool) -> Node:
    """Return a node for what comes first: "a photo of", "there is", the style, or nothing."""
    ordinary = weighted({**OPENINGS, "there are" if several else "there is": 0.1})
    chance = FLAT_SHARE if style == "flat" else chances.style
    return either(chance, one_of(*STYLE_OPENINGS[style]), ordinary)


@lru_cache(maxsize=128)
def setting_alone(setting: str, style: str, chances: Chances) -> Node:
    """Return a node for a caption that names the setting and nothing in it."""
    opening = opening_phrase(style, chances, several=False)
    return Sequence((opening, one_of(*PLACES[setting].views)))
