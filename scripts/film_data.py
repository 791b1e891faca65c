"""What the watcher of films is trained on, made once and kept in shards.

Duets are drawn anew from the seed; only their pictures and sounds are kept.
"""

from pathlib import Path

import numpy as np
import torch
from audio_data import kept
from torch import Tensor

from mmcourse.video import Films, films_of
from mmcourse.world import sample_duet

SEED = 18
SHARD, SHARDS = 1_000, 6


def film_shard(folder: Path, shard: int) -> Films:
    """Return one shard of training films."""
    rng = np.random.default_rng([SEED, 1_000 + shard])
    duets = [sample_duet(rng) for _ in range(SHARD)]

    def make() -> dict[str, Tensor]:
        made = films_of(duets)
        return {"pictures": made.pictures, "sounds": made.sounds.half()}

    parts = kept(folder / f"films-{SEED}-{shard:03d}.safetensors", make)
    return Films(tuple(duets), parts["pictures"], parts["sounds"].float())


def training_films(folder: Path) -> Films:
    """Return all films to learn from."""
    shards = [film_shard(folder, shard) for shard in range(SHARDS)]
    return Films(
        tuple(duet for shard in shards for duet in shard.duets),
        torch.cat([shard.pictures for shard in shards]),
        torch.cat([shard.sounds for shard in shards]),
    )
