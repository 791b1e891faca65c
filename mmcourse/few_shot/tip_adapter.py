"""Tip-Adapter: labelled pictures as a memory that is asked, with nothing to train.

arXiv 2111.03930, section 3.1. Each labelled picture is a key, its label the value; a new
picture adds to each class how near it is to the class's keys, on top of what the texts say.
Leaves out section 3.2, where the keys are fine-tuned, and how to choose alpha and beta: on
pictures that are neither shots nor test.
"""

from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.similarity import unit


@checked
def tip_adapter(
    features: Float[Tensor, "n dim"],
    keys: Float[Tensor, "shots dim"],
    one_hot: Float[Tensor, "shots classes"],
    zero_shot_logits: Float[Tensor, "n classes"],
    alpha: float,
    beta: float,
) -> Float[Tensor, "n classes"]:
    """Return the logits of texts and memory together.

        alpha · exp(−beta (1 − cosines of features and keys)) · one_hot + zero_shot_logits

    Args:
        features: of pictures to classify, of any length: they are normalised here.
        keys: features of the labelled pictures, likewise.
        one_hot: their labels, one row each.
        zero_shot_logits: cosines with the texts times the model's scale.
        alpha: what the memory weighs, from 0, which leaves the texts alone.
        beta: how near a key must be to count, from 0, where all count alike.

    Raises:
        ValueError: alpha or beta is below 0, or a number is not finite.

    Cosines 1 and 0, which with beta = ln 4 become 1 and 1/4; alpha doubles them:

    >>> import torch
    >>> picture, keys = torch.tensor([[2.0, 0.0]]), torch.tensor([[5.0, 0.0], [0.0, 3.0]])
    >>> tip_adapter(picture, keys, torch.eye(2), torch.tensor([[0.0, 1.0]]), 2, 1.386294)
    tensor([[2.0000, 1.5000]])
    """
    alpha = real("tip_adapter", "alpha", alpha, least=0)
    beta = real("tip_adapter", "beta", beta, least=0)
    require_finite(
        "tip_adapter",
        features=features,
        keys=keys,
        one_hot=one_hot,
        zero_shot_logits=zero_shot_logits,
    )
    cosines = unit(features) @ unit(keys).T
    return alpha * (-beta * (1 - cosines)).exp() @ one_hot + zero_shot_logits
