"""The one caption that a captioner learns to say of a scene: every fact, in a fixed order.

A picture does not tell in which order somebody would name two things, nor which synonym: of
targets that leave such choices open, a model can only learn their shares. So here is one
sentence a scene: the left or upper thing first, one noun for every kind, every fact that has a
word. `world.caption` may say it, too. Leaves out the style, and what is written on a sign: no
grid of `tiny` tells (a captioner made to state it guessed, right one time in ten of twelve
words), and a caption that guesses misleads.
"""

from functools import lru_cache

from mmcourse.boundary.signature import checked
from mmcourse.world import COLOURS, KINDS, SCENES, Scene
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.facts import Facts, ThingFacts, facts
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import NUMBERS, POSE_NOUNS, PRECISE, plural
from mmcourse.world.words.phrases import ACTIONS, OPPOSITES, RELATIONS, SHAPES, SIDES, SIZES
from mmcourse.world.words.places import PLACES

LONGEST = 22
"""Tokens of a caption at most: 19 words, start and end, and one to spare."""


@checked
def target_caption(scene: Scene) -> str:
    """Return the sentence that states the facts of a scene, in lower case.

    Count or article, size, pose, shape, colour, noun, side; of a pair the relation and the
    second thing; then the setting.

    Args:
        scene: one thing, two that differ, or two to four alike.

    Raises:
        ValueError: the scene holds nothing, more than four, or three that differ.

    >>> from mmcourse.world import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.2, position=(0.7, 0.7), pose="sitting")
    >>> car = Thing(kind="car", colour="blue", size=0.2, position=(0.2, 0.7))
    >>> target_caption(Scene(setting="beach", objects=(cat, car)))
    'a blue car to the left of a sitting red cat at the beach'
    >>> target_caption(Scene(setting="night", objects=(cat,)))
    'a small sitting red cat on the right at night'
    """
    return _sentence(facts(scene, "target_caption"))


@lru_cache(maxsize=1)
def target_words() -> tuple[str, ...]:
    """Return every word of every target, sorted; articles are spelt "a".

    >>> len(target_words()) < 100
    True
    """
    parts = [
        "in",
        *COLOURS,
        *ACTIONS,
        *SHAPES.values(),
        *NUMBERS.values(),
        *SIZES,
        *(words[0] for words in SIDES.values()),
        *(next(iter(RELATIONS[where])) for where in ("left of", "above")),
        *(PLACES[setting].anywhere[0] for setting in SCENES),
    ]
    for kind in KINDS:
        for pose in KINDS[kind].poses:
            name = _noun(ThingFacts(kind, "", pose, ""))
            parts += [name, plural(name)]
    return tuple(sorted({word for part in parts for word in part.split()}))


@lru_cache(maxsize=1 << 16)
def _sentence(known: Facts) -> str:
    first, *others = known.things
    place = PLACES[known.setting].anywhere[0]
    if not others:
        side = SIDES[known.side][0] if known.side else ""
        return _joined(_thing(first, known.number, known.size), side, place)
    [second], where = others, known.relation
    if where in ("right of", "below"):
        first, second, where = second, first, OPPOSITES[where]
    return _joined(_thing(first), next(iter(RELATIONS[where])), _thing(second), place)


def _thing(thing: ThingFacts, count: int = 1, size: str = "") -> str:
    action = thing.pose if thing.pose in ACTIONS else ""
    name = _noun(thing) if count == 1 else plural(_noun(thing))
    if thing.kind == "person":
        name = f"{name} in {thing.colour}"
    else:
        name = _joined(SHAPES.get((thing.kind, thing.pose), ""), thing.colour, name)
    return _joined(NUMBERS[count], size, action, name)


def _noun(thing: ThingFacts) -> str:
    precise = PRECISE.get(thing.kind, ())
    return precise[0] if precise else POSE_NOUNS.get((thing.kind, thing.pose), noun(thing.kind))


def _joined(*parts: str) -> str:
    return with_articles(" ".join(filter(None, parts)))
