"""Answers to 18.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.checks.question import Mistake

Array = np.ndarray
Chance = np.random.Generator
Orders = Callable[[Chance, int, int], Array]
Take = Callable[[Array, Array], Array]


def each_its_own(rng: Chance, films: int, frames: int) -> Array:
    """Return an order of the frames for each film, drawn evenly, (films, frames)."""
    return rng.random((films, frames)).argsort(axis=1)


def _of_each_film(parts: Array, orders: Array) -> Array:
    return parts[np.arange(len(parts))[:, None], orders]


def _as_given(chance: Chance) -> Chance:
    return chance


def _the_same(_: Chance, orders: Array) -> Array:
    return orders


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`bag_of_frames`, with steps that may be replaced."""

    chance: Callable[[Chance], Chance] = _as_given
    orders: Orders = each_its_own
    seen: Callable[[Array], Array] = lambda orders: orders
    heard: Callable[[Chance, Array], Array] = _the_same
    take: Take = _of_each_film

    def __call__(self, pictures: Array, sounds: Array, rng: Chance) -> tuple[Array, Array]:
        """Return the films with their frames in any order, sound with its frame."""
        rng = self.chance(rng)
        orders = self.orders(rng, *pictures.shape[:2])
        taken = self.take(pictures, self.seen(orders))
        return taken, self.take(sounds, self.heard(rng, orders))


bag_of_frames = Steps()
"""The films with their frames in any order, each with its own piece of sound."""


def _in_order(orders: Array) -> Array:
    return np.broadcast_to(np.arange(orders.shape[1]), orders.shape)


def _one_for_all(rng: Chance, films: int, frames: int) -> Array:
    return np.tile(rng.permutation(frames), (films, 1))


def _gone_round(rng: Chance, films: int, frames: int) -> Array:
    return (np.arange(frames) + rng.integers(frames, size=(films, 1))) % frames


def _turned_round(_: Chance, films: int, frames: int) -> Array:
    return np.tile(np.arange(frames)[::-1], (films, 1))


def _first_stays(rng: Chance, films: int, frames: int) -> Array:
    rest = 1 + each_its_own(rng, films, frames - 1)
    return np.concatenate([np.zeros((films, 1), dtype=int), rest], axis=1)


def _last_stays(rng: Chance, films: int, frames: int) -> Array:
    last = np.full((films, 1), frames - 1)
    return np.concatenate([each_its_own(rng, films, frames - 1), last], axis=1)


def _somewhat(rng: Chance, films: int, frames: int) -> Array:
    return (np.arange(frames) + 2 * rng.random((films, frames))).argsort(axis=1)


def _again(rng: Chance, films: int, frames: int) -> Array:
    return rng.integers(frames, size=(films, frames))


def _one_frame(rng: Chance, films: int, frames: int) -> Array:
    return np.broadcast_to(rng.integers(frames, size=(films, 1)), (films, frames))


def _films_exchanged(pictures: Array, sounds: Array, rng: Chance) -> tuple[Array, Array]:
    order = rng.permutation(len(pictures))
    return pictures[order], sounds[order]


def _numbers_apart(pictures: Array, sounds: Array, rng: Chance) -> tuple[Array, Array]:
    return rng.permuted(pictures, axis=1), rng.permuted(sounds, axis=1)


def _in_place(pictures: Array, sounds: Array, rng: Chance) -> tuple[Array, Array]:
    for picture, sound in zip(pictures, sounds, strict=True):
        order = rng.permutation(len(picture))
        picture[:], sound[:] = picture[order], sound[order]
    return pictures, sounds


MISTAKES = (
    Mistake(
        name="one-order-for-all",
        message="All films have the same order. A network that is trained on them finds it "
        "out, and knows again what came first. Draw an order for each film.",
        changes={"orders": _one_for_all},
    ),
    Mistake(
        name="goes-round",
        message="Your frames still follow each other: the film begins elsewhere, and goes "
        "round. Who moves which way can be told from any two neighbours. Draw any order.",
        changes={"orders": _gone_round},
    ),
    Mistake(
        name="backwards",
        message="Your films run backwards, which is as good an order as any. Draw it.",
        changes={"orders": _turned_round},
    ),
    Mistake(
        name="some-stay",
        message="Not all orders are as likely with you: the first or the last frame keeps its "
        "place, or frames stay near it. So some of what came first can be told.",
        changes={"orders": _first_stays},
        variants=({"orders": _last_stays}, {"orders": _somewhat}),
    ),
    Mistake(
        name="drawn-again",
        message="Your films show some frames several times and others never. That takes more "
        "than the order. Each frame comes once.",
        changes={"orders": _again},
        variants=({"orders": _one_frame},),
    ),
    Mistake(
        name="sound-left-in-place",
        message="Your sound stays where it was, so that it belongs to other frames now. That "
        "takes more than the order: what happens at one moment must stay together.",
        changes={"heard": lambda _, orders: _in_order(orders)},
    ),
    Mistake(
        name="sound-in-another-order",
        message="Pictures and sound have orders of their own with you. That takes more than "
        "the order: what happens at one moment must stay together.",
        changes={"heard": lambda rng, orders: each_its_own(rng, *orders.shape)},
    ),
    Mistake(
        name="pictures-left-in-place",
        message="Your pictures stay in order: nothing is taken from who only looks.",
        changes={"seen": _in_order},
    ),
    Mistake(
        name="films-exchanged",
        message="You exchanged whole films, or took frames of one for another. Each film keeps "
        "its frames.",
        answer=_films_exchanged,
    ),
    Mistake(
        name="frames-torn-apart",
        message="Each number of a frame went elsewhere: rng.permuted draws an order for each. "
        "A frame stays whole.",
        answer=_numbers_apart,
    ),
    Mistake(
        name="changed-in-place",
        message="You changed the films that you were given, and whoever passed them in has "
        "lost them. Return new ones.",
        answer=_in_place,
    ),
    Mistake(
        name="seeded-itself",
        message="Your orders are the same whatever generator is passed in. Draw from that one.",
        changes={"chance": lambda _: np.random.default_rng(0)},
    ),
    Mistake(
        name="generator-ignored",
        message="You draw from another source of chance, so that nobody can repeat it. Draw "
        "from the generator that is passed in.",
        changes={"chance": lambda _: np.random.default_rng()},
    ),
)
