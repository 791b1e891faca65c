"""Train the transformer of lesson 16; `train_weights.py picture-words` calls this.

Pictures are spelled once. In most rows a caption comes first, said anew at every step; in the
others the picture does, and the one caption of `captioning.target` follows. What is shipped is
a running mean of the weights.
"""

from pathlib import Path
from shutil import which

import numpy as np
import torch
from averaged import Averaged
from jaxtyping import Int
from painted_scenes import Diet, Painted, painted
from precision import mixed
from said_fully import said_fully
from torch import Tensor
from tqdm.auto import tqdm

from mmcourse.autoencoder import as_images
from mmcourse.captioning import target_caption
from mmcourse.codebook.tokenizer import PictureTokenizer
from mmcourse.picture_words.loss import both_ways_loss
from mmcourse.picture_words.net import PictureWords
from mmcourse.picture_words.text import TEXT, text_rows
from mmcourse.train import fit, optimizers
from mmcourse.world import Scene

SEED = 1
STEPS, BATCH, LR, MUON_LR = 3_700, 64, 1.5e-3, 0.02
DIET = Diet(name="spelled", single=40, pair=0, seed=16)

PICTURE_FIRST = 0.25
"""Share of the rows in which the picture comes first."""

KEPT = 500
"""Steps between two means that are kept, to see afterwards what is learnt when."""


def train(
    folder: Path, device: str, tokenizer: PictureTokenizer, steps: int = STEPS
) -> PictureWords:
    """Return a trained transformer.

    Args:
        folder: of pictures, and of the run's checkpoint.
        device: where it learns.
        tokenizer: trained; it stays as it is.
        steps: how many.
    """
    torch.manual_seed(SEED)
    data = painted(folder, DIET)
    codes = spell(folder / "spelled.pt", data, tokenizer, device)
    model = Averaged(PictureWords().to(device))
    loss = torch.compile(both_ways_loss) if which("g++") else both_ways_loss

    def loss_at(step: int) -> Tensor:
        rows, words, words_first = batch(model.net, data, step)
        shown = codes[torch.tensor(rows)].to(device).long()
        with mixed(device):
            return loss(model.net, words.to(device), shown, words_first.to(device))

    def after_step(done: int) -> None:
        model.after_step(done)
        if done % KEPT == 0:
            torch.save(model.mean.state_dict(), folder / f"picture-words-{done:05d}.pt")

    fit(
        model.train(),
        loss_at,
        steps,
        chosen=optimizers(model, lr=LR, muon_lr=MUON_LR, weight_decay=0.0),
        after_step=after_step,
        checkpoint=folder / "picture-words.pt",
        every=250,
    )
    return model.mean.eval()


def batch(
    net: PictureWords, data: Painted, step: int
) -> tuple[list[int], Int[Tensor, "batch 16"], Tensor]:
    """Return the rows of one step's pictures, their captions, and which come first."""
    rng = np.random.default_rng([SEED, 2, step])
    rows = [int(len(data) * place) for place in rng.random(BATCH)]
    words_first = np.arange(BATCH) >= round(PICTURE_FIRST * BATCH)
    texts = [
        said(data.scenes[row], rng) if first else target_caption(data.scenes[row])
        for row, first in zip(rows, words_first, strict=True)
    ]
    return rows, text_rows(net.tokens, texts), torch.from_numpy(words_first)


@torch.no_grad()
def spell(
    path: Path, data: Painted, tokenizer: PictureTokenizer, device: str
) -> Int[Tensor, "n 64 2"]:
    """Return the codes of all pictures, as 16-bit numbers; kept in a file."""
    if not path.exists():
        parts = [
            tokenizer.encode(as_images(data.pixels(range(start, start + 512))).to(device))
            for start in tqdm(range(0, len(data), 512), desc="spelling")
        ]
        torch.save(torch.cat(parts).short().cpu(), path)
    return torch.load(path)


def said(scene: Scene, rng: np.random.Generator) -> str:
    """Return a caption of a length that is read."""
    return said_fully(scene, rng, lambda text: len(text.split()) < TEXT)
