"""Classifier-free guidance: walk away from what one would paint without a prompt.

    v = v_without + scale · (v_with - v_without)

At scale 0 the prompt plays no part, at 1 it is followed as in training; beyond, what sets the
prompted picture apart from others is exaggerated. For this one network must be able to do both,
so that in training every tenth prompt or so is replaced by a learnt "nothing".

arXiv 2207.12598, section 3.2, whose w is our scale - 1.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked


@checked
def guided_velocity(
    with_prompt: Float[Tensor, " batch *shape"],
    without: Float[Tensor, " batch *shape"],
    scale: float,
) -> Float[Tensor, " batch *shape"]:
    """Return the velocity that is `scale` times as far from `without` as `with_prompt` is.

    >>> with_prompt, without = torch.tensor([3.0]), torch.tensor([1.0])
    >>> [guided_velocity(with_prompt, without, scale).item() for scale in (0, 1, 3)]
    [1.0, 3.0, 7.0]
    """
    scale = real("guided_velocity", "scale", scale, least=0)
    return without + scale * (with_prompt - without)


@checked
def drop_condition(
    condition: Float[Tensor, "batch length dim"],
    nothing: Float[Tensor, "length dim"],
    share: float,
    *,
    generator: torch.Generator,
) -> Float[Tensor, "batch length dim"]:
    """Return the conditions, each replaced by `nothing` with a chance of its own.

    `nothing` is learnt. Zeros would not do: a prompt's vectors may be near zero, too.

    Args:
        condition: one prompt a row.
        nothing: what stands for no prompt.
        share: the chance, from 0 to 1.
        generator: it is advanced.

    >>> nothing, generator = torch.ones(1, 1), torch.Generator().manual_seed(0)
    >>> dropped = drop_condition(torch.zeros(1000, 1, 1), nothing, 0.1, generator=generator)
    >>> dropped.sum().item()  # about a hundred of a thousand
    100.0
    """
    share = real("drop_condition", "share", share, least=0, most=1)
    drawn = torch.rand(len(condition), generator=generator, device=generator.device)
    dropped: Bool[Tensor, " batch"] = (drawn < share).to(condition.device)
    return torch.where(dropped[:, None, None], nothing, condition)
