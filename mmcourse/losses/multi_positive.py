"""The loss for batches in which a text is true of several pictures.

Two pictures with the caption "a red cat" are not each other's negatives. Leaves out texts
that are true of a picture although they differ from its own.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.losses.features import working_dtype


@checked
def multi_positive_loss(
    logits: Float[Tensor, "rows columns"],
    targets: Float[Tensor, "rows columns"] | Bool[Tensor, "rows columns"],
) -> Float[Tensor, ""]:
    """Return the cross-entropy, in nats, against shared targets, over rows and columns.

        L = -1/2 (meanᵢ Σⱼ T[i, j] log P[i, j] + meanⱼ Σᵢ U[i, j] log Q[i, j])

    P and Q are the softmax of the logits over each row and over each column; T and U are the
    targets divided by their sums over each row and over each column. With targets on the
    diagonal alone it equals `clip_loss`. Source: UniCL, arXiv 2204.03610, section 3.2.

    Args:
        logits: scaled cosines, pictures down and texts across.
        targets: how right each text is for each picture, 0 for wrong; True and False do.

    Raises:
        ValueError: there is no cell, a logit is not finite, a target is negative or not finite,
            or a row or column has no positive.

    Both texts are right for both pictures, and the logits say 3 to 1: log 4 - log(3)/2.

    >>> logits = torch.tensor([[3.0, 1.0], [1.0, 3.0]]).log()
    >>> loss = multi_positive_loss(logits, torch.ones(2, 2))
    >>> round(loss.exp().item() ** 2, 4)  # 16 / 3
    5.3333
    """
    _require_positives(logits, targets)
    dtype = working_dtype(logits)
    logits, targets = logits.to(dtype), targets.to(dtype)
    return (_soft(logits, targets, dim=1) + _soft(logits, targets, dim=0)) / 2


@checked
def multi_positive_targets(captions: Sequence[str]) -> Float[Tensor, "n n"]:
    """Return targets in which equal captions share the right answer; rows and columns sum to 1.

    Args:
        captions: the batch's texts, at least one; they are compared as they are.

    Raises:
        ValueError: there is no caption.

    >>> multi_positive_targets(["a cat", "a dog", "a cat"])
    tensor([[0.5000, 0.0000, 0.5000],
            [0.0000, 1.0000, 0.0000],
            [0.5000, 0.0000, 0.5000]])
    """
    if len(captions) == 0:
        raise ValueError(
            "multi_positive_targets: there must be at least one caption; got none."
        )
    number = {text: index for index, text in enumerate(dict.fromkeys(captions))}
    which = torch.tensor([number[text] for text in captions])
    same = (which[:, None] == which).to(torch.get_default_dtype())
    return same / same.sum(1, keepdim=True)


def _soft(logits: Tensor, targets: Tensor, dim: int) -> Tensor:
    shares = targets / targets.amax(dim, keepdim=True)  # or a sum of large ones is infinite
    shares = shares / shares.sum(dim, keepdim=True)
    return -(shares * logits.log_softmax(dim)).sum(dim).mean()


def _require_positives(logits: Tensor, targets: Tensor) -> None:
    if logits.numel() == 0:
        raise ValueError(
            "multi_positive_loss: logits must have at least one row and column; got "
            f"{tuple(logits.shape)}."
        )
    require_finite("multi_positive_loss", logits=logits, targets=targets)
    if not bool((targets >= 0).all()):
        raise ValueError("multi_positive_loss: targets must not be negative.")
    if not bool((targets > 0).any(0).all() & (targets > 0).any(1).all()):
        raise ValueError(
            "multi_positive_loss: every row and column must have a positive target; got one "
            "without; leave such pictures and texts out."
        )
