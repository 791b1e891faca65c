"""How captions name where things are, and in which style they are drawn.

Openings say nothing about the scene; "a photo of" is a convention, as in web captions, not a
claim. No phrase holds a word for a kind or a colour, so that none adds a claim about an object.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Place:
    """The words for one setting.

    Args:
        anywhere: phrases that hold for whatever is in the scene.
        ground: further phrases, where everything stands, or at sea wades or floats.
        air: further phrases, where everything is in the air.
        views: the setting itself, as a noun.
    """

    anywhere: tuple[str, ...]
    ground: tuple[str, ...] = ()
    air: tuple[str, ...] = ()
    views: tuple[str, ...] = ()

    def phrases(self, level: str) -> tuple[str, ...]:
        """Return the phrases that hold at one level: "ground", "air", or another.

        >>> PLACES["sea"].phrases("air")
        ('at sea', 'out at sea', 'over the sea')
        """
        return self.anywhere + {"ground": self.ground, "air": self.air}.get(level, ())


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "plain": Place(anywhere=("on a plain background",)),
        "meadow": Place(
            anywhere=("in a meadow", "in a grassy field"),
            ground=("on the grass",),
            air=("over a meadow",),
            views=("a grassy meadow", "a summer meadow"),
        ),
        "forest": Place(
            anywhere=("in a forest", "in a peaceful forest", "in the woods"),
            views=("a peaceful forest", "a quiet forest"),
        ),
        "street": Place(
            anywhere=("in the city", "in a busy city"),
            ground=("on a city street", "on a busy city street"),
            air=("over a busy city street",),
            views=("a busy city street", "a city street"),
        ),
        "building": Place(
            anywhere=("in front of a modern building", "outside a modern building"),
            views=("a modern building", "a modern glass building"),
        ),
        "beach": Place(
            anywhere=("at the beach", "by the seaside"),
            ground=("on the beach", "on a sandy beach"),
            air=("over the beach",),
            views=("a sandy beach", "a quiet beach"),
        ),
        "sea": Place(
            anywhere=("at sea", "out at sea"),
            ground=("in the sea", "on the sea"),
            air=("over the sea",),
            views=("the open sea", "a calm sea"),
        ),
        "underwater": Place(
            anywhere=("underwater", "deep underwater", "in an underwater world"),
            views=("an underwater world", "the bottom of the sea"),
        ),
        "night": Place(
            anywhere=("at night", "on a starry night", "in the moonlight"),
            views=("a starry night", "a quiet night"),
        ),
        "sunset": Place(
            anywhere=("at sunset", "in the evening light", "in front of a beautiful sunset"),
            views=("a beautiful sunset", "a glowing sunset"),
        ),
        "windowsill": Place(
            anywhere=("indoors by the window", "by the window"),
            ground=("on a windowsill", "on the windowsill"),
            views=("a windowsill", "a room with a window"),
        ),
        "snow": Place(
            anywhere=("on a snowy day", "in winter"),
            ground=("in the snow",),
            air=("over the snow",),
            views=("a snowy landscape", "a winter day"),
        ),
        "desert": Place(
            anywhere=("in the desert", "in a dry desert"),
            ground=("on desert sand",),
            air=("over the desert",),
            views=("a dry desert", "a hot desert"),
        ),
    }
)

STYLE_OPENINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "flat": ("a flat drawing of", "a flat picture of"),
        "sketch": ("a sketch of", "a pencil sketch of"),
        "washed-out": ("a washed-out picture of", "a faded picture of"),
        "night-camera": ("a night-camera picture of", "a surveillance picture of"),
    }
)

OPENINGS: Mapping[str, float] = MappingProxyType(
    {
        "": 0.32,
        "a photo of": 0.24,
        "a picture of": 0.16,
        "an image of": 0.1,
        "a drawing of": 0.08,
    }
)
"""Openings that claim nothing, with their weights (the rest, 0.1, is "there is")."""
