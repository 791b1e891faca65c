"""Truth of captions, fact by fact: what is stated that is so, and what is so and not stated.

Two sentences can share nearly all their words and one be false. So a caption is taken apart
into the facts that it states, and each is held against the scene. It can only be done where
every fact is known; on photos CHAIR (arXiv 1809.02156) asks the same of objects alone. Leaves
out the style, and how well a sentence is put.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple, final

from mmcourse.boundary.signature import checked
from mmcourse.metrics.caption_reading import CaptionClaims, read_claims
from mmcourse.world import Scene
from mmcourse.world.words.facts import Facts, ThingFacts, facts
from mmcourse.world.words.nouns import POSE_NOUNS
from mmcourse.world.words.phrases import ACTIONS, OPPOSITES, SHAPES

TYPES = ("kind", "colour", "count", "pose", "word", "size", "side", "relation", "setting")
"""The types of facts, in the order in which they are reported."""


@final
@dataclass(frozen=True)
class CaptionTruth:
    """How many facts were stated and true, by type; truths of several captions add up.

    Args:
        true: stated facts that are true.
        stated: all stated facts.
        told: facts of the scene that are stated.
        facts: all facts of the scene that have a word.
    """

    true: Mapping[str, int] = field(default_factory=dict)
    stated: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)

    def share_true(self, *types: str) -> float:
        """Return which share of the stated facts is true, of some types or all; 1 of none.

        Raises:
            ValueError: a type is none of `TYPES`.
        """
        return _share(self.true, self.stated, types)

    def share_told(self, *types: str) -> float:
        """Return which share of the scene's facts is stated, of some types or all; 1 of none.

        Raises:
            ValueError: a type is none of `TYPES`.
        """
        return _share(self.told, self.facts, types)

    def __add__(self, other: "CaptionTruth") -> "CaptionTruth":
        return CaptionTruth(
            *(
                Counter(ours) + Counter(theirs)
                for ours, theirs in (
                    (self.true, other.true),
                    (self.stated, other.stated),
                    (self.told, other.told),
                    (self.facts, other.facts),
                )
            )
        )


@checked
def caption_truth(scene: Scene, text: str) -> CaptionTruth:
    """Return which facts a caption states, which of them are true, and which it leaves out.

    The things that it names are matched with those of the scene so that most is true. What is
    said of one thing too many is false. "A bird" is true of a crane that is a bird, "a cat" of
    each of four cats; that there is one, though, is not.

    Args:
        scene: what the picture shows.
        text: in words of the drawn world, in any order; those of `world.caption` and
            `captioning` all are.

    Raises:
        ValueError: a word is none of the drawn world's, or the scene has no caption.

    The cat is red, and nothing is said of its side:

    >>> from mmcourse.world import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.3, position=(0.2, 0.7), pose="sitting")
    >>> scene = Scene(setting="night", objects=(cat,))
    >>> truth = caption_truth(scene, "a blue cat at night")
    >>> truth.share_true(), truth.share_true("colour"), truth.share_told("side", "kind")
    (0.75, 0.0, 0.5)
    """
    known = facts(scene, "caption_truth")
    said = read_claims(text, "caption_truth")
    truths, wanted = _truths(scene, known), _wanted(known)
    most = max(len(said.things), len(known.things))
    stated = max(
        (
            _stated(said, known, places)
            for places in permutations(range(most), len(said.things))
        ),
        key=lambda claims: sum(fact in truths for fact in claims),
    )
    told = wanted & set(stated)
    return CaptionTruth(
        *(
            Counter(fact.type for fact in found)
            for found in ([each for each in stated if each in truths], stated, told, wanted)
        )
    )


class Fact(NamedTuple):
    """One fact of a scene, or a claim in the scene's terms.

    Args:
        type: a name in `TYPES`.
        value: such as "red", or 2.
        owner: which of the scene's things has it; of two, both; nobody's is -1.
    """

    type: str
    value: object
    owner: tuple[int, ...] = (-1,)


def _wanted(known: Facts) -> set[Fact]:
    """Return every fact that has a word, and that a full caption states."""
    found = {Fact("setting", known.setting)}
    for number, thing in enumerate(known.things):
        owner = (number,)
        found |= {Fact("kind", thing.kind, owner), Fact("colour", thing.colour, owner)}
        found |= {Fact("count", known.number, owner)}
        found |= {Fact("pose", thing.pose, owner)} if _has_word(thing) else set()
        found |= {Fact("word", thing.word, owner)} if thing.word else set()
    found |= {Fact("size", known.size, (0,))} if known.size else set()
    found |= {Fact("side", known.side, (0,))} if known.side else set()
    return found | ({Fact("relation", known.relation, (0, 1))} if known.relation else set())


def _truths(scene: Scene, known: Facts) -> set[Fact]:
    """Return what may be stated: of several things, also sizes and sides that all share."""
    found = _wanted(known)
    for number, thing in enumerate(known.things):
        alike = [
            each
            for each in scene.objects
            if (each.kind, each.colour) == (thing.kind, thing.colour)
        ]
        for name, values in (
            ("size", {each.size_word for each in alike}),
            ("side", {scene.side(each) for each in alike}),
        ):
            found |= {Fact(name, value, (number,)) for value in values if len(values) == 1}
    return found


def _stated(said: CaptionClaims, known: Facts, places: Sequence[int]) -> list[Fact]:
    """Return what a caption states in the scene's terms.

    Args:
        said: what was read.
        known: the scene.
        places: which of the scene's things each thing of the caption is; past the last, none.
    """
    found = [Fact("setting", said.setting)] if said.setting else []
    for place, thing in zip(places, said.things, strict=True):
        if thing.kinds:
            kind = known.things[place].kind if place < len(known.things) else ""
            found.append(Fact("kind", kind if kind in thing.kinds else thing.kinds, (place,)))
        found += [Fact(name, value, (place,)) for name, value in thing.claims]
    if said.relation:
        where, pair = said.relation, tuple(places[:2])
        turned = pair[::-1] == (0, 1)
        found.append(
            Fact("relation", OPPOSITES[where] if turned else where, (0, 1) if turned else pair)
        )
    return found


def _has_word(thing: ThingFacts) -> bool:
    named = (thing.kind, thing.pose)
    return thing.pose in ACTIONS or named in SHAPES or named in POSE_NOUNS


def _share(part: Mapping[str, int], whole: Mapping[str, int], types: Sequence[str]) -> float:
    unknown = [name for name in types if name not in TYPES]
    if unknown:
        raise ValueError(
            f"CaptionTruth: types must be among {', '.join(TYPES)}; got {unknown[0]!r:.40}."
        )
    chosen = types or TYPES
    n = sum(whole.get(name, 0) for name in chosen)
    return sum(part.get(name, 0) for name in chosen) / n if n else 1.0
