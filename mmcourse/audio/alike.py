"""Moments with the same names: a yardstick for whoever searches by ear.

Two pictures whose things call in the same order in the same setting differ in colour and pose,
which nobody hears. Among so many a listener who only names can but guess, and the mean of one
by their number is what such a one reaches. No ceiling: how many things call, how loud and when
tells some of them apart, and who hears these passes it.
"""

from collections.abc import Sequence

from mmcourse.boundary.signature import checked
from mmcourse.world import Scene
from mmcourse.world.sounds_and_films.sound import call_time


@checked
def heard_facts(scene: Scene) -> tuple[str, ...]:
    """Return what a plain listener names: the setting, then the kinds in order of call.

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
def naming_recall(scenes: Sequence[Scene]) -> float:
    """Return the mean recall at 1 of a listener who names what sounds, and hears nothing more.

        1/N Σᵢ 1 / (number of scenes with the same `heard_facts` as scene i)

    It is also the number of different facts, divided by N. A yardstick, not a ceiling: who also
    counts the things, or hears when they call, finds more.

    Args:
        scenes: the gallery, at least one; each is looked for once.

    Raises:
        ValueError: there is no scene.

    Two red cats and a bus: one half, one half and one.

    >>> from mmcourse.world import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.2, position=(0.5, 0.7), pose="sitting")
    >>> bus = Thing(kind="bus", colour="blue", size=0.2, position=(0.5, 0.7))
    >>> scenes = [Scene(setting="street", objects=(thing,)) for thing in (cat, cat, bus)]
    >>> round(naming_recall(scenes), 4)
    0.6667
    """
    if not scenes:
        raise ValueError("naming_recall: scenes must hold at least one; got none.")
    return len({heard_facts(scene) for scene in scenes}) / len(scenes)
