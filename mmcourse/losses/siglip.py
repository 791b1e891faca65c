"""The sigmoid loss of SigLIP: every cell of the matrix is a yes-or-no question of its own.

Leaves out the passing of chunks between devices (arXiv 2303.15343, section 3.3).
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.losses.features import exact, require_pairs, scalar, working_dtype
from mmcourse.similarity import unit


@checked
def siglip_loss(
    images: Float[Tensor, "batch dim"],
    texts: Float[Tensor, "batch dim"],
    scale: float | Float[Tensor, ""],
    bias: float | Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Return SigLIP's loss in nats: over all pairs, divided by the batch, not by its square.

        L = -1/N Σᵢⱼ log σ(zᵢⱼ (scale · cos(imageᵢ, textⱼ) + bias)),  zᵢⱼ = 1 if i = j, else -1

    The paper starts with scale 10 and bias -10: of N² answers only N are yes, and the bias
    says so from the beginning. Source: arXiv 2303.15343, algorithm 1.

    Args:
        images: features of pictures, of any length: they are normalised here.
        texts: features of texts; row i belongs to row i of `images`.
        scale: what multiplies the cosines; it may be a parameter.
        bias: what is added to every logit; it may be a parameter.

    Raises:
        ValueError: there is no pair, a feature or the bias is not finite, or the scale is not
            positive and finite.

    Two pairs at right angles, and a bias that cancels the scale: all four cells hold a logit
    of 0 or -log 3, answered rightly with chances 1/2 (twice) and 3/4 (twice).

    >>> three = torch.tensor(3.0).log()
    >>> loss = siglip_loss(torch.eye(2), torch.eye(2), scale=three, bias=-three)
    >>> round(loss.exp().item(), 4)  # 2 * 4/3
    2.6667
    """
    require_pairs("siglip_loss", images=images, texts=texts)
    dtype = working_dtype(images, texts)
    images, texts = unit(images.to(dtype)), unit(texts.to(dtype))
    scale = scalar("siglip_loss", "scale", scale, images, positive=True)
    bias = scalar("siglip_loss", "bias", bias, images)
    with exact(images):
        logits = scale * (images @ texts.T) + bias  # (batch, batch)
    signs = 2 * torch.eye(len(images), dtype=dtype, device=images.device) - 1
    return -F.logsigmoid(signs * logits).sum() / len(images)
