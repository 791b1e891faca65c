"""Choose scenes at random: which things, in which colours, where, and in which split.

Every choice draws through `rng.random()` alone, whose stream numpy keeps fixed, so one
seed gives the same scene on every machine and version.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from mmcourse.world.scene import Scene, Thing
from mmcourse.world.vocabulary import (
    COLOURS,
    HELD_OUT,
    KINDS,
    PLANTED_BIAS,
    SCENES,
    SIGN_WORDS,
    SPLITS,
    STYLES,
)

T = TypeVar("T")

LAYOUT_SHARES = {"single": 0.36, "pair": 0.42, "group": 0.22}
GROUP_COUNT_SHARES = {2: 0.4, 3: 0.35, 4: 0.25}
MAX_TRIES = 2_000
MAX_ASPECT = 3.0


def sample_scene(  # noqa: PLR0913 - each argument makes one kind of sub-world
    rng: np.random.Generator,
    *,
    n_objects: int | None = None,
    kinds: Collection[str] = tuple(KINDS),
    colours: Collection[str] = tuple(COLOURS),
    scenes: Collection[str] = tuple(SCENES),
    split: str = "train",
    style: str = "flat",
    aspect: float = 1.0,
) -> Scene:
    """Return a random scene of one split.

    Called with `rng` alone it gives an ordinary, flat, square scene: one object (36 %),
    a pair of different kinds (42 %), or two to four alike (22 %).

    Args:
        rng: a numpy Generator; it is advanced.
        n_objects: 1, 2, 3 or 4; None draws it. Two are mostly a pair, three and four are alike.
        kinds: names in `KINDS` to draw from.
        colours: names in `COLOURS` to draw from.
        scenes: names in `SCENES` to draw from.
        split: "train", "validation", "test", "held-out" (kind and colour never seen
            together elsewhere) or "hard" (tiny, faded or half-hidden objects).
        style: "flat", "sketch" or "washed-out".
        aspect: width divided by height, from 1 to 3.

    Raises:
        ValueError: a name or number is not one of those above, or no scene of this split
            can be made from them.

    >>> print(sample_scene(np.random.default_rng(0), kinds=["cat"], scenes=["beach"]))
    """
    plan = _Plan(rng, tuple(kinds), tuple(colours), tuple(scenes), split, style, float(aspect))
    plan.check(n_objects)
    for _ in range(MAX_TRIES):
        scene = plan.draw(n_objects)
        if scene is not None and scene.split == split:
            return scene
    raise ValueError(
        f"sample_scene: no {split!r} scene found in {MAX_TRIES} tries with n_objects={n_objects}, "
        f"kinds={list(kinds)}, colours={list(colours)}, scenes={list(scenes)}; "
        "allow more of them (held-out scenes need a pair of `world.HELD_OUT`, "
        "the others need a pair outside it)."
    )
