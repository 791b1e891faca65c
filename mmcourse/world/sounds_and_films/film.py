"""A scene set in motion: its things move one after another, each while its call sounds.

A thing moves out and back: cats hop, cars drive, birds fly. The moves do not depend on whose
turn it is, so a heap of unordered frames, or of pieces of the sound, does not tell who was
first: only their order does. Leaves out camera movement, and things that come and go.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Int16, UInt8

from mmcourse.boundary.names import speaking_as
from mmcourse.world.looks.render import render
from mmcourse.world.scenes.scene import Scene, Thing
from mmcourse.world.sounds_and_films.sound import SAMPLE_RATE, mix, require_playable

FILM_SECONDS = 2.0
FRAMES = (2, 60)
"""The least and the greatest number of frames."""

MOST_TURNS = 5
"""Two seconds have room for five whole calls."""

VISIBLE = 0.1
"""A step that the eye cannot miss, in picture heights."""

DRIVE, HOP, FLY, RISE = (0.2, 0.0), (0.04, -0.16), (0.14, -0.14), (0.0, -0.2)
STEPS = {
    "fish": DRIVE,
    "car": DRIVE,
    "bus": DRIVE,
    "crane_machine": DRIVE,
    "boat": DRIVE,
    "crane_bird": DRIVE,
    "person": DRIVE,
    "butterfly": FLY,
    "plane": FLY,
    "rocket": RISE,
    "balloon": RISE,
}
"""How far each kind goes at most, in picture heights: (forward, down). Others hop."""


@dataclass(frozen=True, eq=False)
class Film:
    """Frames with their exact truth, and their sound.

    Args:
        still: the scene in which nothing moves. The film belongs to its split.
        scenes: one scene per frame, evenly spaced in time.
        sound: mono int16.
        seconds: how long it lasts.
        order: indices into `still.objects`, in the order of moving.
    """

    still: Scene
    scenes: tuple[Scene, ...]
    sound: Int16[np.ndarray, " samples"]
    seconds: float
    order: tuple[int, ...]

    @property
    def first(self) -> Thing:
        """Return the thing that moves, and is heard, first."""
        return self.still.objects[self.order[0]]

    def pictures(self, size: int = 64) -> UInt8[np.ndarray, "frames height width 3"]:
        """Return every frame drawn at `size` pixels high.

        Raises:
            ValueError: `size` is out of the range that `render` draws.
        """
        with speaking_as("Film.pictures", "render"):
            return np.stack([render(scene, size) for scene in self.scenes])


def film(
    scene: Scene, rng: np.random.Generator, frames: int = 16, *, sr: int = SAMPLE_RATE
) -> Film:
    """Return two seconds in which each object moves once, in a random order.

    The time is cut into equal turns, one per object, each of which begins with its call.
    Every object moves in the same number of frames, frames // objects; in those left over,
    at the end of some turns, nothing moves.

    Args:
        scene: what is seen and heard, one to five objects.
        rng: a numpy Generator; it is advanced by 1 + 3 numbers per object.
        frames: from 2 to 60, and at least one per object.
        sr: samples of sound per second, from 8000 to 48000.

    Raises:
        TypeError: `scene` is no Scene, or `rng` no Generator.
        ValueError: `frames`, `sr` or the number of objects is out of its range.

    >>> car = Thing(kind="car", colour="red", size=0.2, position=(0.3, 0.7))
    >>> bus = Thing(kind="bus", colour="blue", size=0.2, position=(0.7, 0.7))
    >>> clip = film(Scene(setting="street", objects=(car, bus)), np.random.default_rng(0))
    >>> len(clip.scenes), clip.sound.shape, clip.first.kind
    (16, (32000,), 'bus')
    """
    require_playable("film", scene, rng, sr)
    _require_turns(scene, frames)
    order = _turns(len(scene.objects), rng)
    steps = [_step(scene, thing, float(rng.random())) for thing in scene.objects]
    turns = len(order)
    each = frames // turns
    scenes = [scene] * frames
    starts = [0.0] * turns
    for turn, index in enumerate(order):
        starts[index] = turn * FILM_SECONDS / turns
        begin = _first_frame(turn, turns, frames)
        for beat in range(each):
            scenes[begin + beat] = _moved(scene, index, steps[index], (beat + 0.5) / each)
    track = mix(scene, starts, FILM_SECONDS, rng, sr)
    return Film(scene, tuple(scenes), track, FILM_SECONDS, order)


def _first_frame(turn: int, turns: int, frames: int) -> int:
    """Return the first frame whose middle, (frame + 1/2) / frames, is in a turn."""
    return (2 * turn * frames + turns - 1) // (2 * turns)


def _turns(count: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Return 0 to count - 1 in a random order, every order equally likely."""
    return tuple(int(index) for index in np.argsort(rng.random(count), kind="stable"))


def _step(scene: Scene, thing: Thing, vigour: float) -> tuple[float, float]:
    """Return how far a thing goes (right, down), so that it stays inside the picture.

    It goes its kind's way, forward if there is room, else backward, else sideways, up or
    down; full vigour takes the whole step and none four fifths of it.
    """
    forward, down = STEPS.get(thing.kind, FLY if thing.airborne else HOP)
    ahead = forward if thing.facing == "right" else -forward
    ways = [(ahead, down), (-ahead, down), (0.2, 0.0), (-0.2, 0.0), (0.0, -0.2), (0.0, 0.2)]
    steps = [_inside(scene, thing, way) for way in ways]
    step = next((s for s in steps if _length(s) >= VISIBLE), max(steps, key=_length))
    share = 0.8 + 0.2 * vigour
    return share * step[0], share * step[1]


def _inside(scene: Scene, thing: Thing, way: tuple[float, float]) -> tuple[float, float]:
    """Return as much of a way, in its direction, as there is room for."""
    share = 1.0
    for along, centre, extent in zip(way, thing.position, (scene.aspect, 1.0), strict=True):
        room = (extent - thing.size - centre) if along > 0 else (centre - thing.size)
        if along:
            share = min(share, max(room, 0.0) / abs(along))
    return share * way[0], share * way[1]


def _length(step: tuple[float, float]) -> float:
    return max(abs(step[0]), abs(step[1]))


def _moved(scene: Scene, index: int, step: tuple[float, float], phase: float) -> Scene:
    """Return the scene while one thing moves: phases 0 and 1 are at home, 1/2 is furthest."""
    away = 4 * phase * (1 - phase)
    thing = scene.objects[index]
    x, y = thing.position
    things = list(scene.objects)
    things[index] = replace(thing, position=(x + away * step[0], y + away * step[1]))
    return replace(scene, objects=tuple(things))


def _require_turns(scene: Scene, frames: object) -> None:
    if not 1 <= len(scene.objects) <= MOST_TURNS:
        raise ValueError(
            f"film: the scene must have from 1 to {MOST_TURNS} objects; "
            f"got {len(scene.objects)}."
        )
    low, high = max(FRAMES[0], len(scene.objects)), FRAMES[1]
    if isinstance(frames, bool) or not isinstance(frames, int | np.integer):
        raise ValueError(f"film: frames must be a whole number; got {frames!r}.")
    if not low <= frames <= high:
        raise ValueError(
            f"film: frames must be from {low} to {high}, at least one per object; got {frames}."
        )
