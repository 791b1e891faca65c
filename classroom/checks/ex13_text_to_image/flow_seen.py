"""What is judged of 13.1, whose answer is random: what its network was asked, in words.

The noise is nowhere handed over. It is worked out from the points, under each of several
guesses about the line that they lie on; the right guess is the one that gives normal noise.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import Invariance

Array = np.ndarray

FIT = 0.13
"""How far mean and spread of what should be noise may be off: 5 standard errors, or more."""

STRAY = 2.6
"""How far ranks of n drawn numbers may be from where they belong, times the root of n: one draw
in 400,000 is farther (Kolmogorov's distribution)."""

UNSEEN = "not looked at"
"""Stands where an earlier part is wrong, so that this one says nothing."""

ABOUT = "loss, about"
"""The one number among the words: it keeps them from being learned by heart."""

RIGHT = {
    "pictures": "left alone",
    "times": "one for each picture",
    "network": "asked on the line from noise to picture",
    "noise": "normal",
    "prompts": "handed on",
    "loss": "mean square of velocity - (picture - noise)",
    "seed": "decides",
    "gradient": "flows back",
}


def measure(
    outcome: list[list[Any]], clean: Tensor, condition: Tensor, _: int, learning: float
) -> dict[str, Any]:
    """Return in words what the network was asked, and what the loss compares.

    Where that is right, it also says what such a loss is on average, for these pictures.
    """
    first, again, other, later = outcome
    known = [part for part in RIGHT if learning or part != "gradient"]
    said: dict[str, Any] = {**dict.fromkeys(known, UNSEEN), ABOUT: 0.0}
    if len(first) == 4:
        return said | {"network": "never asked"}
    loss, slope, reached, kept, points, times, prompts = first
    pictures = clean.numpy().astype(np.float64)
    said["pictures"] = "left alone" if np.array_equal(kept, clean) else "overwritten"
    said["times"] = _times(times, len(pictures))
    if said["times"] == RIGHT["times"] and np.array_equal(times, other[5]) and loss != other[0]:
        said["times"] = "the same for every seed"
    if said["times"] != RIGHT["times"]:
        return said
    if points.shape != pictures.shape:
        return said | {"network": f"asked at points of shape {points.shape}"}
    line, noise, inner = _found(points, pictures, times)
    said |= {
        "network": f"asked {line}",
        "noise": _kind(noise, inner),
        "prompts": "handed on" if np.array_equal(prompts, condition) else "changed",
        "loss": _compared(loss, points / 2, pictures, noise),
        "seed": _seeds(loss, again[0], other[0], later[0]),
    }
    if said["loss"] == RIGHT["loss"]:
        # E[((3 - t) noise / 2 - (2 - t) picture / 2)²], as the network says half of each point
        said[ABOUT] = 19 / 12 + 7 / 12 * float(np.square(pictures).mean())
    if learning:
        flows = "flows back" if reached else "not to the prompts"
        said["gradient"] = "none" if np.isnan(slope) else flows
    return said


def _times(times: Array, batch: int) -> str:
    if np.size(times) == 1 or (times == times.flat[0]).all():
        return "one for all pictures"
    if times.shape != (batch,):
        return f"of shape {times.shape}, where ({batch},) is expected"
    if times.min() < 0 or times.max() > 1:
        return "below 0 or above 1"
    if _stray(times) > STRAY:
        return "not even"
    if not ((times > 0.1) & (times < 0.9)).any():
        return "near 0 or 1 alone"
    return RIGHT["times"]


def _stray(shares: Array) -> float:
    """Return how far n numbers are from even on [0, 1], times the root of n.

    That is the largest distance of their distribution from an even one (Kolmogorov, Smirnov).
    """
    found, n = np.sort(shares, axis=None), shares.size
    ranks = np.arange(n + 1) / n
    return float(max((ranks[1:] - found).max(), (found - ranks[:-1]).max()) * n**0.5)


def _found(points: Array, pictures: Array, times: Array) -> tuple[str, Array | None, Array]:
    """Return on which line the points lie, the noise that this means, and where it is sure."""
    points = points.astype(np.float64)
    for fits in (_is_shared, _is_even, _is_normal):
        for line, share, noise in _guesses(points, pictures, times):
            inner = np.broadcast_to((share > 0.1) & (share < 0.9), noise.shape)
            if inner.any() and fits(noise, inner):
                return line, noise, inner
    where = "at the picture" if np.allclose(points, pictures) else "elsewhere"
    return where, None, np.zeros(points.shape, dtype=bool)


def _guesses(
    points: Array, pictures: Array, times: Array
) -> Iterator[tuple[str, Array, Array]]:
    batch, axes = len(pictures), pictures.ndim
    shapes = {
        "": (batch, *[1] * (axes - 1)),
        ", each column with its own time": (batch,),
        ", each row with its own time": (batch, 1),
        ", each channel with its own time": (batch, 1, 1),
    }
    for place, (how, shape) in enumerate(shapes.items()):
        if place and (len(shape) >= axes or pictures.shape[-len(shape)] != batch):
            continue
        share = times.reshape(shape)
        with np.errstate(all="ignore"):  # a guess may divide by 0
            yield (
                f"on the line from noise to picture{how}",
                share,
                (points - share * pictures) / (1 - share),
            )
            yield (
                f"on the line from picture to noise{how}",
                share,
                (points - (1 - share) * pictures) / share,
            )
            yield f"at noise that does not fade{how}", share, points - share * pictures
    yield "at the noise", np.full(1, 0.5), points


def _is_shared(noise: Array, inner: Array) -> bool:
    """Return whether all pictures have the same noise."""
    rows = noise[inner.reshape(len(noise), -1).all(axis=1)]
    return len(rows) > 1 and bool(np.ptp(rows, axis=0).max() < 1e-4)


def _is_normal(noise: Array, inner: Array) -> bool:
    seen = noise[inner]
    if not (abs(seen.mean()) < FIT and abs(seen.std() - 1) < FIT):
        return False
    return _stray(torch.special.ndtr(torch.from_numpy(seen)).numpy()) < STRAY


def _is_even(noise: Array, inner: Array) -> bool:
    seen = noise[inner]
    return bool(seen.min() > -1e-3 and seen.max() < 1 + 1e-3 and seen.std() > 0.2)


def _kind(noise: Array | None, inner: Array) -> str:
    if noise is None:
        return "unknown"
    if _is_shared(noise, inner):
        return "the same for all pictures"
    return "even from 0 to 1" if _is_even(noise, inner) else "normal"


def _compared(loss: Array, velocity: Array, picture: Array, noise: Array | None) -> str:
    """Return which loss this is of what the network said, of a picture and its noise."""
    if noise is None:
        return "unknown"
    if np.size(loss) != 1:
        return "several numbers"
    errors = {
        "(picture - noise)": velocity - picture + noise,
        "(noise - picture)": velocity + picture - noise,
        "picture": velocity - picture,
        "noise": velocity - noise,
    }
    for target, error in errors.items():
        square = float(np.square(error).mean())
        known = {
            "mean square": square,
            "sum of squares": square * error.size,
            "sum of each picture's squares": square * error.size / len(error),
            "root of the mean square": square**0.5,
            "mean distance": float(np.abs(error).mean()),
        }
        for how, right in known.items():
            if np.isclose(loss, right, rtol=3e-4):
                return f"{how} of velocity - {target}"
    return "another one"


def _seeds(loss: Any, again: Any, other: Any, later: Any) -> str:
    if not np.array_equal(loss, again):
        return "does not decide"
    if np.array_equal(loss, other):
        return "does not matter"
    return "decides alone, at every call anew" if np.array_equal(loss, later) else "decides"


def _says(name: str, part: str, message: str) -> Invariance:
    """Return the law that `measure` finds nothing wrong with a part."""

    def holds(run: Any, *arguments: Any) -> bool:
        return run(*arguments)[part] in (RIGHT[part], UNSEEN)

    return Invariance(name=name, message=message, holds=holds)


LAWS = (
    _says(
        "times",
        "times",
        "The network gets other times than it should: one for each picture, drawn uniformly "
        "from 0 to 1 by every call anew, as a tensor (batch,).",
    ),
    _says(
        "asked-elsewhere",
        "network",
        "The network is not asked on the line. Its points are (1 - t) · noise + t · picture, "
        "with a time and a noise of its own for each picture.",
    ),
    _says("prompts", "prompts", "The network must get `condition` as it is."),
    _says(
        "compared-otherwise",
        "loss",
        "The points are right, the loss is not: the mean over everything of "
        "(velocity - (picture - noise))², with the noise that the points were made of.",
    ),
    _says(
        "overwritten",
        "pictures",
        "`clean` itself was changed, and whoever passed it in has lost the pictures. Make a "
        "new tensor.",
    ),
    _says(
        "seed-ignored",
        "seed",
        "The seed must decide: draw from the generator that is passed in alone.",
    ),
    Invariance(
        name="gradient-cut",
        message="No gradient gets through to `condition`, so `nothing` would never be learnt. "
        "Hand it to the network as it is, without .detach().",
        holds=lambda run, *arguments: run(*arguments).get("gradient") != "not to the prompts",
    ),
)
