"""Spoken captions that come with the course: what is said, by whom, and of which scene.

All is synthetic speech. `scripts/store_recordings.py` made them; docs/applications.md says how,
and which voices the recogniser has never heard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import final

import numpy as np
import torch
from jaxtyping import Float, Int16
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.data import sample_scenes
from mmcourse.speech.levels import from_levels
from mmcourse.world import Scene

FOLDER = Path(__file__).with_name("recordings")

PARTS: Mapping[str, tuple[tuple[int, ...], str, int | None]] = MappingProxyType(
    {
        "train": ((15, 5, 0), "train", None),
        "heard": ((15, 2, 0), "test", None),
        "new": ((15, 2, 0), "test", None),
        "new-words": ((15, 4, 0), "test", 1),
    }
)
"""Part -> seed and split of its scenes, and how many things are in each, if that is fixed."""


@final
@dataclass(frozen=True, eq=False)
class Recording:
    """A spoken caption.

    Args:
        text: what is said, in small letters: `target_caption` of the scene, but in "new-words".
        voice: who says it, as espeak-ng calls it.
        log_mel: as `audio.log_mel` makes it by default, in steps of 0.1.
        wave: 16,000 samples a second, in 12 bits of sixteen, to be played; few have it.
        scene: what it is about.
    """

    text: str
    voice: str
    log_mel: Float[Tensor, "mels frames"]
    wave: Int16[np.ndarray, " samples"] | None
    scene: Scene


@checked
def stored_recordings(part: str) -> list[Recording]:
    """Return the recordings of one part, in a fixed order.

    "train" are captions of training scenes, to learn from, in voices of training. "heard" are
    captions of test scenes in voices of training, "new" the same captions of the same scenes
    in five voices that the recogniser has never heard, in turn. "new-words", in voices of
    training, name things that no caption of the drawn world holds: "a pink giraffe at sea".
    Such a scene shows another thing in that colour and place.

    Args:
        part: "train", "heard", "new" or "new-words".

    Raises:
        ValueError: there is no such part.

    >>> recording = stored_recordings("new")[0]
    >>> recording.voice, recording.log_mel.shape[0]
    ('en-us+Alicia', 48)
    """
    if part not in PARTS:
        raise ValueError(
            f"stored_recordings: part must be one of {', '.join(PARTS)}; got {part!r:.40}."
        )
    found = [each for file in sorted(FOLDER.glob(f"{part}-[0-9].npz")) for each in _read(file)]
    seed, split, things = PARTS[part]
    rng = np.random.default_rng(seed)
    scenes = sample_scenes(len(found), rng, split=split, n_objects=things)
    return [Recording(*each, scene) for each, scene in zip(found, scenes, strict=True)]


def _read(
    file: Path,
) -> list[tuple[str, str, Float[Tensor, "mels frames"], Int16[np.ndarray, " samples"] | None]]:
    """Return what one file holds; bands are stored as differences, which take less room."""
    with np.load(file) as kept:
        levels = np.cumsum(kept["rises"], axis=0, dtype=np.uint8)
        ends = np.cumsum(kept["frames"])[:-1].tolist()
        log_mels = from_levels(torch.from_numpy(levels)).tensor_split(ends, dim=1)
        parts = np.split(kept["waves"], np.cumsum(kept["samples"])[:-1].tolist())
        waves = dict(zip(kept["played"].tolist(), parts, strict=False))
        texts, voices = kept["texts"].tolist(), kept["voices"].tolist()
    return [
        (text, voice, log_mel.clone(), waves.get(row))
        for row, (text, voice, log_mel) in enumerate(zip(texts, voices, log_mels, strict=True))
    ]
