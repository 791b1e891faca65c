"""Paint several, keep the one that CLIP likes best: DALL-E's last step (arXiv 2102.12092, 2.6).

A painter that misses now and then costs little to ask again, if someone else can tell which
picture hit. CLIP can; that it then may not mark the result is another matter (`judge`).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.clip import CLIP, tokenize
from mmcourse.clip.preprocess import normalize
from mmcourse.rectified_flow.painter import GUIDANCE, STEPS, Painter
from mmcourse.similarity import paired_cosine


@checked
@torch.no_grad()
def agreement(
    model: CLIP, pixels: UInt8[Tensor, "batch 64 64 3"], texts: Sequence[str]
) -> Float[Tensor, " batch"]:
    """Return the cosine of each picture with its text.

    Args:
        model: reads pictures of 64 pixels.
        pixels: from 0 to 255.
        texts: one a picture.

    Raises:
        ValueError: not one text a picture.
    """
    if len(texts) != len(pixels):
        raise ValueError(
            f"agreement: there must be one text a picture; got {len(texts)} for {len(pixels)}."
        )
    device = model.logit_scale.device
    images = model.encode_image(normalize(pixels.numpy(force=True)).to(device))
    return paired_cosine(images, model.encode_text(tokenize(list(texts)).to(device)))


@checked
def best_of(
    model: CLIP, pixels: UInt8[Tensor, "batch 64 64 3"], texts: Sequence[str], n: int
) -> UInt8[Tensor, "chosen 64 64 3"]:
    """Return, of every n pictures that follow each other, the one closest to its text.

    Args:
        model: as for `agreement`; so are the others.
        pixels: n pictures of the first text, n of the second, and so on.
        texts: one a picture.
        n: how many each is chosen from.

    Raises:
        ValueError: as `agreement`, or n does not divide the number of pictures.
    """
    n = whole("best_of", "n", n, least=1)
    if len(pixels) % n:
        raise ValueError(
            f"best_of: n must divide the number of pictures; got {n} for {len(pixels)}."
        )
    chosen = agreement(model, pixels, texts).view(-1, n).argmax(1).to(pixels.device)
    return pixels.view(-1, n, *pixels.shape[1:])[torch.arange(len(chosen)), chosen]


@checked
def paint_best(
    painter: Painter,
    prompts: Sequence[str],
    n: int = 4,
    *,
    generator: torch.Generator,
    guidance: float = GUIDANCE,
    steps: int = STEPS,
) -> UInt8[Tensor, "batch 64 64 3"]:
    """Return, of n pictures of each prompt, the one whose cosine with it is the greatest.

    Args:
        painter: its own text tower's CLIP chooses.
        prompts: as for `Painter.paint`.
        n: how many of each are painted.
        generator: as for `Painter.paint`.
        guidance: as for `Painter.paint`.
        steps: as for `Painter.paint`.

    Raises:
        ValueError: as `Painter.paint`.
    """
    n = whole("paint_best", "n", n, least=1, most=1000)
    tries = [prompt for prompt in prompts for _ in range(n)]
    pixels = painter.paint(tries, generator=generator, guidance=guidance, steps=steps)
    return best_of(painter.reader, pixels, tries, n)
