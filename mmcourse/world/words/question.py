"""Ask about a scene: short questions whose answers are true and the only ones possible.

Asks at most one question of each type, and none that has two readings: next to a bird,
a crane that is a bird too makes "the bird" unclear. Leaves out the sun, the moon, clouds and
the rest of the backdrop: answers are about the scene's objects.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.randomness import pick, require_generator
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import COLOURS, KINDS, called, confusable, noun
from mmcourse.world.words.facts import facts
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import NUMBERS, PRECISE, coloured, plural
from mmcourse.world.words.phrases import OPPOSITES, RELATIONS

Asked: TypeAlias = tuple[str, str]
"""A question's text and its answer."""

COUNTS = {**NUMBERS, 1: "one"}


@dataclass(frozen=True)
class Question:
    """A question with its answer.

    Args:
        type: "kind", "colour", "count", "position", "relation" or "yes/no".
        text: the question, in lower case.
        answer: a noun; a colour; "one" to "four"; "left", "right" or "middle"; "left of",
            "right of", "above" or "below"; "yes" or "no".
    """

    type: str
    text: str
    answer: str


@checked
def questions(scene: Scene, rng: np.random.Generator) -> list[Question]:
    """Return one question of each type that has a clear answer here, in varied wording.

    Answers are those of an ordinary speaker, about the scene's objects alone, not about the
    sun, the moon, clouds or the backdrop: both cranes are a "crane". A yes/no question has
    the answer "yes" half the time.

    Args:
        scene: one thing, two that differ, or two to four alike.
        rng: a numpy Generator; it is advanced.

    Raises:
        ValueError: the scene holds nothing, more than four, or three that differ.

    >>> cat = Thing(kind="cat", colour="red", size=0.3, position=(0.2, 0.6), pose="sitting")
    >>> scene = Scene(setting="plain", objects=(cat,))
    >>> [question.answer for question in questions(scene, np.random.default_rng(0))][:4]
    ['cat', 'red', 'one', 'left']
    """
    require_generator(rng, "questions")
    facts(scene, "questions")  # refuses what it cannot describe
    asked = {kind: ask(scene, rng) for kind, ask in _ASK.items()}
    return [Question(kind, *found) for kind, found in asked.items() if found]


def _ask_kind(scene: Scene, rng: np.random.Generator) -> Asked | None:
    if scene.layout == "pair":
        thing, other = _either_order(scene, rng)
        name = _name(other, thing, by_colour=True)
        where = pick(rng, tuple(RELATIONS[relation(thing, other)]))
        return (f"what is {where} the {name}?", noun(thing.kind)) if name else None
    if scene.layout == "group":
        texts = (
            "what kind of thing is the picture of?",
            "which kind of thing is mainly shown?",
        )
    else:
        texts = ("what is the picture of?", "what is the main thing shown?")
    return pick(rng, texts), noun(scene.objects[0].kind)


def _ask_colour(scene: Scene, rng: np.random.Generator) -> Asked | None:
    thing, name, verb = _topic(scene, rng)
    text = pick(rng, ("what colour {verb} the {name}", "which colour {verb} the {name}"))
    wears = " wearing" if thing.kind == "person" else ""
    return (f"{text.format(verb=verb, name=name)}{wears}?", thing.colour) if name else None


def _ask_count(scene: Scene, rng: np.random.Generator) -> Asked | None:
    kind = pick(rng, scene.objects).kind
    others = [thing.kind for thing in scene.objects if thing.kind != kind]
    text = pick(rng, ("how many {} are there?", "how many {} can you see?"))
    if any(confusable(kind, other) for other in others):
        return None
    count = len(scene.objects) - len(others)
    return text.format(plural(noun(kind))), COUNTS[count]


def _ask_position(scene: Scene, rng: np.random.Generator) -> Asked | None:
    thing = scene.objects[0]
    side = scene.side(thing) if scene.layout == "single" else None
    text = pick(
        rng, ("in which part of the picture is the {}?", "where in the picture is the {}?")
    )
    return (text.format(noun(thing.kind)), side) if side else None


