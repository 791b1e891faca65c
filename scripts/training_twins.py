"""Twin pictures: the same two things, with their colours exchanged.

Where each picture comes with its twin and both captions name both colours, a bag of kinds and
colours is worth nothing: only which colour belongs to which thing tells the two apart. The
twins' captions are each other's hard negatives (arXiv 2210.01936, section 4, which swaps words
in texts), and so are their pictures. Twins are drawn once, as `training_data` draws its shards.
"""

from itertools import islice
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor
from torch.nn import functional as F
from tqdm.auto import tqdm

from mmcourse.atomic import whole_file
from mmcourse.clip.preprocess import centre_square
from mmcourse.world import Scene, render, swap_attributes
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import Facts, facts
from mmcourse.world.words.grammar import sample
from mmcourse.world.words.phrases import USUAL
from mmcourse.world.words.twins import binding_twins

TWIN_SHARD = 2048
SIZE = 64
HEIGHTS = (64, 160)
"""Heights in pixels between which twins are drawn; both of a pair at the same."""
BOTH_COLOURS = USUAL._replace(colour=1.0, relation=0.3, size=0.1, pose=0.2, setting_alone=0.0)
"""Captions that name the colour of both things, and not much else."""


class TwinSet:
    """All twin pictures, with the facts that the captions of the first of each are made of.

    Args:
        folder: where the shards are, or will be.
        shards: how many.
        seed: of everything that is random.
        per_shard: pairs in each.
        progress: whether to show a bar.
    """

    def __init__(
        self,
        folder: Path,
        shards: int,
        seed: int,
        per_shard: int = TWIN_SHARD,
        *,
        progress: bool = True,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.per_shard = per_shard
        self.facts: list[Facts] = []
        self.shards: list[np.ndarray] = []
        for shard in tqdm(range(shards), desc="twins", disable=not progress):
            rng = np.random.default_rng([seed, 2, shard])
            scenes = draw_twins(rng, per_shard)
            self.facts += [facts(first) for first, _ in scenes]
            path = folder / f"twins-{seed}-{shard:04d}.npy"
            if not path.exists():
                with whole_file("TwinSet", path) as file:
                    np.save(file, render_twins(rng, scenes))
            self.shards.append(np.load(path, mmap_mode="r"))

    def batch(
        self, rng: np.random.Generator, pairs: int
    ) -> tuple[UInt8[np.ndarray, "twice size size 3"], list[str]]:
        """Return pictures and captions, twins beside each other.

        Args:
            rng: a numpy Generator; it is advanced.
            pairs: how many pairs of twins.
        """
        rows = [int(len(self.facts) * rng.random()) for _ in range(pairs)]
        pixels = [self.shards[row // self.per_shard][row % self.per_shard] for row in rows]
        captions: list[str] = []
        for row in rows:
            text = sample(caption_grammar(self.facts[row], BOTH_COLOURS), rng)
            captions += [text, swap_attributes(text)]
        return np.concatenate(pixels), captions


def draw_twins(rng: np.random.Generator, n: int) -> list[tuple[Scene, Scene]]:
    """Return n pairs of training scenes that differ in who has which colour."""
    tries = iter(lambda: binding_twins(rng, "train"), ())
    found = islice(filter(None, tries), n)
    return [(drawn, changed) for (drawn, _), (changed, _) in found]


def render_twins(
    rng: np.random.Generator, twins: list[tuple[Scene, Scene]]
) -> UInt8[np.ndarray, "n 2 size size 3"]:
    """Return the pictures of twins, drawn at some height and brought to one size."""
    low, high = HEIGHTS
    pixels = []
    for pair in twins:
        height = low + int((high - low + 1) * rng.random())
        pixels += [
            centre_square(Image.fromarray(render(scene, height)), SIZE) for scene in pair
        ]
    return np.stack(pixels).reshape(len(twins), 2, SIZE, SIZE, 3)


def twin_loss(
    image_features: Float[Tensor, "twice dim"],
    text_features: Float[Tensor, "twice dim"],
    scale: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Return CLIP's loss within each pair of twins alone, averaged over the pairs.

    Four cosines a pair: chance is log 2. In a whole batch the one negative that counts is
    drowned by a hundred easy ones.

    Args:
        image_features: of length 1, twins beside each other.
        text_features: likewise, in the same order.
        scale: what multiplies the cosines.
    """
    images, texts = (part.unflatten(0, (-1, 2)) for part in (image_features, text_features))
    logits = scale * (images @ texts.mT)  # (pairs, 2, 2)
    right = torch.arange(2, device=logits.device).expand(len(logits), 2)
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.mT, right)) / 2
