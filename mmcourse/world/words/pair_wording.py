"""How the two captions of a minimal pair are worded: alike, but where their scenes differ.

Leaves out the scenes (`twins.py`) and which caption is the true one (`minimal_pairs.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mmcourse.world.scenes.randomness import pick
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import NUMBERS, coloured
from mmcourse.world.words.phrases import RELATIONS
from mmcourse.world.words.places import PLACES
from mmcourse.world.words.twins import Twins

OPENINGS = ("", "a photo of", "a picture of", "an image of", "a drawing of")
JOINTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "binding": ("and", "with"),
        "negation": ("and no", "but no", "without a"),
        "written word": ("that says", "with the word"),
    }
)
"""What stands before the second thing, the thing that is not there, or the word on a sign."""


@dataclass(frozen=True)
class Wording:
    """All that two captions share, so that they differ only where their scenes do.

    Args:
        opening: what comes first.
        place: what comes last.
        joint: what stands between a thing and what is said after it; "" between two things
            says how they are related.
        synonym: which of the words for a relation to use, 0 or 1.
        reverse: whether to name the second thing first.
        colours: whether to name colours.
        absent: two kinds, of which a caption says that one is there and the other is not.
    """

    opening: str
    place: str
    joint: str
    synonym: int
    reverse: bool
    colours: bool
    absent: frozenset[str] = frozenset()

    def describe(self, scene: Scene) -> str:
        """Return a caption that holds for the scene."""
        things = scene.objects[::-1] if self.reverse else scene.objects
        if scene.layout == "pair":
            body = self._pair(*things)
        elif self.joint:
            body = f"a {self._name(things[0])} {self.joint} {self._after(things[0])}"
        else:
            count, thing = len(things), things[0]
            body = f"{NUMBERS[count]} {coloured(thing.colour, thing.kind, count)}"
        return with_articles(" ".join(filter(None, (self.opening, body, self.place))))

    def _pair(self, first: Thing, second: Thing) -> str:
        joint = self.joint or tuple(RELATIONS[relation(first, second)])[self.synonym]
        return f"a {self._name(first)} {joint} a {self._name(second)}"

    def _name(self, thing: Thing) -> str:
        return coloured(thing.colour, thing.kind) if self.colours else noun(thing.kind)

    def _after(self, thing: Thing) -> str:
        """Return the kind that is not there, or the word that is written on the thing."""
        others = self.absent - {thing.kind}
        return noun(min(others)) if others else thing.word


def draw_wording(rng: np.random.Generator, kind: str, twins: Twins) -> Wording:
    """Return a random wording for the captions of two scenes.

    Args:
        rng: a numpy Generator; it is advanced.
        kind: a name in `TWINS`.
        twins: the scenes.
    """
    scene, twin = twins[0]
    kinds = {scene.objects[0].kind, twin.objects[0].kind}
    return Wording(
        opening=pick(rng, OPENINGS),
        place=pick(rng, ("", *PLACES[scene.setting].anywhere)),
        joint=pick(rng, JOINTS[kind]) if kind in JOINTS else "",
        synonym=pick(rng, (0, 1)),
        reverse=rng.random() < 0.5,
        colours=kind == "binding" or (kind != "negation" and rng.random() < 0.5),
        absent=frozenset(kinds if kind == "negation" else ()),
    )
