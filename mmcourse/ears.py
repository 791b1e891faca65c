"""A recording as the models of sound hear it: what happens, and if it is of the drawn world.

A recording is cut into parts of three seconds, as long as those that the captioner learnt
from; what is left over at the end is heard with silence behind it. Leaves out what is printed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from mmcourse.audio import AudioCaptioner, AudioTower, grain, log_mel
from mmcourse.audio.grain import GRAIN
from mmcourse.captioning import greedy
from mmcourse.checkpoints import restore
from mmcourse.foreign import Border
from mmcourse.recordings import SAMPLE_RATE, SHORTEST, Recording, open_recording

PART = 3
"""Seconds that are heard at a time."""

BORDER, BORDERS = "sound-border", (1, 2, 3)
"""Its name, and the seconds that there is one for: short sounds differ more."""

FOREIGN = "not of the drawn world"


@final
@dataclass(frozen=True)
class Part:
    """What is heard in some seconds.

    Args:
        begin: of the part, in seconds.
        end: of the part, in seconds.
        guess: the sentence, said or not.
        confidence: the captioner's probability that all of it is right.
        distance: from the middle of the world's sounds; the border is at 1.
    """

    begin: float
    end: float
    guess: str
    confidence: float
    distance: float

    @property
    def foreign(self) -> bool:
        """Whether it lies beyond the border."""
        return self.distance > 1


@final
class Ears:
    """The captioner of sounds, and the borders of its world.

    Raises:
        ValueError: the weights are damaged.
        FileNotFoundError: the weights are missing.
    """

    def __init__(self) -> None:
        self.captioner = restore(AudioCaptioner(), "audio-captioner")
        self.borders = _borders()

    def listen(self, path: Path) -> list[Part]:
        """Return what is heard in a file, part by part.

        Raises:
            UnreadableSoundError: a ValueError, which says why nothing can be heard.
        """
        recording = open_recording(path)
        return [self._part(begin, wave) for begin, wave in _cut(recording, PART)]

    @torch.no_grad()
    def _part(self, begin: float, wave: np.ndarray) -> Part:
        distance = _distance(self.borders, wave)
        whole = np.zeros(PART * SAMPLE_RATE, dtype=np.float32)
        whole[: len(wave)] = wave
        features = self.captioner.features(log_mel(whole)[None])
        [said] = greedy(self.captioner.decoder, features)
        end = begin + len(wave) / SAMPLE_RATE
        return Part(begin, end, said.text, said.probability, distance)


def sound_distances(path: Path) -> list[float]:
    """Return how far each part of a recording lies from the middle of the world's sounds.

    The border is at 1, as in `Part`.

    Raises:
        UnreadableSoundError: a ValueError, which says why nothing can be heard.
        FileNotFoundError: the weights are missing.
    """
    recording, borders = open_recording(path), _borders()
    return [_distance(borders, wave) for _, wave in _cut(recording, PART)]


@torch.no_grad()
def sound_vector(path: Path) -> Float[Tensor, " dim"]:
    """Return where a recording lies in the space of `tiny`: the mean of its seconds, length 1.

    Raises:
        UnreadableSoundError: a ValueError, which says why nothing can be heard.
        FileNotFoundError: the weights are missing.
    """
    tower = restore(AudioTower(), "audio-tower")
    parts = []
    for _, wave in _cut(open_recording(path), 1):
        whole = np.zeros(SAMPLE_RATE, dtype=np.float32)
        whole[: len(wave)] = wave
        parts.append(F.normalize(tower(log_mel(whole)[None])[0], dim=0))
    return F.normalize(torch.stack(parts).mean(0), dim=0)


def _borders() -> dict[int, Border]:
    """Return the border for sounds of so many seconds."""
    return {seconds: restore(Border(GRAIN), f"{BORDER}-{seconds}") for seconds in BORDERS}


@torch.no_grad()
def _distance(borders: dict[int, Border], wave: np.ndarray) -> float:
    """Return how far a part lies from the middle of sounds of its length."""
    seconds = max(1, round(len(wave) / SAMPLE_RATE))
    return float(borders[seconds](grain(log_mel(wave)[None])))


def _cut(recording: Recording, seconds: int) -> list[tuple[float, np.ndarray]]:
    """Return parts of so many seconds with their beginnings; a rest of half a second counts."""
    size, wave = seconds * SAMPLE_RATE, recording.wave
    parts = [
        (begin / SAMPLE_RATE, wave[begin : begin + size]) for begin in range(0, len(wave), size)
    ]
    return [
        (begin, part)
        for number, (begin, part) in enumerate(parts)
        if not number or len(part) >= SHORTEST * SAMPLE_RATE
    ]
