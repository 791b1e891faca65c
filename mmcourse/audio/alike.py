"""Moments that sound alike: the ceiling of whoever searches by ear.

Two pictures whose things make the same sounds in the same place differ in colour and pose,
which nobody hears. Among so many that sound alike a listener can only guess, and the mean of
one by their number is what can be had. Leaves out how loud a call is and when it comes, which
tell some of them apart: who uses these well may pass this ceiling.
"""

from collections.abc import Sequence

from mmcourse.boundary.signature import checked
from mmcourse.world import Scene
from mmcourse.world.sounds_and_films.sound import call_time


@checked
def heard_facts(scene: Scene) -> tuple[str, ...]:
    """Return what a listener can name: the setting, then the kinds in the order of their calls.

    Several alike are named once: most of their calls run into each other.

    Raises:
        TypeError: `scene` is no Scene.

    >>> from mmcourse.world import Thing
    >>> car = Thing(kind="car", colour="red", size=0.2, position=(0.7, 0.7))
    >>> bus = Thing(kind="bus", colour="blue", size=0.2, position=(0.2, 0.7))
    >>> heard_facts(Scene(setting="street", objects=(car, bus)))
    ('street', 'bus', 'car')
    """
    calls = sorted(scene.objects, key=lambda thing: call_time(scene, thing))
    return (scene.setting, *dict.fromkeys(thing.kind for thing in calls))


@checked
def retrieval_ceiling(scenes: Sequence[Scene]) -> float:
    """Return the best mean recall at 1 of a listener who finds these scenes by their sound.

        1/N Σᵢ 1 / (number of scenes that sound like scene i)

    It is also the number of different sounds, divided by N.

    Args:
        scenes: the gallery, at least one; each is looked for once.

    Raises:
        ValueError: there is no scene.

    Two red cats and a bus: one half, one half and one.

    >>> from mmcourse.world import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.2, position=(0.5, 0.7), pose="sitting")
    >>> bus = Thing(kind="bus", colour="blue", size=0.2, position=(0.5, 0.7))
    >>> scenes = [Scene(setting="street", objects=(thing,)) for thing in (cat, cat, bus)]
    >>> round(retrieval_ceiling(scenes), 4)
    0.6667
    """
    if not scenes:
        raise ValueError("retrieval_ceiling: scenes must hold at least one; got none.")
    return len({heard_facts(scene) for scene in scenes}) / len(scenes)
