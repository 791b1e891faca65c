"""Pictures of one thing each, as the frozen tower sees them, found by kind and colour.

Leaves out everything that a game does not ask for: where the thing is, how large, in which
pose and setting. They differ from picture to picture, and must not matter.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import final

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.flamingo.game import Thing
from mmcourse.world import Scene


@final
class Album:
    """Grids of pictures with one thing each.

    Args:
        grids: from `CLIP.image_grid`, in whatever precision.
        scenes: what each picture shows.

    Raises:
        ValueError: there are more or fewer scenes than grids, or one has several things.
    """

    @checked
    def __init__(self, grids: Float[Tensor, "n places dim"], scenes: Sequence[Scene]) -> None:
        if len(grids) != len(scenes) or any(len(scene.objects) != 1 for scene in scenes):
            raise ValueError(
                "Album: there must be a scene of one thing for each grid; got "
                f"{len(grids)} grids, {len(scenes)} scenes with "
                f"{sum(len(scene.objects) for scene in scenes)} things."
            )
        self.grids, self.scenes = grids, tuple(scenes)
        self.things: list[Thing] = [
            (scene.objects[0].kind, scene.objects[0].colour) for scene in scenes
        ]
        self.rows: dict[Thing, list[int]] = defaultdict(list)
        for row, thing in enumerate(self.things):
            self.rows[thing].append(row)

    @checked
    def count(self, thing: Thing) -> int:
        """Return how many pictures of such a thing there are."""
        return len(self.rows.get(thing, ()))

    @checked
    def pick(self, things: Sequence[Thing], rng: np.random.Generator) -> list[int]:
        """Return the row of a random picture of each thing; `rng` is advanced.

        Raises:
            ValueError: there is no picture of one.
        """
        missing = [thing for thing in things if not self.count(thing)]
        if missing:
            raise ValueError(
                f"Album.pick: there must be a picture of every thing; there is none of "
                f"{missing[0]!r:.60}."
            )
        found = [self.rows[thing] for thing in things]
        return [rows[int(len(rows) * rng.random())] for rows in found]

    @checked
    def show(self, rows: Sequence[Sequence[int]]) -> Float[Tensor, "batch pictures places dim"]:
        """Return the grids of the pictures of each document, in float32.

        Raises:
            ValueError: there is no such row, or some documents have more pictures than others.
        """
        if len({len(each) for each in rows}) > 1:
            raise ValueError(
                "Album.show: every document must have as many pictures; got "
                f"{sorted({len(each) for each in rows})}; show them apart."
            )
        for row in (row for each in rows for row in each):
            whole("Album.show", "a row", row, least=0, most=len(self.grids) - 1)
        return torch.stack([self.grids[list(each)].float() for each in rows])
