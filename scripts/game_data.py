"""What Flamingo is trained on and measured with: pictures of one thing, as grids of `tiny`.

Those for training show the kinds of `SHOWN` alone; their grids are kept in a folder, as
float16. Those for validation and testing are drawn when they are needed.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from answer_data import features
from safetensors.torch import load_file, save
from torch import Tensor
from tqdm.auto import tqdm

from mmcourse import clip
from mmcourse.atomic import whole_file
from mmcourse.data import pairs, sample_scenes
from mmcourse.flamingo import SHOWN, Album, picture_document, text_document
from mmcourse.flamingo.documents import tokens_of
from mmcourse.flamingo.game import Thing

SEED = 17
SHARD, SHARDS = 1024, 12


def album(n: int, number: int, split: str, kinds: Sequence[str]) -> Album:
    """Return n pictures of one thing each, from a seed of their own.

    Args:
        n: how many.
        number: of the seed.
        split: of the scenes.
        kinds: that they show.
    """
    shown = pairs(n, [SEED, number], split=split, n_objects=1, kinds=kinds)
    return Album(features(clip.load("tiny", "cpu")[0], shown.pixels)[1].half(), shown.scenes)


def training_album(folder: Path) -> Album:
    """Return the pictures for training; those that are missing are drawn first."""
    grids, scenes = [], []
    for shard in tqdm(range(SHARDS), desc="pictures"):
        path, number = folder / f"game-{SEED}-{shard:03d}.safetensors", 1000 + shard
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with whole_file("game_data", path) as file:
                file.write(save({"grids": album(SHARD, number, "train", SHOWN).grids}))
        grids.append(load_file(path)["grids"])
        rng = np.random.default_rng([SEED, number])
        scenes += sample_scenes(SHARD, rng, split="train", n_objects=1, kinds=SHOWN)
    return Album(torch.cat(grids), scenes)


def texts(step: int, size: int, seed: int, *, bind: bool) -> Tensor:
    """Return the tokens of one step's documents in words alone, which its number decides."""
    rng = np.random.default_rng([SEED, 1, seed, step])
    return tokens_of([text_document(rng, bind=bind) for _ in range(size)])


def shown_documents(step: int, size: int, seed: int, pictures: Album) -> tuple[Tensor, Tensor]:
    """Return the tokens and the pictures of one step's documents, which its number decides."""
    rng = np.random.default_rng([SEED, 2, seed, step])

    def there(thing: Thing) -> bool:
        return pictures.count(thing) > 0

    drawn = [picture_document(rng, SHOWN, there=there) for _ in range(size)]
    rows = [pictures.pick(things, rng) for _, things in drawn]
    return tokens_of([document for document, _ in drawn]), pictures.show(rows)
