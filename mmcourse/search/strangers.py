"""How many pictures of a folder are unlike all that `tiny` ever saw: measured, on some of them.

A search gives an order of any pictures, and of those that the model knows nothing of it says
little. What a picture is made of, lines, flat colours, grain, tells (`foreign`). Leaves out
models without a border, which is every one but `tiny`.
"""

from collections.abc import Sequence
from pathlib import Path

import torch

from mmcourse.clip import CLIP, Preprocess
from mmcourse.foreign import load_border, textures
from mmcourse.images import UnreadableImageError, open_rgb

LOOKED_AT = 20
"""Pictures, spread evenly over the folder: enough to tell photos from drawings."""


@torch.no_grad()
def strangers(
    model: CLIP, preprocess: Preprocess, folder: Path, names: Sequence[str]
) -> tuple[int, int]:
    """Return how many pictures are not of the drawn world, and how many were looked at.

    Args:
        model: `tiny`.
        preprocess: its own.
        folder: that the names are relative to.
        names: of the pictures in the index.
    """
    prepared = []
    for name in names[:: -(-len(names) // LOOKED_AT) or 1]:
        try:
            prepared.append(preprocess(open_rgb(folder / name, at_least=preprocess.n)))
        except (UnreadableImageError, ValueError):  # gone or changed since
            continue
    if not prepared:
        return 0, 0
    pictures = torch.stack(prepared).to(model.logit_scale.device)
    border = load_border().to(pictures.device)
    return int((border(textures(model, pictures)) > 1).sum()), len(prepared)
