"""Read a caption back into claims, and check the claims against a scene.

Written apart from the grammar: it knows English phrases, not how captions are made.
"""

import re
from dataclasses import dataclass, replace
from itertools import permutations
from math import dist

from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import KINDS

COLOURS = {
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
    "grey", "gray",
}  # fmt: skip
NUMBERS = {"a": 1, "an": 1, "two": 2, "three": 3, "four": 4}
SIZES = {"small": "small", "little": "small", "big": "big", "large": "big"}
POSES = {
    "sitting", "standing", "sleeping", "running", "hopping", "perched", "flying", "walking",
    "waving",
}  # fmt: skip
SHAPES = {"round": "round", "slender": "tall"}
NOUNS = {  # singular/plural
    "cat": "cat/cats kitten/kittens",
    "dog": "dog/dogs puppy/puppies",
    "rabbit": "rabbit/rabbits bunny/bunnies",
    "bird": "bird/birds",
    "crane_bird": "crane/cranes crane_bird/crane_birds wading_crane/wading_cranes "
    "long-legged_crane/long-legged_cranes",
    "crane_machine": "crane/cranes construction_crane/construction_cranes "
    "building_crane/building_cranes tower_crane/tower_cranes",
    "fish": "fish/fish",
    "butterfly": "butterfly/butterflies",
    "car": "car/cars automobile/automobiles",
    "bus": "bus/buses",
    "boat": "boat/boats sailboat/sailboats sailing_boat/sailing_boats",
    "plane": "plane/planes airplane/airplanes aeroplane/aeroplanes",
    "rocket": "rocket/rockets spaceship/spaceships",
    "tree": "tree/trees pine_tree/pine_trees",
    "flower": "flower/flowers daisy/daisies tulip/tulips blossom/blossoms",
    "mushroom": "mushroom/mushrooms toadstool/toadstools",
    "house": "house/houses cottage/cottages",
    "person": "person/people",
    "balloon": "balloon/balloons",
    "umbrella": "umbrella/umbrellas parasol/parasols",
    "sign": "sign/signs",
}
SORTS = {"pine tree": "pine", "daisy": "daisy", "tulip": "tulip", "blossom": "blossom"}
RELATIONS = {
    "to the left of": "left of",
    "left of": "left of",
    "to the right of": "right of",
    "right of": "right of",
    "above": "above",
    "over": "above",
    "below": "below",
    "under": "below",
    "next to": "beside",
    "and": "",
    "with": "",
}
ABSENT = " (?:and no|but no|without an?) "
SIDES = {
    "left": "on the left( side)?",
    "right": "on the right( side)?",
    "middle": "in the (middle|centre)",
}
OPENINGS = {
    r"(a photo|a picture|an image|a drawing) of|there (is|are)": "",
    "a flat (drawing|picture) of": "flat",
    "a (pencil )?sketch of": "sketch",
    "a (washed-out|faded) picture of": "washed-out",
    "a (night-camera|surveillance) picture of": "night-camera",
}
PLACES = {
    "plain": "on a plain background",
    "meadow": "in a meadow|in a grassy field|on the grass|over a meadow",
    "forest": "in a (peaceful )?forest|in the woods",
    "street": "in the city|in a busy city|on a (busy )?city street|over a busy city street",
    "building": "(in front of|outside) a modern building",
    "beach": "at the beach|by the seaside|on the beach|on a sandy beach|over the beach",
    "sea": "(out )?at sea|(in|on|over) the sea",
    "underwater": "(deep )?underwater|in an underwater world",
    "night": "at night|on a starry night|in the moonlight",
    "sunset": "at sunset|in the evening light|in front of a beautiful sunset",
    "windowsill": "(indoors )?by the window|on (a|the) windowsill",
    "snow": "on a snowy day|in winter|in the snow|over the snow",
    "desert": "in the desert|in a dry desert|on desert sand|over the desert",
}
VIEWS = {
    "meadow": "a (grassy|summer) meadow",
    "forest": "a (peaceful|quiet) forest",
    "street": "a (busy )?city street",
    "building": "a modern (glass )?building",
    "beach": "a (sandy|quiet) beach",
    "sea": "the open sea|a calm sea",
    "underwater": "an underwater world|the bottom of the sea",
    "night": "a (starry|quiet) night",
    "sunset": "a (beautiful|glowing) sunset",
    "windowsill": "a windowsill|a room with a window",
    "snow": "a snowy landscape|a winter day",
    "desert": "a (dry|hot) desert",
}
STANDING = "(in|on) the (sea|snow)|on (the grass|a .*street|.* beach|.* windowsill|desert sand)"


@dataclass(frozen=True)
class Named:
    """What a caption claims of one thing, or of several alike; "" and () claim nothing."""

    kinds: tuple[str, ...]
    number: int
    colour: str = ""
    size: str = ""
    pose: str = ""
    word: str = ""


@dataclass(frozen=True)
class Claims:
    """What a caption claims of a scene; `absent` are kinds of which one is said not to be."""

    things: tuple[Named, ...]
    relation: str = ""
    side: str = ""
    setting: str = ""
    level: str = ""
    style: str = ""
    absent: tuple[str, ...] = ()


