"""Pairs of captions that differ in one respect: one true of a picture, one false.

Such pairs show what a model that matches pictures with texts leaves out, as in ARO
(Yuksekgonul et al., arXiv 2210.01936, section 2) and Winoground (Thrush et al., arXiv
2204.03162). Differs from both: every pair is made from two scenes, one for either caption,
and a fair coin decides which is shown, so that a model that sees no picture scores one half.
"""

import re
from dataclasses import dataclass
from operator import index
from typing import SupportsIndex

import numpy as np

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.randomness import pick, require_generator
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import COLOURS, SPLITS, noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import NUMBERS, coloured
from mmcourse.world.words.phrases import RELATIONS
from mmcourse.world.words.places import PLACES
from mmcourse.world.words.twins import TWINS

MAX_TRIES = 1_000
OPENINGS = ("", "a photo of", "a picture of", "an image of", "a drawing of")
_COLOUR = "|".join([*COLOURS, "gray"])
_COLOUR_WORD = re.compile(rf"(?:(?<![\w-])(an?) )?(?<![\w-])({_COLOUR})(?![\w-])")


@dataclass(frozen=True)
class MinimalPair:
    """A scene with two captions that differ in one respect.

    Args:
        scene: what is shown.
        true: the caption that holds for it.
        false: the caption that does not.
    """

    scene: Scene
    true: str
    false: str


@checked
def swap_attributes(text: str) -> str:
    """Return the text with its two colours exchanged, and nothing else.

    An article before a colour follows it: "an orange cat".

    Args:
        text: a caption in lower case that holds exactly two colour words, which differ.

    Raises:
        ValueError: there are not two different colours.

    >>> swap_attributes("a photo of a red cat and an orange dog")
    'a photo of an orange cat and a red dog'
    """
    colours = [match[2] for match in _COLOUR_WORD.finditer(text)]
    meant = {"grey" if colour == "gray" else colour for colour in colours}
    if len(colours) != 2 or len(meant) != 2:
        raise ValueError(
            "swap_attributes: text must hold two colours that differ, such as 'a red cat and "
            f"a blue dog'; got {', '.join(colours) or 'none'} in {text!r}; name both."
        )
    swapped = iter(reversed(colours))

    def exchange(match: re.Match[str]) -> str:
        return with_articles(f"{match[1] or ''} {next(swapped)}").strip()

    return _COLOUR_WORD.sub(exchange, text)


def minimal_pairs(
    rng: np.random.Generator, n: SupportsIndex, kind: str, *, split: str = "test"
) -> list[MinimalPair]:
    """Return n scenes, each with a true and a false caption that differ in one respect.

    Args:
        rng: a numpy Generator; it is advanced.
        n: how many, from 0.
        kind: "colour" (of one thing), "kind" (of one thing), "count" (two to four),
            "binding" (which of two things has which colour), "left-right" or "above-below"
            (where one of two things is seen from the other).
        split: the scenes' split, as in `sample_scene`.

    Raises:
        ValueError: n is negative, or kind or split is not one of those above.
        TypeError: `rng` is not a numpy Generator or n not an integer.

    >>> pair = minimal_pairs(np.random.default_rng(5), 1, "binding")[0]
    >>> pair.false == swap_attributes(pair.true)
    True
    """
    require_generator(rng, "minimal_pairs")
    _check_name("kind", kind, tuple(TWINS))
    _check_name("split", split, SPLITS)
    return [_minimal_pair(rng, kind, split) for _ in range(_checked_number(n))]


def _check_name(argument: str, name: str, allowed: tuple[str, ...]) -> None:
    if name not in allowed:
        raise ValueError(
            f"minimal_pairs: {argument} must be one of {', '.join(allowed)}; got {name!r}; "
            "pass one of them as a string."
        )


def _checked_number(n: SupportsIndex) -> int:
    """Return how many pairs are asked for, an integer of Python's or numpy's, as an int."""
    try:
        number = index(n)
    except TypeError:
        number = None
    if number is None or isinstance(n, bool):
        raise TypeError(
            f"minimal_pairs: n must be an integer; got {type(n).__name__}; pass how many pairs "
            "to make, such as 10."
        )
    if number < 0:
        raise ValueError(
            f"minimal_pairs: n must be 0 or more; got {number}; pass how many pairs to make."
        )
    return number


def _minimal_pair(rng: np.random.Generator, kind: str, split: str) -> MinimalPair:
    tries = (TWINS[kind](rng, split) for _ in range(MAX_TRIES))
    twins = next(filter(None, tries), None)
    if twins is None:
        raise ValueError(
            f"minimal_pairs: no {kind!r} pair found in the {split!r} split; take another split."
        )
    wording = _draw_wording(rng, twins[0].setting, kind)
    texts = wording.describe(twins[0]), wording.describe(twins[1])
    shown = int(rng.random() < 0.5)
    return MinimalPair(twins[shown], texts[shown], texts[1 - shown])


@dataclass(frozen=True)
class _Wording:
    """All that two captions share, so that they differ only where their scenes do.

    Args:
        opening: what comes first.
        place: what comes last.
        joint: what stands between two things; "" to say how they are related.
        synonym: which of the words for a relation to use, 0 or 1.
        reverse: whether to name the second thing first.
        colours: whether to name colours.
    """

    opening: str
    place: str
    joint: str
    synonym: int
    reverse: bool
    colours: bool

    def describe(self, scene: Scene) -> str:
        """Return a caption that holds for the scene."""
        things = scene.objects[::-1] if self.reverse else scene.objects
        if scene.layout == "pair":
            first, second = things
            joint = self.joint or tuple(RELATIONS[relation(first, second)])[self.synonym]
            body = f"a {self._name(first)} {joint} a {self._name(second)}"
        else:
            count, thing = len(things), things[0]
            body = f"{NUMBERS[count]} {coloured(thing.colour, thing.kind, count)}"
        return with_articles(" ".join(filter(None, (self.opening, body, self.place))))

    def _name(self, thing: Thing) -> str:
        return coloured(thing.colour, thing.kind) if self.colours else noun(thing.kind)


def _draw_wording(rng: np.random.Generator, setting: str, kind: str) -> _Wording:
    return _Wording(
        opening=pick(rng, OPENINGS),
        place=pick(rng, ("", *PLACES[setting].anywhere)),
        joint=pick(rng, ("and", "with")) if kind == "binding" else "",
        synonym=pick(rng, (0, 1)),
        reverse=rng.random() < 0.5,
        colours=kind == "binding" or rng.random() < 0.5,
    )
