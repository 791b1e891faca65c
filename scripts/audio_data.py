"""What the models of sound are trained on and measured with, made once and kept in shards.

`pair_shard`: pictures as the frozen `tiny` sees them, each with several sounds of its scene.
`scene_shard`: recordings of three seconds, whose sentences are said anew from the seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from answer_data import features
from jaxtyping import Float
from safetensors.torch import load_file, save
from torch import Tensor
from tqdm.auto import tqdm

from mmcourse import clip
from mmcourse.atomic import whole_file
from mmcourse.audio import log_mel
from mmcourse.data import pairs
from mmcourse.world import Scene, SoundScene, play, sound, sound_scene
from mmcourse.world.sounds_and_films.sound import FULL_SCALE
from mmcourse.world.sounds_and_films.sound_scene import NOISE_LEVELS

SEED = 14
SHARD = 2048
TAKES = 3
"""Sounds of every picture's scene: other performances, in other noise."""

PAIR_SHARDS, SCENE_SHARDS = 6, 24


@dataclass(frozen=True)
class Heard:
    """Pictures of one split with sounds of their scenes.

    Args:
        scenes: what each picture shows.
        images: vectors of `tiny`, not normalised.
        mels: several sounds each.
    """

    scenes: tuple[Scene, ...]
    images: Float[Tensor, "n dim"]
    mels: Float[Tensor, "n takes mels frames"]


def heard(n: int, number: int, split: str, takes: int = 1, **part: object) -> Heard:
    """Return n pictures with sounds, from a seed of their own.

    Args:
        n: how many.
        number: of the seed.
        split: of the scenes.
        takes: sounds of each.
        part: as for `sample_scene`.
    """
    shown = pairs(n, [SEED, number], split=split, **part)
    rng = np.random.default_rng([SEED, number, 1])
    images, _ = features(clip.load("tiny", "cpu")[0], shown.pixels)
    waves = [noisy(sound(scene, rng), rng) for scene in shown.scenes for _ in range(takes)]
    mels = log_mel(np.stack(waves))
    return Heard(shown.scenes, images, mels.reshape(n, takes, *mels.shape[1:]))


def noisy(wave: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a recording in float32 with noise over it, as loud as in a `sound_scene`."""
    low, high = NOISE_LEVELS
    level = low + (high - low) * rng.random()
    hiss = (2 * rng.random(len(wave)) - 1) * np.sqrt(3)
    return (wave / FULL_SCALE + level * hiss).astype(np.float32)


def sound_scenes(n: int, number: int, **part: object) -> list[SoundScene]:
    """Return n random recordings, as descriptions, from a seed of their own."""
    rng = np.random.default_rng([SEED, 100, number])
    return [sound_scene(rng, **part) for _ in range(n)]


def spectrograms(scenes: Sequence[SoundScene]) -> Float[Tensor, "n mels frames"]:
    """Return what some recordings look like."""
    parts = [
        log_mel(np.stack([play(scene) for scene in scenes[first : first + 64]]))
        for first in range(0, len(scenes), 64)
    ]
    return torch.cat(parts)


def pair_shard(folder: Path, shard: int) -> dict[str, Tensor]:
    """Return one shard of training pairs: `images` and `mels`."""

    def make() -> dict[str, Tensor]:
        made = heard(SHARD, 1000 + shard, "train", TAKES)
        return {"images": made.images.half(), "mels": made.mels.half()}

    return kept(folder / f"audio-pairs-{SEED}-{shard:03d}.safetensors", make)


def scene_shard(folder: Path, shard: int) -> tuple[list[SoundScene], Tensor]:
    """Return one shard of training recordings: what happens, and what it looks like."""
    scenes = sound_scenes(SHARD, 1000 + shard)
    path = folder / f"audio-scenes-{SEED}-{shard:03d}.safetensors"
    return scenes, kept(path, lambda: {"mels": spectrograms(scenes).half()})["mels"]


def kept(path: Path, make: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return what a file holds; it is made first where it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file("audio_data", path) as file:
            file.write(save(make()))
    return load_file(path)


def main() -> int:
    """Make every shard that is missing, pairs first."""
    folder = Path(__file__).resolve().parents[1] / "my" / "training"
    for shard in tqdm(range(PAIR_SHARDS), desc="pairs"):
        pair_shard(folder, shard)
    for shard in tqdm(range(SCENE_SHARDS), desc="recordings"):
        scene_shard(folder, shard)
    return 0


if __name__ == "__main__":
    main()
