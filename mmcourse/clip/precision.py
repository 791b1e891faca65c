"""Half precision where OpenAI's release has it: in what multiplies matrices."""

import torch
from torch import nn

from mmcourse.boundary.signature import checked
from mmcourse.clip.model import CLIP
from mmcourse.transformer import SelfAttention

PRECISIONS = (torch.float32, torch.bfloat16, torch.float16)


@checked
def convert_weights(model: CLIP, dtype: torch.dtype = torch.float16) -> None:
    """Convert what multiplies matrices, in place; all else becomes float32.

    Normalisations, embeddings and the scale stay exact, as in OpenAI's `convert_weights`: they
    are small, and a scale of 100 whose logarithm is kept in bfloat16 is 1.5 % off.

    Raises:
        ValueError: `dtype` is none of float32, bfloat16 and float16.
    """
    if dtype not in PRECISIONS:
        raise ValueError(
            f"convert_weights: dtype must be one of {', '.join(map(str, PRECISIONS))}; "
            f"got {dtype}."
        )
    model.float()
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.to(dtype)
        elif isinstance(module, SelfAttention):
            module.in_proj_weight.data = module.in_proj_weight.data.to(dtype)
            module.in_proj_bias.data = module.in_proj_bias.data.to(dtype)
    for owner, name in ((model, "text_projection"), (model.visual, "proj")):
        if (projection := getattr(owner, name, None)) is not None:
            projection.data = projection.data.to(dtype)
