"""Films as tensors: ten small pictures, and a piece of sound as long as each of them.

One seed gives the same films on every machine. A piece of sound becomes a log-mel spectrogram
of its own, so that what is known of it is known of its moment. Leaves out longer films, and
frames at other rates than sound is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from jaxtyping import Float, Int16, UInt8
from torch import Tensor

from mmcourse.audio import log_mel
from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.video.encoders import SIZE
from mmcourse.world import Duet, duet_film, sample_duet
from mmcourse.world.sounds_and_films.duet import FRAMES


@final
@dataclass(frozen=True)
class Films:
    """Films with what happens in them.

    Args:
        duets: what happens.
        pictures: red, green, blue from 0 to 255.
        sounds: log-mel numbers of the piece of sound that belongs to each frame.
    """

    duets: tuple[Duet, ...]
    pictures: UInt8[Tensor, "n frames 32 32 3"]
    sounds: Float[Tensor, "n frames 48 11"]

    def __len__(self) -> int:
        return len(self.duets)

    @checked
    def rows(self, rows: Sequence[int]) -> "Films":
        """Return the films in these rows.

        Raises:
            ValueError: there is no such row.
        """
        most = len(self) - 1
        picked = [whole("Films.rows", "a row", row, least=0, most=most) for row in rows]
        duets = tuple(self.duets[row] for row in picked)
        return Films(duets, self.pictures[picked], self.sounds[picked])


@checked
def films(n: int, seed: int | Sequence[int], *, split: str = "train") -> Films:
    """Return n films of random duets.

    Args:
        n: how many.
        seed: what numpy's `default_rng` takes; equal seeds give equal films.
        split: as for `world.sample_duet`.

    Raises:
        ValueError: the number or the split is none.

    >>> films(2, 0, split="test").sounds.shape
    torch.Size([2, 10, 48, 11])
    """
    n = whole("films", "n", n, least=1)
    rng = np.random.default_rng(seed)
    with speaking_as("films", "sample_duet"):
        return films_of([sample_duet(rng, split=split) for _ in range(n)])


@checked
def films_of(duets: Sequence[Duet]) -> Films:
    """Return these duets as films.

    Raises:
        ValueError: there is none.
    """
    if not duets:
        raise ValueError("films_of: duets must hold at least one; got none.")
    shown = [duet_film(duet) for duet in duets]
    pictures = torch.from_numpy(np.stack([one.pictures(SIZE) for one in shown]))
    return Films(tuple(duets), pictures, torch.stack([pieces(one.sound) for one in shown]))


@checked
def pieces(
    wave: Int16[np.ndarray, " samples"], frames: int = FRAMES
) -> Float[Tensor, "frames 48 steps"]:
    """Return a film's sound, cut into a spectrogram for each frame.

    Args:
        wave: mono, 16,000 samples a second.
        frames: how many pieces; samples that are left over are unheard.

    Raises:
        ValueError: the wave is too short.

    Two seconds in ten pieces of 3,200 samples: 1 + (3200 - 512) // 256 windows each.

    >>> pieces(np.zeros(32_000, dtype=np.int16)).shape
    torch.Size([10, 48, 11])
    """
    frames = whole("pieces", "frames", frames, least=1)
    each = len(wave) // frames
    with speaking_as("pieces", "log_mel"):
        return log_mel(wave[: each * frames].reshape(frames, each))
