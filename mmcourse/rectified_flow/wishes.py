"""Prompts with what they ask for, so that a judge can say whether they were met.

Single things are asked for in every kind as often, in colours and settings drawn at random;
pairs stand side by side. A sign bears no word, and poses are left to the painter.
"""

from typing import NamedTuple

import numpy as np

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.judge import NONE, Verdict
from mmcourse.world.scenes.randomness import pick, require_generator
from mmcourse.world.scenes.vocabulary import COLOURS, HELD_OUT, KINDS, SCENES, noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import coloured
from mmcourse.world.words.places import PLACES


class Wish(NamedTuple):
    """A prompt, and the verdict on a picture that meets it.

    Args:
        text: the prompt.
        wanted: what a judge should see.
    """

    text: str
    wanted: Verdict


@checked
def single_wishes(
    rng: np.random.Generator, per_kind: int, *, held_out: bool = False
) -> list[Wish]:
    """Return prompts that ask for one thing: "a photo of a red cat at sunset".

    Args:
        rng: a numpy Generator; it is advanced.
        per_kind: how many of each of the 21 kinds.
        held_out: whether in colours that the kind has in no picture of the training split, or
            in the others.

    >>> [wish] = single_wishes(np.random.default_rng(0), 1)[:1]
    >>> wish.text, wish.wanted.kind, wish.wanted.colour
    ('a photo of a brown cat in a forest', 'cat', 'brown')
    """
    require_generator(rng, "single_wishes")
    per_kind = whole("single_wishes", "per_kind", per_kind, least=1, most=1000)
    found = []
    for kind in KINDS:
        for _ in range(per_kind):
            colour = _colour(rng, kind, held_out=held_out)
            setting = pick(rng, [each for each in SCENES if each not in KINDS[kind].avoids])
            said = f"a photo of a {coloured(colour, kind)} {PLACES[setting].anywhere[0]}"
            nothing = next(iter(COLOURS))
            wanted = Verdict(noun(kind), colour, NONE, nothing, setting)
            found.append(Wish(with_articles(said), wanted))
    return found


@checked
def pair_wishes(rng: np.random.Generator, n: int) -> list[Wish]:
    """Return prompts that ask for two things of different colours, side by side.

    Args:
        rng: a numpy Generator; it is advanced.
        n: how many.

    >>> pair_wishes(np.random.default_rng(0), 1)[0].text
    'a photo of a red butterfly to the left of a white cat at night'
    """
    require_generator(rng, "pair_wishes")
    n = whole("pair_wishes", "n", n, least=1, most=100_000)
    found: list[Wish] = []
    while len(found) < n:
        setting = pick(rng, list(SCENES))
        at_home = [kind for kind in KINDS if setting not in KINDS[kind].avoids]
        left, right = pick(rng, at_home), pick(rng, at_home)
        first, second = (_colour(rng, kind, held_out=False) for kind in (left, right))
        if noun(left) == noun(right) or first == second:
            continue
        said = (
            f"a photo of a {coloured(first, left)} to the left of a "
            f"{coloured(second, right)} {PLACES[setting].anywhere[0]}"
        )
        wanted = Verdict(noun(left), first, noun(right), second, setting)
        found.append(Wish(with_articles(said), wanted))
    return found


def _colour(rng: np.random.Generator, kind: str, *, held_out: bool) -> str:
    return pick(rng, [each for each in COLOURS if ((kind, each) in HELD_OUT) == held_out])
