"""Find the border of the drawn world's sounds, by which foreign ones are told; ships it.

One border each for recordings of one, two and three seconds. The world's mean and spread in
every direction come from recordings for training, the border itself from others for
validation, and how often it is wrong of the world's own sounds, and right of foreign ones,
from recordings for the test. No foreign sound was used to find it.

usage: python scripts/fit_sound_border.py
"""

import sys
from collections.abc import Callable

import numpy as np
import torch
from audio_data import SEED, noisy, sound_scenes
from fit_border import INSIDE, fitted
from foreign_sounds import CHOOSING, TESTING, foreign_sounds
from jaxtyping import Float
from scipy.signal import resample_poly
from shipping import processor
from stopwatch import Stopwatch
from torch import Tensor

from mmcourse import checkpoints
from mmcourse.audio import log_mel
from mmcourse.audio.grain import grain
from mmcourse.checkpoints.weights import WEIGHTS
from mmcourse.ears import BORDER, BORDERS
from mmcourse.recordings import SAMPLE_RATE
from mmcourse.world import film, play, sample_scene, sound
from mmcourse.world.sounds_and_films.sound import FULL_SCALE

FIT, CHOSEN, TESTED = 2000, 1000, 500
EACH = 6
"""Foreign sounds of every sort."""

Wave = np.ndarray


def world_sounds(n: int, number: int, split: str, seconds: int, sr: int = SAMPLE_RATE) -> Wave:
    """Return n recordings: parts of scenes of three seconds, and what pictures and films sound.

    Every second one is of the shorter sort, where there is one: a picture's second, with noise
    or without, or a film's two seconds.

    Args:
        n: how many.
        number: of the seed.
        split: of the scenes that pictures and films show.
        seconds: that each lasts.
        sr: samples a second that they are played at.
    """
    rng = np.random.default_rng([SEED, 300, number, seconds])
    waves = []
    for place, scene in enumerate(sound_scenes(n, 300 + number)):
        if seconds == max(BORDERS) or place % 2:
            waves.append(play(scene, sr)[: seconds * sr] / FULL_SCALE)
            continue
        shown = sample_scene(rng, split=split)
        short = sound(shown, rng, sr) if seconds == 1 else film(shown, rng, sr=sr).sound
        waves.append(noisy(short, rng) if rng.random() < 0.5 else short / FULL_SCALE)
    return np.stack(waves).astype(np.float32)


def grains(waves: Wave) -> Float[Tensor, "n numbers"]:
    """Return what recordings are made of."""
    return torch.cat(
        [grain(log_mel(part)) for part in np.array_split(waves, -(-len(waves) // 100))]
    )


def eight_bits(waves: Wave) -> Wave:
    """Return recordings as files of 8 bits keep them."""
    return (np.round(waves * 127) / 127).astype(np.float32)


def share(inside: Tensor) -> tuple[float, int]:
    """Return the share of recordings, and how many there are."""
    return round(inside.double().mean().item(), 4), len(inside)


def measured(within: Callable[[Wave], Tensor], seconds: int) -> dict[str, tuple[float, int]]:
    """Return how often the border is right, on sounds for the test."""
    own = world_sounds(TESTED, 2, "test", seconds)
    studio = world_sounds(TESTED // 5, 2, "test", seconds, 44_100)
    found = {
        "world sounds within": share(within(own)),
        "world sounds within, 8 bits": share(within(eight_bits(own))),
        "world sounds within, from 44.1 kHz": share(
            within(resample_poly(studio, 160, 441, axis=1).astype(np.float32))
        ),
    }
    size = seconds * SAMPLE_RATE
    for name, kinds in (("foreign sounds beyond", TESTING), ("for choosing, beyond", CHOOSING)):
        each = {
            kind: ~within(waves[:, :size])
            for kind, waves in foreign_sounds(kinds, EACH).items()
        }
        found[name] = share(torch.cat(list(each.values())))
        found |= {f"beyond: {kind}": share(hits) for kind, hits in each.items()}
    return found


def main() -> int:
    """Fit, choose the edges, and write the files with their entries in the manifest."""
    for seconds in BORDERS:
        name = f"{BORDER}-{seconds}"
        watch = Stopwatch(WEIGHTS.parents[1] / "my" / f"{name}.seconds")
        border = fitted(grains(world_sounds(FIT, 0, "train", seconds)))
        distances = border(grains(world_sounds(CHOSEN, 1, "validation", seconds)))
        border.edge.copy_(torch.quantile(distances, INSIDE))
        checkpoints.save(border.half(), WEIGHTS / f"{name}.safetensors")
        border = border.float()
        entry = checkpoints.Entry(
            model=type(border).__name__,
            sha256=checkpoints.sha256(WEIGHTS / f"{name}.safetensors"),
            command="python scripts/fit_sound_border.py",
            seed=SEED,
            device=processor().replace(", bfloat16", ""),
            minutes=round(watch.lap() / 60, 1),
            metrics=measured(lambda waves: border(grains(waves)) <= 1, seconds),  # noqa: B023
        )
        checkpoints.write_manifest_entry(name, entry)
        print(name, entry.metrics)
    return 0


if __name__ == "__main__":
    sys.exit(main())