def _ask_relation(scene: Scene, rng: np.random.Generator) -> Asked | None:
    if scene.layout != "pair":
        return None
    thing, other = _either_order(scene, rng)
    name, landmark = _name(thing, other, by_colour=True), _name(other, thing, by_colour=True)
    link = pick(rng, ("relative to", "compared with"))
    text = f"where is the {name} {link} the {landmark}?"
    return (text, relation(thing, other)) if name and landmark else None


def _ask_yes_no(scene: Scene, rng: np.random.Generator) -> Asked | None:
    """Return a question that asks of a claim, true half the time, whether it is true."""
    true = rng.random() < 0.5
    claims = [_claim_kind, _claim_colour]
    if scene.layout == "group":
        claims.append(_claim_count)
    elif scene.layout == "pair":
        claims.append(_claim_relation)
    text = pick(rng, claims)(scene, rng, true=true) or _claim_kind(scene, rng, true=true)
    return text, "yes" if true else "no"


def _claim_kind(scene: Scene, rng: np.random.Generator, *, true: bool) -> str:
    """Return a question whether a kind is there; an absent one could be in this setting."""
    present = [thing.kind for thing in scene.objects]
    true_names = frozenset[str]().union(*map(called, present))
    at_home = [kind for kind in KINDS if scene.setting not in KINDS[kind].avoids]
    absent = [kind for kind in at_home if noun(kind) not in true_names]
    name = noun(pick(rng, present if true else absent))
    text = pick(rng, ("is there a {}?", "is there a {} in the picture?", "can you see a {}?"))
    return with_articles(text.format(name))


def _claim_colour(scene: Scene, rng: np.random.Generator, *, true: bool) -> str | None:
    thing, name, verb = _topic(scene, rng)
    others = [colour for colour in COLOURS if colour != thing.colour]
    colour = thing.colour if true else pick(rng, others)
    wears = "wearing " if thing.kind == "person" else ""
    return f"{verb} the {name} {wears}{colour}?" if name else None


def _claim_count(scene: Scene, rng: np.random.Generator, *, true: bool) -> str:
    right = len(scene.objects)
    others = [count for count in (2, 3, 4) if count != right]
    count = right if true else pick(rng, others)
    return f"are there {COUNTS[count]} {plural(noun(scene.objects[0].kind))}?"


def _claim_relation(scene: Scene, rng: np.random.Generator, *, true: bool) -> str | None:
    thing, other = _either_order(scene, rng)
    name, landmark = _name(thing, other, by_colour=True), _name(other, thing, by_colour=True)
    right = relation(thing, other)
    where = pick(rng, tuple(RELATIONS[right if true else OPPOSITES[right]]))
    return f"is the {name} {where} the {landmark}?" if name and landmark else None


def _either_order(scene: Scene, rng: np.random.Generator) -> tuple[Thing, Thing]:
    first, second = scene.objects
    return (first, second) if rng.random() < 0.5 else (second, first)


def _topic(scene: Scene, rng: np.random.Generator) -> tuple[Thing, str | None, str]:
    """Return a thing to ask about, what to call it without its colour, and the verb."""
    if scene.layout == "pair":
        thing, other = _either_order(scene, rng)
        return thing, _name(thing, other), "is"
    thing = scene.objects[0]
    if scene.layout == "group":
        return thing, plural(noun(thing.kind)), "are"
    return thing, noun(thing.kind), "is"


def _name(thing: Thing, other: Thing, *, by_colour: bool = False) -> str | None:
    """Return a name that fits only the first of two things; None where there is none."""
    if noun(thing.kind) not in called(other.kind):
        return noun(thing.kind)
    if thing.kind in PRECISE and thing.kind != other.kind:
        return PRECISE[thing.kind][0]
    unlike = by_colour and thing.colour != other.colour
    return coloured(thing.colour, thing.kind) if unlike else None


_ASK: Mapping[str, Callable[[Scene, np.random.Generator], Asked | None]] = {
    "kind": _ask_kind,
    "colour": _ask_colour,
    "count": _ask_count,
    "position": _ask_position,
    "relation": _ask_relation,
    "yes/no": _ask_yes_no,
}
