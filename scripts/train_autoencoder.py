"""Train the autoencoder of lesson 13; `train_weights.py autoencoder` calls this."""

from functools import partial
from pathlib import Path

import numpy as np
import torch
from painted_scenes import Diet, Painted, painted
from precision import mixed
from torch import Tensor

from mmcourse.autoencoder import Autoencoder, as_images, reconstruction_loss
from mmcourse.train import fit, optimizers

SEED = 1
STEPS, BATCH, LR, NOISE = 2_200, 64, 2e-3, 0.15
MORE_STEPS, LESS_NOISE = 1_200, 0.05
DIET = Diet(name="painted", single=24, pair=10)


def train(folder: Path, device: str) -> Autoencoder:
    """Return a trained autoencoder, with its latents' mean and spread measured."""
    torch.manual_seed(SEED)
    data, model = painted(folder, DIET), Autoencoder().to(device)
    model.to(memory_format=torch.channels_last)
    fit(
        model.train(),
        partial(loss_at, model, data, NOISE),
        STEPS,
        chosen=optimizers(model, lr=LR, weight_decay=0.0),
        checkpoint=folder / "autoencoder.pt",
        every=500,
    )
    return measured(polish(folder, model, data).eval(), data)


def polish(folder: Path, model: Autoencoder, data: Painted) -> Autoencoder:
    """Return the model after its decoder has learnt on, alone, with less noise in its way."""
    model.encoder.requires_grad_(requires_grad=False)
    fit(
        model,
        partial(loss_at, model, data, LESS_NOISE),
        MORE_STEPS,
        chosen=optimizers(model, lr=LR / 2, weight_decay=0.0),
        checkpoint=folder / "autoencoder-polished.pt",
        every=250,
    )
    return model


def loss_at(model: Autoencoder, data: Painted, noise: float, step: int) -> Tensor:
    """Return the loss of one step, which its number decides."""
    rng, device = np.random.default_rng([SEED, step]), model.mean.device
    rows = [int(len(data) * place) for place in rng.random(BATCH)]
    images = as_images(data.pixels(rows)).to(device, memory_format=torch.channels_last)
    generator = torch.Generator().manual_seed(step)
    with mixed(device.type):
        return reconstruction_loss(model, images, noise=noise, generator=generator)


@torch.no_grad()
def measured(model: Autoencoder, data: Painted, n: int = 4096) -> Autoencoder:
    """Return the model with the mean and spread of its latents, over some pictures."""
    images = as_images(data.pixels(range(n))).to(model.mean.device)
    latents = torch.cat([model.encoder(part) for part in images.split(256)])
    model.mean.copy_(latents.mean((0, 2, 3))[:, None, None])
    model.spread.copy_(latents.std((0, 2, 3))[:, None, None])
    return model
