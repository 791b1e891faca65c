"""Train the judge of lesson 13; `train_weights.py judge` calls this.

Half of what it sees is as drawn, a quarter has been through the autoencoder, so that it does
not take the painter's brush for a fault, and a quarter shows "none" of its kinds: backdrops
without a thing, pictures blurred or cut up until nothing is left to name, two laid over each
other, and what a painter painted who had hardly begun to learn.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int, UInt8
from painted_scenes import SIZE, Diet, Painted, painted
from PIL import Image
from precision import mixed
from torch import Tensor
from torch.nn import functional as F
from tqdm.auto import tqdm

from mmcourse.autoencoder import Autoencoder, as_images, as_pixels
from mmcourse.clip.preprocess import normalize
from mmcourse.judge import ANSWERS, NONE, NOUNS, Judge, Verdict, truth
from mmcourse.train import fit, optimizers
from mmcourse.world import SCENES, Scene, render

SEED = 2
STEPS, BATCH, LR = 1_500, 128, 3e-3
DIET = Diet(name="judged", single=10, pair=10, splits=("train", "held-out"), seed=SEED)
ONE_OF_EACH = 8192
"""Pictures of things that have been through the autoencoder, and half as many of none."""

WEIGHTS = (1.0, 0.4, 1.0, 0.4, 0.2)
"""Of the five choices in the loss: kinds are the hardest."""

Pixels = UInt8[np.ndarray, "n 64 64 3"]


def train(
    folder: Path, device: str, autoencoder: Autoencoder, blobs: Pixels, steps: int = STEPS
) -> Judge:
    """Return a trained judge.

    Args:
        folder: of pictures, and of the run's checkpoint.
        device: where it learns.
        autoencoder: trained; it stays as it is.
        blobs: what a beginner of a painter paints.
        steps: how many.
    """
    torch.manual_seed(SEED)
    data, model = painted(folder, DIET), Judge().to(device, memory_format=torch.channels_last)
    rng = np.random.default_rng([SEED, 1])
    rows = [int(len(data) * place) for place in rng.random(ONE_OF_EACH)]
    folded = through(autoencoder, data.pixels(rows), device)
    shapeless = nones(data, rng, blobs)
    labels = torch.tensor([row_of(truth(scene)) for scene in data.scenes])
    sources: list[tuple[Callable[[Sequence[int]], np.ndarray], Tensor, int]] = [
        (data.pixels, labels, BATCH // 2),
        (lambda chosen: folded[chosen], labels[rows], BATCH // 4),
        (lambda chosen: shapeless[chosen], _nothing(len(shapeless)), BATCH // 4),
    ]

    def loss_at(step: int) -> Tensor:
        rng, pixels, wanted = np.random.default_rng([SEED, 2, step]), [], []
        for take, named, n in sources:
            chosen = [int(len(named) * place) for place in rng.random(n)]
            pixels.append(take(chosen))
            wanted.append(named[chosen])
        images = normalize(np.concatenate(pixels)).to(device, memory_format=torch.channels_last)
        with mixed(device):
            answers = model(images)
        return _loss(answers, torch.cat(wanted).to(device))

    fit(
        model.train(),
        loss_at,
        steps,
        chosen=optimizers(model, lr=LR),
        checkpoint=folder / "judge.pt",
        every=250,
    )
    return model.eval()


def row_of(verdict: Verdict) -> list[int]:
    """Return which of its choices each part of a verdict is."""
    return [choices.index(part) for choices, part in zip(ANSWERS, verdict, strict=True)]


def nones(data: Painted, rng: np.random.Generator, blobs: Pixels) -> Pixels:
    """Return pictures in which nobody could name a thing."""
    n = ONE_OF_EACH // 8
    pixels = data.pixels([int(len(data) * place) for place in rng.random(4 * n)])
    settings = list(SCENES)
    empty = [Scene(setting=settings[i % len(settings)], objects=(), look=i) for i in range(n)]
    parts = [
        np.stack([render(scene, SIZE) for scene in empty]),
        np.stack([_blurred(each, 4 + i % 3) for i, each in enumerate(pixels[:n])]),
        np.stack([_cut_up(each, rng) for each in pixels[n : 2 * n]]),
        ((pixels[2 * n : 3 * n].astype(np.uint16) + pixels[3 * n :]) // 2).astype(np.uint8),
        blobs,
    ]
    return np.concatenate(parts)


@torch.no_grad()
def through(autoencoder: Autoencoder, pixels: Pixels, device: str) -> Pixels:
    """Return pictures folded and unfolded again."""
    parts = []
    for start in tqdm(range(0, len(pixels), 256), desc="folding"):
        images = as_images(pixels[start : start + 256]).to(device)
        parts.append(as_pixels(autoencoder.decode(autoencoder.encode(images))).numpy())
    return np.concatenate(parts)


def _nothing(n: int) -> Int[Tensor, "n 5"]:
    """Return labels that say "none"; what is not to be judged is -1."""
    none = NOUNS.index(NONE)
    return torch.tensor([[none, -1, none, -1, -1]]).expand(n, -1)


def _loss(answers: Sequence[Tensor], wanted: Int[Tensor, "n 5"]) -> Tensor:
    """Return the cross-entropies, weighted; a second thing that is not there has no colour."""
    none, wanted = NOUNS.index(NONE), wanted.clone()
    wanted[wanted[:, 2] == none, 3] = -1
    losses = [
        weight * F.cross_entropy(logits.float(), wanted[:, part], ignore_index=-1)
        for part, (logits, weight) in enumerate(zip(answers, WEIGHTS, strict=True))
    ]
    return torch.stack(losses).sum()


def _blurred(pixels: np.ndarray, side: int) -> np.ndarray:
    small = Image.fromarray(pixels).resize((side, side), Image.Resampling.BOX)
    return np.asarray(small.resize((SIZE, SIZE), Image.Resampling.BICUBIC))


def _cut_up(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a picture whose 64 squares of 8 × 8 pixels have changed places."""
    squares = pixels.reshape(8, 8, 8, 8, 3).transpose(0, 2, 1, 3, 4).reshape(64, 8, 8, 3)
    order = np.argsort(rng.random(64))
    return squares[order].reshape(8, 8, 8, 8, 3).transpose(0, 2, 1, 3, 4).reshape(64, 64, 3)
