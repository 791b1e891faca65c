"""What the recogniser is trained and tested on: spoken captions as log-mels.

Each set is cut into shards, and each shard is spoken by a process of its own: what the
synthesiser says depends on what it said before. The sum of all levels of a shard is compared
with the one that the shipped weights were trained on; it passes over voices whose breath is
another noise at every run.

usage: PYTHONPATH=. python scripts/spoken_data.py FOLDER     (speaks what is missing)
"""

import hashlib
import multiprocessing
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int16
from spoken import (
    CHOOSING_VOICES,
    NEW_VOICES,
    UNSTEADY,
    Espeak,
    Spoken,
    recorded,
    training_voices,
)
from torch import Tensor
from tqdm.auto import tqdm

from mmcourse.atomic import whole_file
from mmcourse.audio import log_mel
from mmcourse.captioning import target_caption
from mmcourse.data import sample_scenes
from mmcourse.speech.alphabet import plain
from mmcourse.speech.levels import from_levels, levels
from mmcourse.world import Scene, caption
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.places import PLACES

SEED = 15
TRAIN_SHARDS = 10
SHARD = 2_000
SUMS = Path(__file__).with_name("spoken_sums.toml")

NEW_WORDS = (
    "elephant", "giraffe", "violin", "hammer", "monkey", "pencil", "guitar", "ladder", "lemon",
    "turtle", "basket", "candle", "dragon", "spider", "bottle", "carrot", "table", "helmet",
    "zebra", "pumpkin", "camel", "kettle", "robot", "tiger", "mitten",
)  # fmt: skip
"""Nouns that no caption of the drawn world holds."""


@dataclass(frozen=True)
class Set:
    """Spoken captions of one kind.

    Args:
        number: of its seed; sets of equal number and split show the same scenes.
        split: of the scenes.
        n: recordings in a shard.
        voices: who speaks; None is everyone in training.
        ordinary: whether half of the captions are those of `world.caption`.
        new_words: whether the noun is one of `NEW_WORDS`.
        shards: how many.
    """

    number: int
    split: str
    n: int
    voices: tuple[str, ...] | None = None
    ordinary: bool = False
    new_words: bool = False
    shards: int = 1


SETS = {
    "train": Set(0, "train", SHARD, ordinary=True, shards=TRAIN_SHARDS),
    "choosing-heard": Set(1, "validation", 400),
    "choosing-new": Set(1, "validation", 300, CHOOSING_VOICES),
    "test-heard": Set(2, "test", 1_000),
    "test-new": Set(2, "test", 1_000, NEW_VOICES),
    "test-held-out": Set(3, "held-out", 500),
    "test-new-words": Set(4, "test", 500, new_words=True),
    "lesson": Set(5, "train", 500),
}
"""`train` to learn from, `choosing` to choose by, `test` to be measured once, and 500 more
training captions for the lesson to train on."""


@dataclass(frozen=True)
class Recordings:
    """Recordings of one set.

    Args:
        log_mels: each (mels, frames).
        texts: what is said.
        voices: by whom.
        numbers: of the scenes, in `scenes` of the set's split.
    """

    log_mels: Sequence[Float[Tensor, "mels frames"]]
    texts: Sequence[str]
    voices: Sequence[str]
    numbers: Sequence[int]


def scenes(name: str, shard: int = 0) -> tuple[Scene, ...]:
    """Return the scenes that a shard of a set speaks of."""
    part = SETS[name]
    alone = {"n_objects": 1} if part.new_words else {}
    rng = np.random.default_rng([SEED, part.number, shard])
    return sample_scenes(part.n, rng, split=part.split, **alone)


def sayings(name: str, shard: int = 0) -> Iterator[Spoken]:
    """Yield what a shard says, in order."""
    part = SETS[name]
    voices = part.voices or training_voices()
    for number, scene in enumerate(scenes(name, shard)):
        place = list(SETS).index(name)
        rng = np.random.default_rng([SEED, 9, place, shard, number])
        chosen = int(rng.random() * len(voices)) if part.voices is None else number
        text = target_caption(scene)
        if part.ordinary and rng.random() < 0.5:
            text = caption(scene, rng)
        if part.new_words:
            text = _with_a_new_word(scene, NEW_WORDS[number % len(NEW_WORDS)])
        seed = (SEED, 8, place, shard, number)
        yield Spoken(plain(text), voices[chosen % len(voices)], seed, number)


