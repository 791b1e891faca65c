"""How much each wrong answer pushes: what the temperature really decides.

Leaves out the positive pair's own pull, which is the sum of all pushes.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real


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
        TypeError: `similarities` is no tensor of floats, or `temperature` no number.
        ValueError: the matrix is not square, has fewer than two rows or a number that is not
            finite; or the temperature is not positive.

    At τ = 1 / log 3 a cosine higher by 1 pushes three times as much:

    >>> cosines = torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    >>> negative_weights(cosines, 1 / torch.tensor(3.0).log().item())[0]
    tensor([0.0000, 0.7500, 0.2500])
    """
    temperature = real("negative_weights", "temperature", temperature)
    if temperature <= 0:
        raise ValueError(f"negative_weights: temperature must be positive; got {temperature}.")
    _check_square(similarities)
    itself = torch.eye(len(similarities), dtype=torch.bool, device=similarities.device)
    return (similarities / temperature).masked_fill(itself, -torch.inf).softmax(1)


def _check_square(similarities: Tensor) -> None:
    if not isinstance(similarities, Tensor) or not similarities.is_floating_point():
        received = getattr(similarities, "dtype", type(similarities).__name__)
        raise TypeError(
            f"negative_weights: similarities must be a tensor of floats; got {received}."
        )
    shape = tuple(similarities.shape)
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
        raise ValueError(
            "negative_weights: similarities must have shape (n, n) with n of at least 2, since "
            f"one pair alone has no negative; got {shape}."
        )
    if not bool(similarities.isfinite().all()):
        raise ValueError("negative_weights: similarities must be finite; got NaN or infinity.")
