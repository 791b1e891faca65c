"""Train the picture tokenizer of lesson 16; `train_weights.py picture-tokenizer` calls this.

It begins as the autoencoder of lesson 13, of which it keeps all but the layers beside the
rounding, and learns on, whole.
"""

from pathlib import Path

import numpy as np
import torch
from painted_scenes import Painted, painted
from precision import mixed
from torch import Tensor
from train_autoencoder import DIET

from mmcourse.autoencoder import Autoencoder, as_images
from mmcourse.codebook.tokenizer import PictureTokenizer
from mmcourse.train import fit, optimizers

SEED = 1
STEPS, BATCH, LR = 2_000, 48, 2e-3


def train(
    folder: Path, device: str, autoencoder: Autoencoder, steps: int = STEPS
) -> PictureTokenizer:
    """Return a trained tokenizer.

    Args:
        folder: of pictures, and of the run's checkpoint.
        device: where it learns.
        autoencoder: trained; what it begins as.
        steps: how many.
    """
    torch.manual_seed(SEED)
    data = painted(folder, DIET)
    model = begun(autoencoder).to(device, memory_format=torch.channels_last)
    fit(
        model.train(),
        lambda step: loss_at(model, data, step),
        steps,
        chosen=optimizers(model, lr=LR, weight_decay=0.0),
        checkpoint=folder / "picture-tokenizer.pt",
        every=250,
    )
    return model.eval()


def begun(autoencoder: Autoencoder) -> PictureTokenizer:
    """Return a tokenizer with an autoencoder's weights where the sizes agree."""
    model = PictureTokenizer()
    mine, state = model.state_dict(), autoencoder.state_dict()
    model.load_state_dict(
        {
            name: state[name] if state[name].shape == value.shape else value
            for name, value in mine.items()
        }
    )
    return model


def loss_at(model: PictureTokenizer, data: Painted, step: int) -> Tensor:
    """Return the loss of one step, which its number decides: mean absolute plus squared."""
    rng, device = np.random.default_rng([SEED, 16, step]), next(model.parameters()).device
    rows = [int(len(data) * place) for place in rng.random(BATCH)]
    images = as_images(data.pixels(rows)).to(device, memory_format=torch.channels_last)
    with mixed(device.type):
        error = (model(images) - images).float()
    return error.abs().mean() + error.square().mean()
