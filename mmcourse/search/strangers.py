"""Which pictures are unlike all that `tiny` ever saw: measured, in a folder on some of them.

A search gives an order of any pictures, and of those that the model knows nothing of it says
little. What a picture is made of, lines, flat colours, grain, tells (`foreign`). Leaves out
models without a border, which is every one but `tiny`.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from mmcourse.choice import ORDINARY
from mmcourse.clip import CLIP, Preprocess
from mmcourse.foreign import load_border, textures
from mmcourse.images import UnreadableImageError, as_rgb, open_rgb
from mmcourse.terminal import never_saw
from mmcourse.unknown_words import never_seen

LOOKED_AT = 20
"""Pictures, spread evenly over the folder: enough to tell photos from drawings."""


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
    return _beyond(model, prepared), len(prepared)


def cautions(
    name: str,
    model: CLIP,
    preprocess: Preprocess,
    query: str,
    pictures: Sequence[Image.Image],
) -> list[str]:
    """Return what to say beside pictures that were found for a text, a sentence each.

    Words that the model never saw are named, and pictures counted that are unlike all it knows.

    Args:
        name: of the model.
        model: searched with.
        preprocess: its own.
        query: the text.
        pictures: that were found.
    """
    unknown = never_seen(model, [query])
    lines = [never_saw(name, unknown)] if unknown else []
    if name == ORDINARY and pictures:
        prepared = [preprocess(as_rgb(each)) for each in pictures]
        if far := _beyond(model, prepared):
            lines.append(strange(far, len(prepared), "shown"))
    return lines


def strange(far: int, many: int, which: str) -> str:
    """Return what people are told of pictures that the model never saw the like of.

    >>> strange(5, 5, "shown").partition(":")[0]
    '5 of 5 pictures shown are unlike all that tiny learnt from'
    """
    return (
        f"{far} of {many} pictures {which} {'is' if far == 1 else 'are'} unlike all that "
        f"{ORDINARY} learnt from: {'its' if far == 1 else 'their'} place in the order means "
        "nothing."
    )


@torch.no_grad()
def _beyond(model: CLIP, prepared: Sequence[Tensor]) -> int:
    """Return how many prepared pictures lie beyond the border of the drawn world."""
    if not prepared:
        return 0
    pictures = torch.stack([*prepared]).to(model.logit_scale.device)
    border = load_border().to(pictures.device)
    return int((border(textures(model, pictures)) > 1).sum())
