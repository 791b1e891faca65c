"""What the shipped models are trained on: pictures drawn once, captions said anew each time.

Pictures are drawn in shards of 4,096, each from its own seed, and kept in a folder, so that
drawing can be cut off and resumed. Step n draws its batch from a generator seeded with n:
the same batches come whether or not the run was interrupted.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from augmentation import augment, draw_way
from jaxtyping import Float
from torch import Tensor
from tqdm.auto import tqdm
from training_twins import TwinSet

from mmcourse.atomic import whole_file
from mmcourse.clip.preprocess import normalize
from mmcourse.data import pairs, sample_scenes
from mmcourse.data.compact import caption_words
from mmcourse.world.scenes.randomness import pick
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import Facts, facts
from mmcourse.world.words.grammar import sample
from mmcourse.world.words.phrases import FULL, USUAL, Chances

SHARD = 4096
WORD_SHARDS = 5
"""Shards whose captions are searched for words; each word is in many of them."""
SHORT = Chances(
    colour=0.5,
    pose=0.1,
    size=0.05,
    side=0.1,
    relation=0.4,
    setting=0.35,
    plain_setting=0.2,
    style=0.0,
    written_word=0.2,
    precise_noun=0.6,
    setting_alone=0.08,
)
"""Captions that name little: whoever matches them must know the kind, not a shortcut."""


@dataclass(frozen=True, kw_only=True)
class Diet:
    """What the batches of one phase of training are made of.

    Args:
        alone: whether to take single things with short captions alone.
        augmented: whether to make some of the pictures harder; what is shrunk is described
            without size and side, which would be false.
        grouped: share of the batches whose pictures all share their setting (or, where there
            is more than single things, setting, first kind or first colour), so that it is
            no shortcut.
        counted: share of the batches that hold two to four of one kind in every picture, so
            that their number matters.
        short: share of captions that are `SHORT`, where there is more than single things.
        full: share of captions that are `FULL`, likewise; the rest are `USUAL`.
        twins: share of the pictures that come with their twin.
    """

    alone: bool = False
    augmented: bool = False
    grouped: float = 0.4
    counted: float = 0.0
    short: float = 0.35
    full: float = 0.3
    twins: float = 0.0

    def pairs(self, size: int) -> int:
        """Return how many pairs of twins lead a batch of so many pictures."""
        return round(self.twins * size / 2)


class TrainingSet:
    """All training pictures with the facts that captions are made of.

    Args:
        folder: where the shards are, or will be.
        shards: how many.
        seed: of everything that is random.
        per_shard: pictures in each.
        twins: pairs of twins, where a diet asks for them.
        progress: whether to show a bar.
    """

    def __init__(
        self,
        folder: Path,
        shards: int,
        seed: int,
        per_shard: int = SHARD,
        twins: TwinSet | None = None,
        *,
        progress: bool = True,
    ) -> None:
        draw_shards(folder, shards, seed, per_shard)
        self.twins = twins
        self.per_shard = per_shard
        files = [shard_path(folder, seed, shard) for shard in range(shards)]
        self.shards = [np.load(file, mmap_mode="r") for file in files]
        self.seed = seed
        self.facts: list[Facts] = []
        self.words: set[str] = set()
        for shard in tqdm(range(shards), desc="scenes", disable=not progress):
            scenes = sample_scenes(per_shard, np.random.default_rng([seed, shard]))
            self.facts += [facts(scene) for scene in scenes]
            if shard < WORD_SHARDS:
                self.words.update(caption_words(scenes))
        alone = [row for row, known in enumerate(self.facts) if _is_single(known)]
        self.everything = np.arange(len(self.facts))
        self.alone = np.array(alone)
        self.groups = self._group(self.everything, ("setting", "setting", "kind", "colour"))
        self.groups_alone = self._group(self.alone, ("setting",))
        alike = [row for row, known in enumerate(self.facts) if known.number > 1]
        (self.groups_alike,) = self._group(alike, ("kind",))

    def batch(
        self, step: int, size: int, diet: Diet
    ) -> tuple[Float[Tensor, "batch 3 64 64"], list[str]]:
        """Return the pictures and captions of one step.

        Args:
            step: decides everything that is random.
            size: how many, twins among them; those come first, beside each other.
            diet: how they are chosen, changed and described.
        """
        rng = np.random.default_rng([self.seed, 1, step])
        pairs = diet.pairs(size)
        rows, ways, captions = self._described(rng, size - 2 * pairs, diet)
        pixels = [
            augment(self.shards[row // self.per_shard][row % self.per_shard], way, rng)
            for row, way in zip(rows, ways, strict=True)
        ]
        if self.twins is not None and pairs:
            both, said = self.twins.batch(rng, pairs)
            pixels, captions = [*both, *pixels], said + captions
        return normalize(np.stack(pixels)), captions

    def rows(self, step: int, size: int, diet: Diet) -> tuple[list[int], list[str]]:
        """Return which pictures one step shows, with their captions.

        Args:
            step: decides everything that is random.
            size: how many.
            diet: how they are chosen and described; without twins, and not augmented.
        """
        rng = np.random.default_rng([self.seed, 1, step])
        rows, _, captions = self._described(rng, size, diet)
        return rows, captions

    def _described(
        self, rng: np.random.Generator, size: int, diet: Diet
    ) -> tuple[list[int], list[str], list[str]]:
        """Return rows, how each is made harder, and its caption."""
        rows = self._rows(rng, size, diet)
        ways = [self._way(row, rng) if diet.augmented else "" for row in rows]
        captions = [
            sample(caption_grammar(self.facts[row], _chances(rng, diet, way)), rng)
            for row, way in zip(rows, ways, strict=True)
        ]
        return rows, ways, captions

    def _way(self, row: int, rng: np.random.Generator) -> str:
        """Return how to make a picture harder; several things must all stay in sight."""
        way = draw_way(rng)
        return "" if way == "erased" and not _is_single(self.facts[row]) else way

    def _rows(self, rng: np.random.Generator, size: int, diet: Diet) -> list[int]:
        rows = self.alone if diet.alone else self.everything
        if diet.counted and rng.random() < diet.counted:
            rows = pick(rng, self.groups_alike)
        elif rng.random() < diet.grouped:
            rows = pick(rng, pick(rng, self.groups_alone if diet.alone else self.groups))
        return [int(rows[int(place * len(rows))]) for place in rng.random(size)]

    def _group(self, rows: Sequence[int], names: Sequence[str]) -> list[list[np.ndarray]]:
        """Return, for each name, the rows that share what it names."""
        groups = []
        for name in names:
            by_value = defaultdict(list)
            for row in rows:
                by_value[_value(self.facts[row], name)].append(row)
            groups.append([np.array(members) for members in by_value.values()])
        return groups


def draw_shards(folder: Path, shards: int, seed: int, per_shard: int = SHARD) -> None:
    """Draw what is missing, on all cores."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(shards) if not shard_path(folder, seed, n).exists()]
    if not missing:
        return
    on_all_cores(partial(draw_shard, folder, seed, per_shard), missing)


def on_all_cores(draw: Callable[[int], None], shards: Sequence[int]) -> None:
    """Draw shards by their numbers, each in a process of its own."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for _ in tqdm(pool.map(draw, shards), total=len(shards), desc="drawing"):
            pass


def draw_shard(folder: Path, seed: int, per_shard: int, shard: int) -> None:
    """Draw one shard; the file appears only when it is whole."""
    path = shard_path(folder, seed, shard)
    pixels = pairs(per_shard, [seed, shard]).pixels
    with whole_file("draw_shard", path) as file:
        np.save(file, pixels)


def shard_path(folder: Path, seed: int, shard: int) -> Path:
    """Return the file of one shard."""
    return folder / f"pictures-{seed}-{shard:04d}.npy"


def _chances(rng: np.random.Generator, diet: Diet, way: str) -> Chances:
    point = 0.0 if diet.alone else rng.random()
    chances = SHORT if point < diet.short else FULL if point < diet.short + diet.full else USUAL
    return chances._replace(size=0.0, side=0.0) if way == "shrunk" else chances


def _is_single(known: Facts) -> bool:
    return known.number == 1 and not known.relation


def _value(known: Facts, name: str) -> str:
    return known.setting if name == "setting" else getattr(known.things[0], name)
