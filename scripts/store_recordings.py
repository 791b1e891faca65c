"""Speak the recordings that come with the course into mmcourse/speech/recordings.

They are the first of the sets that the recogniser is tested on, and some more to train on.

usage: PYTHONPATH=. python scripts/store_recordings.py
"""

import multiprocessing
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from spoken import Spoken
from spoken_data import waves

from mmcourse.atomic import whole_file
from mmcourse.audio import log_mel
from mmcourse.speech.levels import levels
from mmcourse.speech.recordings import FOLDER

PARTS = {
    "train": ("lesson", 250, 0),
    "heard": ("test-heard", 250, 8),
    "new": ("test-new", 250, 8),
    "new-words": ("test-new-words", 50, 2),
}
"""Part -> the set that it is taken from, how many, and how many in a file have their waves: the
shortest of as many parts."""

PIECE = 100  # recordings in a file, which is to stay under a megabyte
LEAST = 16  # samples are whole multiples of it: 12 bits, far below the noise


def store(part: str) -> None:
    """Speak one part and write its files."""
    torch.set_num_threads(1)
    name, n, playable = PARTS[part]
    spoken = list(islice(waves(name), n))
    for first in range(0, n, PIECE):
        file = FOLDER / f"{part}-{first // PIECE}.npz"
        write(file, spoken[first : first + PIECE], playable)


def write(path: Path, spoken: list[tuple[Spoken, np.ndarray]], playable: int) -> None:
    """Write one file."""
    bands = [levels(log_mel(wave)).numpy() for _, wave in spoken]
    rows = [_shortest(bands[first::playable]) * playable + first for first in range(playable)]
    played = [_rounded(spoken[row][1]) for row in rows]
    joined = np.concatenate(bands, axis=1)
    with whole_file("store", path) as file:
        np.savez_compressed(
            file,
            rises=np.diff(joined, axis=0, prepend=np.uint8(0)),  # modulo 256
            frames=np.array([each.shape[1] for each in bands]),
            waves=np.concatenate([*played, np.zeros(0, np.int16)]),
            samples=np.array([len(each) for each in played], dtype=np.int64),
            played=np.array(rows, dtype=np.int64),
            texts=np.array([each.text for each, _ in spoken]),
            voices=np.array([each.voice for each, _ in spoken]),
        )


def _shortest(bands: list[np.ndarray]) -> int:
    """Return the row of the shortest recording."""
    return min(range(len(bands)), key=lambda row: bands[row].shape[1])


def _rounded(wave: np.ndarray) -> np.ndarray:
    return (np.round(wave / LEAST).clip(-2048, 2047) * LEAST).astype(np.int16)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        pool.map(store, PARTS, chunksize=1)