def waves(name: str, shard: int = 0) -> Iterator[tuple[Spoken, Int16[np.ndarray, " samples"]]]:
    """Yield what a shard says, and how it sounds; only a new process gives the same sound."""
    espeak, leave = Espeak(), not name.startswith("train")
    for spoken in sayings(name, shard):
        yield spoken, recorded(espeak, spoken, plain=leave)


def path(folder: Path, name: str, shard: int) -> Path:
    """Return the file of one shard."""
    return folder / f"spoken-{name}-{shard:02d}.npz"


def speak(job: tuple[Path, str, int]) -> None:
    """Write one shard."""
    folder, name, shard = job
    torch.set_num_threads(1)
    heard = [(spoken, levels(log_mel(wave)).numpy()) for spoken, wave in waves(name, shard)]
    with whole_file("speak", path(folder, name, shard)) as file:
        np.savez(
            file,
            levels=np.concatenate([each for _, each in heard], axis=1),
            frames=np.array([each.shape[1] for _, each in heard]),
            texts=np.array([spoken.text for spoken, _ in heard]),
            voices=np.array([spoken.voice for spoken, _ in heard]),
            numbers=np.array([spoken.number for spoken, _ in heard]),
        )


def speak_all(folder: Path, names: Sequence[str] = tuple(SETS)) -> None:
    """Write the shards that are missing, and compare all with their sums.

    Raises:
        ValueError: a shard does not sound as it did for the shipped weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards = [(folder, name, shard) for name in names for shard in range(SETS[name].shards)]
    missing = [shard for shard in shards if not path(*shard).exists()]
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for _ in tqdm(pool.imap(speak, missing, chunksize=1), "speech", len(missing)):
            pass
    sums = tomllib.loads(SUMS.read_text(encoding="utf-8")) if SUMS.exists() else {}
    for shard in shards:
        name, found = path(*shard).stem, summed(path(*shard))
        if sums.setdefault(name, found) != found:
            raise ValueError(
                f"speak_all: {name} must have the sum in {SUMS.name}; got {found}; the version "
                "of espeakng-loader, or the machine, is another: empty that file to train on "
                "what is spoken here."
            )
    lines = [f'{name} = "{sums[name]}"\n' for name in sorted(sums)]
    SUMS.write_text("".join(lines), encoding="utf-8")


def summed(file: Path) -> str:
    """Return the SHA-256 of the levels in a shard, those of unsteady voices left out."""
    digest = hashlib.sha256()
    with np.load(file) as kept:
        parts = np.split(kept["levels"], np.cumsum(kept["frames"])[:-1].tolist(), axis=1)
        for part, voice in zip(parts, kept["voices"].tolist(), strict=True):
            if voice.partition("+")[2] not in UNSTEADY:
                digest.update(part.tobytes())
    return digest.hexdigest()


def recordings(folder: Path, name: str) -> Recordings:
    """Return a set, all its shards in order, as log-mels."""
    found: list[tuple[Tensor, str, str, int]] = []
    for shard in range(SETS[name].shards):
        with np.load(path(folder, name, shard)) as kept:
            ends = np.cumsum(kept["frames"])[:-1].tolist()
            parts = torch.from_numpy(kept["levels"]).tensor_split(ends, dim=1)
            told = (kept[key].tolist() for key in ("texts", "voices", "numbers"))
            found += list(zip(parts, *told, strict=True))
    parts, texts, voices, numbers = zip(*found, strict=True)
    return Recordings([from_levels(part) for part in parts], texts, voices, numbers)


def _with_a_new_word(scene: Scene, word: str) -> str:
    """Return a caption of a scene of one thing: its colour, a new word, where it is."""
    [thing] = scene.objects
    return with_articles(f"a {thing.colour} {word} {PLACES[scene.setting].anywhere[0]}")


if __name__ == "__main__":
    speak_all(Path(sys.argv[1]))
