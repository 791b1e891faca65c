"""What the painters of lesson 13 are taught from: pictures of one thing, or of two, with facts.

Single things are of ordinary size: of what covers a twentieth of 64 pixels, nobody could say
whether it is well painted. Pictures are drawn in shards, each from its own seed, and kept in a
folder; their scenes are sampled again, which is quick, so that captions can be said anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from tqdm.auto import tqdm
from training_data import on_all_cores

from mmcourse.atomic import whole_file
from mmcourse.world import Scene, render, sample_scene

SHARD = 4096
SIZE = 64
"""Pixels of a side, as `tiny` reads them."""

LEAST_SIZE = 0.25
"""Half the height of a single thing, in picture heights, that is large enough to be judged."""


@dataclass(frozen=True, kw_only=True)
class Diet:
    """What one set of pictures is drawn from.

    Args:
        name: begins the names of its files.
        single: shards of one thing each.
        pair: shards of two that differ.
        splits: of the world, taken in turn.
        seed: of everything that is random.
    """

    name: str
    single: int
    pair: int
    splits: tuple[str, ...] = ("train",)
    seed: int = 1

    @property
    def shards(self) -> int:
        """How many shards there are in all."""
        return self.single + self.pair


@dataclass(frozen=True)
class Painted:
    """Pictures, as bytes that stay on disk until they are read, and what they show."""

    shards: Sequence[np.ndarray]
    scenes: Sequence[Scene]

    def __len__(self) -> int:
        return len(self.scenes)

    def pixels(self, rows: Sequence[int]) -> UInt8[np.ndarray, "n 64 64 3"]:
        """Return the pictures in these rows."""
        return np.stack([self.shards[row // SHARD][row % SHARD] for row in rows])


def painted(folder: Path, diet: Diet) -> Painted:
    """Return the pictures of a diet; those that are missing are drawn, on all cores."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(diet.shards) if not _path(folder, diet, n).exists()]
    if missing:
        on_all_cores(partial(_draw, folder, diet), missing)
    files = [_path(folder, diet, shard) for shard in range(diet.shards)]
    sampled = [scenes(diet, shard) for shard in tqdm(range(diet.shards), desc="scenes")]
    return Painted(
        [np.load(file, mmap_mode="r") for file in files],
        [scene for shard in sampled for scene in shard],
    )


def scenes(diet: Diet, shard: int, n: int = SHARD) -> list[Scene]:
    """Return what the pictures of one shard show."""
    rng = np.random.default_rng([diet.seed, shard])
    number = 1 if shard < diet.single else 2
    found: list[Scene] = []
    while len(found) < n:
        split = diet.splits[len(found) % len(diet.splits)]
        scene = sample_scene(rng, n_objects=number, split=split)
        if is_fit(scene):
            found.append(scene)
    return found


def is_fit(scene: Scene) -> bool:
    """Return whether a scene is a pair of kinds, or one thing that is large enough."""
    if scene.layout == "single":
        return scene.objects[0].size >= LEAST_SIZE
    return scene.layout == "pair"


def _draw(folder: Path, diet: Diet, shard: int) -> None:
    """Draw one shard; the file appears only when it is whole."""
    pixels = np.stack([render(scene, SIZE) for scene in scenes(diet, shard)])
    with whole_file("painted", _path(folder, diet, shard)) as file:
        np.save(file, pixels)


def _path(folder: Path, diet: Diet, shard: int) -> Path:
    return folder / f"{diet.name}-{diet.seed}-{shard:03d}.npy"
