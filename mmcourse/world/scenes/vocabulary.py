"""The words of the drawn world: its kinds, colours, settings, and which of them go together.

Leaves out how anything looks (`looks`), sounds (`sounds_and_films`) or is described
(`words`): a name here is only a name with its facts, such as what else goes by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Kind:
    """What is true of every object of one kind.

    Args:
        poses: what it can be doing; the first is the ordinary one.
        airborne: the poses in which it needs no ground under it.
        swims: whether it floats in water instead of standing on the bottom.
        avoids: settings in which it never appears.
    """

    poses: tuple[str, ...] = ("",)
    airborne: frozenset[str] = frozenset()
    swims: bool = False
    avoids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Setting:
    """Where and when a scene takes place.

    Args:
        ground: range of heights (0 top, 1 bottom) where feet may stand; None means
            that things float anywhere, as stickers on paper or fish in the sea.
        air: range of heights for the centre of what flies.
        swim: range of heights for the centre of what swims.
        water: whether boats float in it and swimmers are at home.
    """

    ground: tuple[float, float] | None
    air: tuple[float, float] = (0.26, 0.46)
    swim: tuple[float, float] = (0.44, 0.56)
    water: bool = False


COLOURS: Mapping[str, RGB] = MappingProxyType(
    {
        "red": (222, 44, 52),
        "orange": (250, 140, 28),
        "yellow": (250, 216, 50),
        "green": (64, 172, 74),
        "blue": (52, 104, 224),
        "purple": (134, 66, 186),
        "pink": (250, 142, 186),
        "brown": (134, 84, 48),
        "black": (44, 42, 50),
        "white": (250, 249, 246),
        "grey": (146, 150, 158),
    }
)

SCENES: Mapping[str, Setting] = MappingProxyType(
    {
        "plain": Setting(ground=None, air=(0.44, 0.56)),
        "meadow": Setting(ground=(0.80, 0.95)),
        "forest": Setting(ground=(0.81, 0.95)),
        "street": Setting(ground=(0.82, 0.95)),
        "building": Setting(ground=(0.84, 0.95)),
        "beach": Setting(ground=(0.78, 0.95)),
        "sea": Setting(ground=(0.72, 0.84), air=(0.24, 0.40), swim=(0.68, 0.80), water=True),
        "underwater": Setting(ground=(0.92, 0.96), swim=(0.34, 0.62), water=True),
        "night": Setting(ground=(0.83, 0.95)),
        "sunset": Setting(ground=(0.82, 0.95)),
        "windowsill": Setting(ground=(0.86, 0.875), air=(0.28, 0.48)),
        "snow": Setting(ground=(0.80, 0.95)),
        "desert": Setting(ground=(0.80, 0.95)),
    }
)

_WATER = frozenset({"sea", "underwater"})
_DEEP = frozenset({"underwater"})
_INDOORS = frozenset({"windowsill"})

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "cat": Kind(("sitting", "standing", "sleeping"), avoids=_WATER),
        "dog": Kind(("sitting", "standing", "running", "sleeping"), avoids=_WATER),
        "rabbit": Kind(("sitting", "hopping"), avoids=_WATER),
        "bird": Kind(("perched", "flying"), airborne=frozenset({"flying"}), avoids=_DEEP),
        "crane_bird": Kind(("wading",), avoids=_INDOORS | _DEEP),
        "fish": Kind(
            swims=True,
            avoids=frozenset(SCENES.keys() - {"plain", "sea", "underwater"}),
        ),
        "butterfly": Kind(airborne=frozenset({""}), avoids=_DEEP),
        "car": Kind(avoids=_INDOORS | _WATER),
        "bus": Kind(avoids=_INDOORS | _WATER),
        "crane_machine": Kind(avoids=_INDOORS | _WATER),
        "boat": Kind(avoids=_INDOORS | _DEEP | {"street", "building", "forest"}),
        "plane": Kind(airborne=frozenset({""}), avoids=_INDOORS | _DEEP),
        "rocket": Kind(airborne=frozenset({""}), avoids=_INDOORS | _DEEP),
        "tree": Kind(("round", "pine", "tall"), avoids=_INDOORS | _WATER | {"forest", "snow"}),
        "flower": Kind(("daisy", "tulip", "blossom"), avoids=frozenset({"sea"})),
        "mushroom": Kind(avoids=frozenset({"sea"})),
        "house": Kind(avoids=_INDOORS | _WATER | {"street", "building"}),
        "person": Kind(("standing", "walking", "waving"), avoids=_WATER),
        "balloon": Kind(airborne=frozenset({""}), avoids=_DEEP),
        "umbrella": Kind(avoids=frozenset({"sea"})),
        "sign": Kind(avoids=frozenset({"sea"})),
    }
)

STYLES: tuple[str, ...] = ("flat", "sketch", "washed-out", "night-camera")
SPLITS: tuple[str, ...] = ("train", "validation", "test", "held-out", "hard")
SIGN_WORDS: tuple[str, ...] = (
    "cat", "dog", "bird", "fish", "car", "bus", "boat", "tree", "stop", "open", "hello", "zoo",
)  # fmt: skip

PLANTED_BIAS = ("bus", "yellow", 0.5)
"""In the training split alone, this kind takes this colour with at least this probability."""


def _held_out_pairs() -> frozenset[tuple[str, str]]:
    names = list(COLOURS)
    return frozenset(
        (kind, names[(3 * row + step) % len(names)])
        for row, kind in enumerate(KINDS)
        for step in (1, 6)
    )


HELD_OUT: frozenset[tuple[str, str]] = _held_out_pairs()
"""(kind, colour) pairs that occur only in the held-out split: two for every kind."""


def noun(kind: str) -> str:
    """Return the ordinary noun for a kind; both cranes are a "crane".

    >>> noun("crane_machine")
    'crane'
    """
    return kind.partition("_")[0]


def called(kind: str) -> frozenset[str]:
    """Return the ordinary nouns that are true of a kind.

    A crane that is a bird is also a "bird", so to ask for a bird there would be unfair.

    >>> sorted(called("crane_bird"))
    ['bird', 'crane']
    """
    return frozenset({noun(kind), "bird"} if kind == "crane_bird" else {noun(kind)})


def confusable(kind: str, other: str) -> bool:
    """Return whether the ordinary noun of one kind is also true of the other.

    >>> confusable("bird", "crane_bird"), confusable("bird", "crane_machine")
    (True, False)
    """
    return noun(kind) in called(other) or noun(other) in called(kind)
