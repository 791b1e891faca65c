"""What captioners and answerers are trained on: features of pictures, computed once.

Pictures are drawn in shards, each from its own seed, and shown to the frozen `tiny`. What is
kept are its pooled vector and its grid of each, as float16, beside the scenes themselves.
Captions are those of `target_caption`; questions are asked anew in every batch, all that a
scene has.
"""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from precision import mixed
from safetensors.torch import load_file, save
from torch import Tensor, nn
from tqdm.auto import tqdm
from training_data import draw_shards, shard_path

from mmcourse import clip
from mmcourse.atomic import whole_file
from mmcourse.captioning.target import target_caption, target_words
from mmcourse.clip import CLIP
from mmcourse.clip.preprocess import normalize
from mmcourse.data import Pairs, pairs, sample_scenes
from mmcourse.tokenizer import WordTokens
from mmcourse.vqa.answers import answer_numbers, question_tokens
from mmcourse.world import Question, questions

SHARD = 4096
SEED = 12
BATCH = 256


class AnswerData:
    """Features of training pictures, with the scenes that they show.

    Args:
        folder: where the shards are, or will be.
        shards: how many.
        per_shard: pictures in each.
        pooled: whether to take the pooled vectors, as grids of one place.
    """

    def __init__(
        self, folder: Path, shards: int, per_shard: int = SHARD, *, pooled: bool
    ) -> None:
        draw_features(folder, shards, per_shard)
        name = "pooled" if pooled else "grid"
        files = [feature_path(folder, shard) for shard in range(shards)]
        self.features = torch.cat([load_file(file)[name] for file in files])
        self.scenes = [
            scene
            for shard in range(shards)
            for scene in sample_scenes(per_shard, np.random.default_rng([SEED, shard]))
        ]

    @cached_property
    def captions(self) -> Int[Tensor, "n length"]:
        """Return the tokens of every scene's caption."""
        return WordTokens(target_words())([target_caption(scene) for scene in self.scenes])

    def captioned(
        self, step: int, size: int
    ) -> tuple[Float[Tensor, "size places dim"], Int[Tensor, "size length"]]:
        """Return the features and captions of one step, which its number decides."""
        rows = self._rows(np.random.default_rng([SEED, 1, step]), size)
        tokens = self.captions[rows]
        return self.features[rows].float(), tokens[:, : int((tokens > 0).sum(1).max())]

    def asked(
        self, step: int, size: int
    ) -> tuple[Float[Tensor, "n places dim"], Int[Tensor, "n length"], Int[Tensor, " n"]]:
        """Return features, questions and answers of one step: all that so many scenes have."""
        rng = np.random.default_rng([SEED, 2, step])
        rows = self._rows(rng, size)
        found = [(row, each) for row in rows for each in questions(self.scenes[row], rng)]
        tokens = question_tokens()([each.text for _, each in found])
        answers = answer_numbers([each.answer for _, each in found])
        return self.features[[row for row, _ in found]].float(), tokens, answers

    def _rows(self, rng: np.random.Generator, size: int) -> list[int]:
        return [int(place * len(self.scenes)) for place in rng.random(size)]


def draw_features(folder: Path, shards: int, per_shard: int) -> None:
    """Draw the pictures and compute the features that are missing."""
    missing = [n for n in range(shards) if not feature_path(folder, n).exists()]
    if not missing:
        return
    draw_shards(folder, shards, SEED, per_shard)
    model = clip.load("tiny")[0]
    for shard in tqdm(missing, desc="features"):
        pooled, grid = features(model, np.load(shard_path(folder, SEED, shard)))
        kept = {"pooled": pooled[:, None].half(), "grid": grid.half()}
        with whole_file("draw_features", feature_path(folder, shard)) as file:
            file.write(save(kept))


def features(
    model: CLIP, pixels: UInt8[np.ndarray, "n size size 3"]
) -> tuple[Float[Tensor, "n dim"], Float[Tensor, "n places width"]]:
    """Return the embeddings and the grids of some pictures, as a frozen model sees them.

    `encode_image` passes the grid on its way; it is picked up there, for half the work.
    """
    device, pooled, grids = model.logit_scale.device, [], []
    hook = model.visual.layer3.register_forward_hook(
        lambda _, __, stage: grids.append(stage.flatten(2).mT.float().cpu())
    )
    for first in range(0, len(pixels), BATCH):
        images = normalize(pixels[first : first + BATCH]).to(device)
        images = images.contiguous(memory_format=torch.channels_last)
        with torch.no_grad(), mixed(device.type):
            pooled.append(model.encode_image(images).float().cpu())
    hook.remove()
    return torch.cat(pooled), torch.cat(grids)


def feature_path(folder: Path, shard: int) -> Path:
    """Return the file of one shard's features."""
    return folder / f"features-{SEED}-{shard:04d}.safetensors"


class Shown:
    """Pictures of one split, as the frozen `tiny` sees them, with questions about them.

    Args:
        split: of the scenes.
        n: how many.
        number: of the seed.
    """

    def __init__(self, split: str, n: int, number: int = 9) -> None:
        self.pairs: Pairs = pairs(n, [SEED, number], split=split)
        self.model = clip.load("tiny", "cpu")[0]
        self.pooled, self.grid = features(self.model, self.pairs.pixels)
        rng = np.random.default_rng([SEED, number, 1])
        self.asked: list[tuple[int, Question]] = [
            (row, each)
            for row, scene in enumerate(self.pairs.scenes)
            for each in questions(scene, rng)
        ]

    def seen_by(self, model: nn.Module) -> Tensor:
        """Return what a captioner looks at."""
        return self.grid if model.places > 1 else self.pooled[:, None]
