"""What a caption of the drawn world claims, word by word: phrases, each with what it states.

Reads every caption that `world.caption` says, and broken ones too, whose words stand in no
order. Leaves out whether any of it is true (`caption_truth`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from mmcourse.world import COLOURS, KINDS, SCENES, SIGN_WORDS
from mmcourse.world.scenes.vocabulary import called, noun
from mmcourse.world.words.nouns import NUMBERS, POSE_NOUNS, PRECISE, SYNONYMS, plural
from mmcourse.world.words.phrases import ACTIONS, RELATIONS, SHAPES, SIDES, SIZES
from mmcourse.world.words.places import OPENINGS, PLACES, STYLE_OPENINGS

Meaning: TypeAlias = tuple[str, object]
"""What a phrase states: a type of fact and its value. "" states nothing, "next" a new thing."""


@dataclass
class ThingClaims:
    """What a caption says of one thing, or of several alike.

    Args:
        kinds: what it may be; empty where no noun was read.
        claims: (type, value) of all else.
    """

    kinds: frozenset[str] = frozenset()
    claims: list[Meaning] = field(default_factory=list)


@dataclass
class CaptionClaims:
    """What a caption says.

    Args:
        things: in the order of the caption.
        relation: where the first thing is seen from the second; "" where none is stated.
        setting: a name in `SCENES`; "" where none is stated.
    """

    things: list[ThingClaims] = field(default_factory=list)
    relation: str = ""
    setting: str = ""


def read_claims(text: str, operation: str) -> CaptionClaims:
    """Return what a caption says.

    Raises:
        ValueError: a word is none of the drawn world's.

    >>> said = read_claims("two red cats at night", "read_claims")
    >>> said.things[0].claims, said.setting
    ([('count', 2), ('colour', 'red')], 'night')
    """
    said, thing = CaptionClaims(), ThingClaims()
    for kind, value in _meanings(text, operation):
        if kind == "relation":
            said.relation = said.relation or str(value)
        if kind in ("relation", "next"):
            said.things.append(thing)
            thing = ThingClaims()
        elif kind == "setting":
            said.setting = said.setting or str(value)
        elif kind == "noun":
            assert isinstance(value, tuple)
            kinds, pose = value
            thing.kinds = thing.kinds or kinds
            thing.claims += [("pose", pose)] if pose else []
        elif kind:
            thing.claims.append((kind, value))
    said.things.append(thing)
    said.things = [each for each in said.things if each.kinds or _says(each)]
    return said


@lru_cache(maxsize=1)
def world_words() -> frozenset[str]:
    """Return every word that captions of the drawn world are said with.

    >>> len(world_words()), "cat" in world_words(), "dinosaur" in world_words()
    (197, True, False)
    """
    return frozenset(word for phrase in _phrases() for word in phrase)


def _says(thing: ThingClaims) -> bool:
    """Return whether more than an article was read."""
    return any(kind != "count" or value != 1 for kind, value in thing.claims)


def _meanings(text: str, operation: str) -> Iterator[Meaning]:
    """Yield what each phrase states, the longest that fits first."""
    words, phrases, place = text.lower().replace(",", " ").rstrip(".").split(), _phrases(), 0
    longest = max(map(len, phrases))
    while place < len(words):
        for length in range(longest, 0, -1):
            found = phrases.get(tuple(words[place : place + length]))
            if found is not None:
                yield found
                place += length
                break
        else:  # no phrase begins here: a piece of one states nothing
            if words[place] not in world_words():
                raise ValueError(
                    f"{operation}: text must be in the words that the drawn world is described "
                    f"with; got {words[place]!r:.40} in {text!r:.120}."
                )
            place += 1


@lru_cache(maxsize=1)
def _phrases() -> Mapping[tuple[str, ...], Meaning]:
    """Return every phrase, as words, with what it states."""
    table: dict[str, Meaning] = dict.fromkeys(
        ("in", "wearing", "there is", "there are"), ("", 0)
    )
    openings = [*OPENINGS, *(text for texts in STYLE_OPENINGS.values() for text in texts)]
    table |= {text: ("", 0) for text in openings if text}
    table |= dict.fromkeys(("and", "with", "next to"), ("next", 0))
    table |= {text: ("relation", where) for where in RELATIONS for text in RELATIONS[where]}
    table |= {text: ("count", count) for count, text in NUMBERS.items()} | {"an": ("count", 1)}
    table |= {text: ("size", size) for size, texts in SIZES.items() for text in texts}
    table |= {text: ("side", side) for side, texts in SIDES.items() for text in texts}
    table |= {text: ("pose", text) for text in ACTIONS}
    table |= {text: ("pose", pose) for (_, pose), text in SHAPES.items()}
    table |= {text: ("colour", text) for text in COLOURS} | {"gray": ("colour", "grey")}
    for says in ("that says", "that say", "with the word"):
        table |= {f"{says} {word}": ("word", word) for word in SIGN_WORDS}
    for setting in SCENES:
        place = PLACES[setting]
        texts = (*place.anywhere, *place.ground, *place.air, *place.views)
        table |= dict.fromkeys(texts, ("setting", setting))
    table |= dict(_nouns())
    return {tuple(text.split()): meaning for text, meaning in table.items()}


def _nouns() -> Iterator[tuple[str, Meaning]]:
    """Yield every noun, once and several times, with the kinds that it is true of."""
    names = {
        name: frozenset(k for k in KINDS if name in called(k)) for name in map(noun, KINDS)
    }
    for table in (SYNONYMS, PRECISE):
        names |= {name: frozenset({kind}) for kind in table for name in table[kind]}
    for name, kinds in names.items():
        for text in (name, plural(name)):
            yield text, ("noun", (kinds, ""))
    for (kind, pose), name in POSE_NOUNS.items():
        for text in (name, plural(name)):
            yield text, ("noun", (frozenset({kind}), pose))
