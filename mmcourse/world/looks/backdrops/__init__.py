"""What each setting looks like, and what its light does to the things in it.

A backdrop is decided by the setting, the scene's `look` and the picture's shape, never by the
things in front of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import final

from mmcourse.world.looks.backdrops import evening, indoors, land, town, water
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.tones import Tone, as_it_is, light_tone
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB


@final
@dataclass(frozen=True)
class Backdrop:
    """How a setting is painted.

    Args:
        paint: draws everything behind the things.
        cover: colour of the bush, rock or drift that can hide the lower part of a thing.
        cloud: colour of the cloud that can hide the lower part of what flies.
        light: what the setting's light does to the colour of a thing.
        rim: colour of a thin line around things, where dark or white ones would be lost.
        shadow: whether what stands there throws a shadow.
        weather: draws what falls in front of everything.
    """

    paint: Callable[[Canvas, Variety], None]
    cover: RGB
    cloud: RGB = (238, 242, 247)
    light: Tone = as_it_is
    rim: RGB | None = None
    shadow: bool = True
    weather: Callable[[Canvas, Variety], None] | None = None


BACKDROPS: Mapping[str, Backdrop] = MappingProxyType(
    {
        "plain": Backdrop(indoors.plain, (190, 188, 184), cloud=(190, 188, 184), shadow=False),
        "meadow": Backdrop(land.meadow, (70, 142, 62)),
        "forest": Backdrop(land.forest, (52, 100, 54), cloud=(62, 128, 78)),
        "street": Backdrop(town.street, (92, 140, 84)),
        "building": Backdrop(town.building, (92, 140, 84)),
        "beach": Backdrop(water.beach, (176, 160, 140)),
        "sea": Backdrop(water.sea, (36, 112, 184), shadow=False),
        "underwater": Backdrop(
            water.underwater, (132, 134, 140), cloud=(160, 214, 226), shadow=False
        ),
        "night": Backdrop(
            evening.night,
            (34, 48, 62),
            cloud=(82, 88, 140),
            light=light_tone((160, 164, 226), 0.4),
            rim=(136, 146, 200),
        ),
        "sunset": Backdrop(
            evening.sunset,
            (86, 46, 68),
            cloud=(236, 166, 148),
            light=light_tone((255, 196, 170), 0.4),
        ),
        "windowsill": Backdrop(indoors.windowsill, (200, 170, 140)),
        "snow": Backdrop(
            land.snow, (204, 216, 234), rim=(150, 168, 196), weather=land.snowfall
        ),
        "desert": Backdrop(land.desert, (188, 132, 92)),
    }
)
