"""Describe a scene in words: varied captions, every one of them true.

`caption` says one and `caption_logprob` weighs any text. Both use the grammar that
`caption_grammar` builds from the scene's facts, so they cannot drift apart.
Leaves out the words themselves (`nouns.py`, `places.py`, `phrases.py`).
"""

from functools import lru_cache
from typing import TypeAlias

import numpy as np

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.randomness import require_generator
from mmcourse.world.scenes.scene import Scene
from mmcourse.world.words.facts import Facts, facts
from mmcourse.world.words.grammar import Choice, Node, Sequence, logprob, sample
from mmcourse.world.words.phrases import (
    FULL,
    OPPOSITES,
    USUAL,
    Chances,
    joining_phrase,
    opening_phrase,
    relation_phrase,
    setting_alone,
    setting_phrase,
    side_phrase,
    thing_phrase,
)

Body: TypeAlias = tuple[tuple[Node, ...], float]
"""What stands between a caption's opening and its place, and how often."""


@checked
def caption(scene: Scene, rng: np.random.Generator, *, full: bool = False) -> str:
    """Return one of the scene's captions, in lower case; everything in it is true.

    Args:
        scene: one thing, two that differ, or two to four alike.
        rng: a numpy Generator; it is advanced.
        full: name every attribute that has a word: kind, colour, count, pose, size, side or
            relation, the setting unless plain, the style unless flat, the word on a sign.
            Without it, attributes are named with the chances in `phrases.USUAL`.

    Raises:
        ValueError: the scene holds nothing, more than four, or three that differ.

    >>> from mmcourse.world.scenes.scene import Thing
    >>> fish = Thing(kind="fish", colour="orange", size=0.3, position=(0.2, 0.5))
    >>> scene = Scene(setting="plain", objects=(fish,))
    >>> caption(scene, np.random.default_rng(1), full=True)
    'there is an orange fish on the left side'
    """
    require_generator(rng, "caption")
    return sample(caption_grammar(facts(scene, "caption"), _chances(full)), rng)


@checked
def caption_logprob(scene: Scene, text: str, *, full: bool = False) -> float:
    """Return the natural logarithm of the probability that `caption` says this text.

    Exact; minus infinity for a text that it never says of this scene.

    Args:
        scene: as for `caption`.
        text: any text; captions are in lower case.
        full: weigh the captions that `caption(..., full=True)` says.

    Raises:
        ValueError: as `caption`.

    >>> from mmcourse.world.scenes.scene import Thing
    >>> fish = Thing(kind="fish", colour="orange", size=0.3, position=(0.2, 0.5))
    >>> scene = Scene(setting="plain", objects=(fish,))
    >>> logprob = caption_logprob(scene, "a photo of an orange fish")
    >>> f"{np.exp(logprob):.4f}"  # 0.94 * 0.24 photo, 0.7 colour, 1 - 0.45 side, 1 - 0.1 place
    '0.0782'
    >>> caption_logprob(scene, "a photo of a blue fish")
    -inf
    """
    grammar = caption_grammar(facts(scene, "caption_logprob"), _chances(full))
    return logprob(grammar, text, "caption_logprob")


@lru_cache(maxsize=4096)
def caption_grammar(known: Facts, chances: Chances = USUAL) -> Node:
    """Return the grammar of all captions of the scenes with these facts.

    Args:
        known: what `facts` returned for a scene.
        chances: how often each attribute is named; `USUAL`, `FULL` or one's own.
    """
    opening = opening_phrase(known.style, chances, several=known.number > 1)
    place = setting_phrase(known.setting, known.level, chances)
    bodies = _pair(known, chances) if known.relation else _alike(known, chances)
    options: list[Node] = [Sequence((opening, *body, place)) for body, _ in bodies]
    weights = [weight for _, weight in bodies]
    if chances.setting_alone and known.setting != "plain":
        options.append(setting_alone(known.setting, known.style, chances))
        weights.append(chances.setting_alone / (1 - chances.setting_alone))
    return Choice(tuple(options), tuple(weights))


def _chances(full: bool) -> Chances:  # noqa: FBT001 - the flag of the two functions above
    return FULL if full else USUAL


def _alike(known: Facts, chances: Chances) -> list[Body]:
    thing = thing_phrase(known.things[0], known.number, known.size, chances)
    return [((thing, side_phrase(known.side, chances)), 1.0)]


def _pair(known: Facts, chances: Chances) -> list[Body]:
    """Return the ways to name two things, in either order, their relation turned to match."""
    first, second = (thing_phrase(thing, 1, "", chances) for thing in known.things)
    there, back = relation_phrase(known.relation), relation_phrase(OPPOSITES[known.relation])
    join = joining_phrase(beside=known.near and known.relation in ("left of", "right of"))
    related, joined = chances.relation / 2, (1 - chances.relation) / 2
    bodies: list[Body] = [
        ((first, there, second), related),
        ((second, back, first), related),
        ((first, join, second), joined),
        ((second, join, first), joined),
    ]
    return [body for body in bodies if body[1] > 0]
