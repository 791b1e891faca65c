"""Spell several, keep the one that CLIP likes best: how DALL-E was shown to the world.

Of 512 pictures a prompt, CLIP kept one (arXiv 2102.12092, section 2.6, figure 9). The choice
is lesson 13's (`rectified_flow.best`).
"""

from collections.abc import Sequence

import torch
from jaxtyping import UInt8
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.clip import CLIP
from mmcourse.picture_words.spell import GUIDANCE
from mmcourse.picture_words.speller import Speller
from mmcourse.rectified_flow.best import best_of


@checked
def spell_best(
    speller: Speller,
    reader: CLIP,
    prompts: Sequence[str],
    n: int = 8,
    *,
    generator: torch.Generator,
    guidance: float = GUIDANCE,
) -> UInt8[Tensor, "batch 64 64 3"]:
    """Return, of n pictures of each prompt, the one that CLIP finds closest to it.

    Args:
        speller: spells them.
        reader: a CLIP that reads pictures of 64 pixels; it chooses.
        prompts: as for `Speller.paint`.
        n: how many of each are painted.
        generator: as for `Speller.paint`.
        guidance: as for `Speller.paint`.

    Raises:
        ValueError: as `Speller.paint`.
    """
    n = whole("spell_best", "n", n, least=1, most=1000)
    tries = [prompt for prompt in prompts for _ in range(n)]
    pixels = speller.paint(tries, generator=generator, guidance=guidance)
    return best_of(reader, pixels, tries, n)
