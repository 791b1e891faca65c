"""Pairs of captions that differ in one respect: one true of a picture, one false.

Such pairs show what a model that matches pictures with texts leaves out, as in ARO
(Yuksekgonul et al., arXiv 2210.01936, section 2) and Winoground (Thrush et al., arXiv
2204.03162). Differs from both: every pair is made from two scenes, one for either caption,
and a fair coin decides which is shown, so that a model that sees no picture scores one half.
Leaves out the scenes (`twins.py`) and the words (`pair_wording.py`).
"""

import re
from dataclasses import dataclass
from operator import index
from typing import SupportsIndex

import numpy as np

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.randomness import require_generator
from mmcourse.world.scenes.scene import Scene
from mmcourse.world.scenes.vocabulary import COLOURS, SPLITS
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.pair_wording import draw_wording
from mmcourse.world.words.twins import TWINS

MAX_TRIES = 1_000
_COLOUR = "|".join([*COLOURS, "gray"])
_COLOUR_WORD = re.compile(rf"(?:(?<![\w-])(an?) )?(?<![\w-])({_COLOUR})(?![\w-])")


@dataclass(frozen=True)
class MinimalPair:
    """A scene and its twin, one fact apart, with the caption of either.

    Asked once of the scene and once of its twin, each caption is true as often as false: who
    sees no picture is right half of the time exactly, whatever the words suggest.

    Args:
        scene: what is shown.
        true: the caption that holds for it, and not for its twin.
        false: the caption that holds for its twin, and not for it.
        twin: the scene with one fact changed, all else as it was. It is held out, or hard,
            where the scene is; an ordinary one may be of another ordinary split.
    """

    scene: Scene
    true: str
    false: str
    twin: Scene


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
    colours = _colours(text)
    if not swappable(text):
        raise ValueError(
            "swap_attributes: text must hold two colours that differ, such as 'a red cat and "
            f"a blue dog'; got {', '.join(colours) or 'none'} in {text!r}; name both."
        )
    swapped = iter(reversed(colours))

    def exchange(match: re.Match[str]) -> str:
        return with_articles(f"{match[1] or ''} {next(swapped)}").strip()

    return _COLOUR_WORD.sub(exchange, text)


def swappable(text: str) -> bool:
    """Return whether a text holds exactly two colour words, which differ.

    >>> swappable("a red cat and an orange dog"), swappable("a red cat")
    (True, False)
    """
    colours = _colours(text)
    meant = {"grey" if colour == "gray" else colour for colour in colours}
    return len(colours) == 2 == len(meant)


def minimal_pairs(
    rng: np.random.Generator, n: SupportsIndex, kind: str, *, split: str = "test"
) -> list[MinimalPair]:
    """Return n scenes, each with a true and a false caption that differ in one respect.

    Args:
        rng: a numpy Generator; it is advanced.
        n: how many, from 0.
        kind: "colour" (of one thing), "kind" (of one thing), "count" (two to four, one more
            or one less), "binding" (which of two things has which colour), "left-right" or
            "above-below" (where one of two things is seen from the other), "negation" ("a cat
            and no dog": both captions have the same words, and which is there and which is
            not is the fact) or "written word" (on a sign).
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


def _colours(text: str) -> list[str]:
    return [match[2] for match in _COLOUR_WORD.finditer(text)]


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
    wording = draw_wording(rng, kind, twins)
    scene, twin = twins[int(rng.random() < 0.5)]
    return MinimalPair(scene, wording.describe(scene), wording.describe(twin), twin)
