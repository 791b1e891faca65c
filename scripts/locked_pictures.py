"""Pictures as a tower that does not learn sees them: encoded once, then only looked up.

A locked image tower (arXiv 2111.07991) gives a picture the same features at every step, so a
text tower learns from 32,768 pictures in the time that they take to be encoded once.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F
from tqdm.auto import tqdm
from training_data import Diet, TrainingSet

from mmcourse.clip import CLIP, normalize

AT_ONCE = 256


class LockedPictures:
    """The features of all training pictures.

    Args:
        data: the pictures and captions.
        model: its image tower does not learn.
        progress: whether to show a bar.
    """

    def __init__(self, data: TrainingSet, model: CLIP, *, progress: bool = True) -> None:
        self.data = data
        shards = tqdm(data.shards, desc="features", disable=not progress)
        self.features = torch.cat([_encoded(model, shard) for shard in shards])

    def batch(
        self, step: int, size: int, diet: Diet
    ) -> tuple[Float[Tensor, "batch dim"], list[str]]:
        """Return the features, of length 1, and captions of one step; see `TrainingSet`."""
        rows, captions = self.data.rows(step, size, diet)
        return self.features[rows], captions


@torch.no_grad()
def _encoded(model: CLIP, pixels: np.ndarray) -> Float[Tensor, "n dim"]:
    device = model.logit_scale.device
    parts = [
        model.encode_image(normalize(np.array(pixels[start : start + AT_ONCE])).to(device))
        for start in range(0, len(pixels), AT_ONCE)
    ]
    return F.normalize(torch.cat(parts), dim=-1)
