"""What can be told of films whose frames have been put into an order by chance.

Every number of the films is another, so that a frame is known wherever it went.
"""

from typing import Any

import numpy as np

from classroom.checks.question import Invariance

Array = np.ndarray
RIGHT = {
    "form": "two arrays of the same shapes",
    "frames": "each film has its own, each once",
    "sound": "with its frame",
    "orders": "even",
    "seed": "decides",
    "given": "left as they were",
}
ABOUT = "sum of what was passed in"
"""Tells the cases apart, whatever the answer is: what was right of one is not of another."""

STRAY = 6.0
"""Standard deviations by which a count may stray from what is likely."""


def measure(outcome: list[Any], pictures: Array, sounds: Array, _: int) -> dict[str, Any]:
    """Return in words what the calls with a seed, again, another and later gave."""
    calls = [[np.asarray(part) for part in once] for once in outcome]
    said: dict[str, Any] = dict.fromkeys(RIGHT, "unknown")
    said[ABOUT] = float(pictures.sum())
    shapes = (pictures.shape, sounds.shape)
    if any((one[0].shape, one[1].shape) != shapes for one in calls):
        return {**said, "form": "other shapes"}
    first, again, other, later = calls
    said["form"] = RIGHT["form"]
    said["given"] = RIGHT["given"] if _kept(calls, pictures, sounds) else "changed"
    said["seed"] = _seeds(first[0], again[0], other[0], later[0])
    orders = _orders(first[0], pictures)
    said["frames"] = _frames(orders, first[0], pictures)
    if said["frames"] == RIGHT["frames"]:
        said["orders"] = _how_even(orders)
        said["sound"] = _sound(orders, _orders(first[1], sounds))
    return said


def _kept(calls: list[list[Array]], pictures: Array, sounds: Array) -> bool:
    return all(
        np.array_equal(one[2], pictures) and np.array_equal(one[3], sounds) for one in calls
    )


def _orders(found: Array, given: Array) -> Array:
    """Return which frame of its film stands at each place, (films, frames); -1 is none."""
    films, frames = given.shape[:2]
    mine, theirs = (one.reshape(films, frames, -1) for one in (found, given))
    same = (mine[:, :, None] == theirs[:, None]).all(axis=3)  # (films, place, frame)
    return np.where(same.any(axis=2), same.argmax(axis=2), -1)


def _frames(orders: Array, found: Array, given: Array) -> str:
    films, frames = orders.shape
    if (orders < 0).any():
        whole = {one.tobytes() for one in given.reshape(films * frames, -1)}
        known = all(one.tobytes() in whole for one in found.reshape(films * frames, -1))
        return "of other films" if known else "torn apart"
    once = (np.sort(orders, axis=1) == np.arange(frames)).all()
    return RIGHT["frames"] if once else "not each once"


def _sound(orders: Array, heard: Array) -> str:
    if (heard < 0).any():
        return "torn apart"
    if np.array_equal(orders, heard):
        return RIGHT["sound"]
    left = (heard == np.arange(heard.shape[1])).all()
    return "left in place" if left else "in another order"


def _how_even(orders: Array) -> str:
    films, frames = orders.shape
    if (orders == np.arange(frames)).all():
        return "as it was"
    if (orders == np.arange(frames)[::-1]).all():
        return "backwards"
    if (orders == orders[0]).all():
        return "the same for all films"
    steps = (np.diff(orders, axis=1) - 1) % frames
    if not steps.any():
        return "goes round"
    places = np.arange(frames)
    counts = [(orders[:, place] == frame).sum() for place in places for frame in places]
    neighbours = [(steps[:, place] == 0).sum() for place in places[:-1]]
    followed = 1 / (frames - 1)  # by the one after it, or the last by the first
    even = _near(counts, films, 1 / frames) and _near(neighbours, films, followed)
    return RIGHT["orders"] if even else "not even"


def _near(counts: list[Any], n: int, chance: float) -> bool:
    """Return whether counts of n are such as a chance would give."""
    spread = (n * chance * (1 - chance)) ** 0.5
    return bool(np.abs(np.array(counts) - n * chance).max() < STRAY * spread)


def _seeds(first: Array, again: Array, other: Array, later: Array) -> str:
    if not np.array_equal(first, again):
        return "does not decide"
    if np.array_equal(first, other):
        return "does not matter"
    return "decides alone, at every call anew" if np.array_equal(first, later) else "decides"


def _says(part: str, message: str) -> Invariance:
    """Return the law that `measure` finds nothing wrong with a part."""
    return Invariance(
        name=part,
        message=message,
        holds=lambda run, *asked: run(*asked)[part] in (RIGHT[part], "unknown"),
    )


LAWS = (
    _says("form", "Return two arrays, pictures and sounds, of the shapes that you were given."),
    _says("frames", "Each film must keep its frames, each once and whole; yours do not."),
    _says("sound", "Each piece of sound must stay with its frame; yours does not."),
    _says("orders", "Every order must be as likely as any other, for each film by itself."),
    _says("seed", "The generator must decide: draw from it alone, and go on drawing."),
    _says("given", "What you were given has been changed. Return new arrays."),
)
