"""Fusion: let several modalities answer together.

Late fusion asks one model per modality and combines the answers. Leaves out fusion inside a
model, where one modality can change how another is read.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor


def late_fusion(logits: Sequence[Float[Tensor, "n classes"]]) -> Float[Tensor, "n classes"]:
    """Return the log-probabilities (nats) on which several models agree.

    Their log-probabilities are averaged, then renormalised so that each row's probabilities
    sum to 1: the geometric mean of the models' answers, a "product of experts" (Hinton,
    *Training products of experts by minimizing contrastive divergence*, Neural Computation
    2002, section 1). A model that is unsure of a row, with equal logits, leaves its ranking
    alone; a constant that one model adds to all its logits changes nothing.

    Args:
        logits: one (n, classes) tensor of scores per modality, before softmax.

    Raises:
        TypeError: `logits` is no sequence of floating-point tensors.
        ValueError: it is empty, shapes or devices differ, a score is NaN or +inf, or a row
            leaves no class possible.

    Probabilities 1/2, 1/2 and 1/5, 4/5 give 1/3, 2/3 (the square root of 4 is 2):

    >>> picture, sound = torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[0.2, 0.8]]).log()
    >>> late_fusion([picture, sound]).exp()
    tensor([[0.3333, 0.6667]])
    """
    _check(logits)
    fused = (
        torch.stack([scores.log_softmax(dim=-1) for scores in logits])
        .mean(0)
        .log_softmax(dim=-1)
    )
    undefined = fused.isnan().any(dim=-1).nonzero()
    if len(undefined):
        raise ValueError(
            "late_fusion: each row needs a class that every modality allows; row "
            f"{int(undefined[0])} has none; replace -inf by a low finite number."
        )
    return fused


def _check(logits: Sequence[Tensor]) -> None:
    if isinstance(logits, Tensor) or not isinstance(logits, Sequence):
        raise TypeError(
            "late_fusion: expected a list with one (n, classes) tensor per modality; "
            f"got {type(logits).__name__}; pass [picture_logits, sound_logits]."
        )
    if not logits:
        raise ValueError("late_fusion: needs the logits of at least one modality; got none.")
    for scores in logits:
        if not isinstance(scores, Tensor) or not scores.is_floating_point():
            received = scores.dtype if isinstance(scores, Tensor) else type(scores).__name__
            raise TypeError(
                f"late_fusion: logits must be floating-point tensors; got {received}; "
                "torch.as_tensor(x, dtype=torch.float32) makes one."
            )
    shapes = [tuple(scores.shape) for scores in logits]
    if len(shapes[0]) != 2 or shapes[0][1] == 0 or len(set(shapes)) > 1:
        raise ValueError(
            "late_fusion: every modality must score the same (n, classes), row for row; "
            f"got shapes {shapes}."
        )
    _check_scores(logits)


def _check_scores(logits: Sequence[Tensor]) -> None:
    devices = sorted({str(scores.device) for scores in logits})
    if len(devices) > 1:
        raise ValueError(
            "late_fusion: all logits must be on one device; got "
            f"{' and '.join(devices)}; move them with .to(device)."
        )
    for position, scores in enumerate(logits):
        if (scores.isnan() | scores.isposinf()).any():
            raise ValueError(
                f"late_fusion: logits must be finite or -inf; modality {position} holds NaN or "
                "+inf: look for the overflow or the 0 / 0 in the model that gave them."
            )
