"""How much each wrong answer pushes: what the temperature really decides.

Leaves out the positive pair's own pull, which is the sum of all pushes.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite


@checked
def negative_weights(
    similarities: Float[Tensor, "n n"], temperature: float
) -> Float[Tensor, "n n"]:
    """Return each negative's share of its row's push, in [0, 1]; rows sum to 1.

        w[i, j] = exp(s[i, j] / τ) / Σ_{k≠i} exp(s[i, k] / τ)  for j ≠ i, and 0 on the diagonal

    It is the gradient of InfoNCE for s[i, j] divided by minus that for s[i, i]: a softmax over
    the negatives alone. Source: arXiv 2012.09740, section 3.2.

    Args:
        similarities: cosines; row i's positive is in column i.
        temperature: what divides them, above 0.

    Raises:
        ValueError: the matrix has fewer than two rows or a number that is not finite, or the
            temperature is not positive.

    At τ = 1 / log 3 a cosine higher by 1 pushes three times as much:

    >>> cosines = torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    >>> negative_weights(cosines, 1 / torch.tensor(3.0).log().item())[0]
    tensor([0.0000, 0.7500, 0.2500])
    """
    temperature = real("negative_weights", "temperature", temperature, above=0)
    require_finite("negative_weights", similarities=similarities)
    if len(similarities) < 2:
        raise ValueError(
            "negative_weights: one pair alone has no negative, so there must be at least two "
            f"rows; got {len(similarities)}."
        )
    itself = torch.eye(len(similarities), dtype=torch.bool, device=similarities.device)
    return (similarities / temperature).masked_fill(itself, -torch.inf).softmax(1)