def read(caption: str) -> Claims:
    """Return what a caption claims; ValueError if any of it makes no sense."""
    _check_articles(caption)
    style, rest = _opening(caption)
    for setting, view in VIEWS.items():
        if re.fullmatch(view, rest):
            return Claims((), setting=setting, style=style)
    setting, place, rest = _ending(rest, PLACES)
    side, _, rest = _ending(rest, SIDES)
    level = "air" if place.startswith("over ") else ""
    if re.fullmatch(STANDING, place):
        level = "ground"
    rest, *absent = re.split(ABSENT, rest)
    parts = re.split(rf" ({'|'.join(RELATIONS)}) (?=an? )", rest)
    if len(parts) not in (1, 3):
        raise ValueError(f"more than two things in {caption!r}")
    things = tuple(_named(part) for part in parts[::2])
    where = RELATIONS[parts[1]] if len(parts) == 3 else ""
    verb = re.match("there (is|are) ", caption)
    if verb and (verb[1] == "are") != (things[0].number > 1):
        raise ValueError(f"wrong verb in {caption!r}")
    missing = tuple(kind for noun in absent for kind in _kinds(noun, several=False))
    return Claims(things, where, side, setting, level, style, missing)


def holds(claims: Claims, scene: Scene) -> bool:
    """Return whether everything claimed is so."""
    if claims.setting not in ("", scene.setting) or claims.style not in ("", scene.style):
        return False
    if claims.level == "air" and not all(thing.airborne for thing in scene.objects):
        return False
    if claims.level == "ground" and any(
        thing.airborne or KINDS[thing.kind].swims for thing in scene.objects
    ):
        return False
    if any(thing.kind in claims.absent for thing in scene.objects):
        return False
    if not claims.things:
        return True
    if sum(named.number for named in claims.things) != len(scene.objects):
        return False
    return any(_match(claims, scene, things) for things in permutations(scene.objects))


def _match(claims: Claims, scene: Scene, things: tuple[Thing, ...]) -> bool:
    each = [replace(named, number=1) for named in claims.things for _ in range(named.number)]
    if not all(_fits(named, thing) for named, thing in zip(each, things, strict=True)):
        return False
    if claims.side and (len(things) != 1 or scene.side(things[0]) != claims.side):
        return False
    if claims.relation == "beside":
        gap = dist(*[thing.position for thing in things])
        near = gap <= 2 * sum(thing.size for thing in things)
        return near and relation(*things) in ("left of", "right of")
    return claims.relation in ("", relation(*things) if len(things) == 2 else "")


def _fits(named: Named, thing: Thing) -> bool:
    return (
        thing.kind in named.kinds
        and named.colour in ("", thing.colour)
        and named.size in ("", thing.size_word)
        and named.pose in ("", thing.pose)
        and named.word in ("", thing.word)
    )


def _check_articles(text: str) -> None:
    for article, letter in re.findall(r"\b(an?) (\w)", text):
        if (article == "an") != (letter in "aeiou"):
            raise ValueError(f"wrong article in {text!r}")


def _opening(text: str) -> tuple[str, str]:
    for words, style in OPENINGS.items():
        match = re.match(f"({words}) ", text)
        if match:
            return style, text[match.end() :]
    return "", text


def _ending(text: str, endings: dict[str, str]) -> tuple[str, str, str]:
    for meaning, words in endings.items():
        match = re.search(f" ({words})$", text)
        if match:
            return meaning, match[1], text[: match.start()]
    return "", "", text


def _named(text: str) -> Named:
    """Read one noun phrase, word by word from either end towards its noun."""
    number, *words = text.split()
    found = {"number": NUMBERS[number]}
    while words and words[0] in (*SIZES, *POSES, *SHAPES, *COLOURS):
        _note(found, words.pop(0))
    if words[-1] in POSES:
        _note(found, words.pop())
    text = " ".join(words)
    if match := re.search(r" (?:that says?|with the word) (\w+)$", text):
        found["word"], text = match[1], text[: match.start()]
    if match := re.search(r"^(person|people) (?:in|wearing) (\w+)$", text):
        _note(found, match[2])
        text = match[1]
    if _singular(text) in SORTS:
        found["pose"] = SORTS[_singular(text)]
    return Named(kinds=_kinds(text, several=NUMBERS[number] > 1), **found)


def _note(found: dict[str, object], word: str) -> None:
    meanings = {**SIZES, **SHAPES, "gray": "grey"}
    field = "size" if word in SIZES else "colour" if word in COLOURS else "pose"
    if field in found:
        raise ValueError(f"two words for {field}: {found[field]} and {word}")
    found[field] = meanings.get(word, word)


def _kinds(noun: str, *, several: bool) -> tuple[str, ...]:
    """Return the kinds that a noun may mean."""
    kinds = [kind for kind, forms in NOUNS.items() if noun in _forms(forms, several=several)]
    if not kinds:
        raise ValueError(f"no kind is called {noun!r} ({'plural' if several else 'singular'})")
    return tuple(kinds)


def _forms(forms: str, *, several: bool) -> list[str]:
    return [pair.split("/")[several].replace("_", " ") for pair in forms.split()]


def _singular(noun: str) -> str:
    for forms in NOUNS.values():
        both = zip(_forms(forms, several=True), _forms(forms, several=False), strict=True)
        for many, one in both:
            if noun == many:
                return one
    return noun
