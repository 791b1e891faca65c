"""Late fusion: let several modalities answer, then average what they say.

Late fusion asks one model per modality and combines the answers; here they are averaged. No
average decides whether two things belong together if each model saw only one of them: that
takes another late rule, which compares what each saw, or early fusion, where one model reads
what all modalities sensed. Leaves out both, and fusion inside a model, where one modality can
change how another is read.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked


@checked
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
        ValueError: there are no logits, or no class; a score is NaN or +inf, or a row leaves no
            class possible.

    Probabilities 1/2, 1/2 and 1/5, 4/5 give 1/3, 2/3 (the square root of 4 is 2):

    >>> picture, sound = torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[0.2, 0.8]]).log()
    >>> late_fusion([picture, sound]).exp()
    tensor([[0.3333, 0.6667]])
    """
    _require_scores(logits)
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


def _require_scores(logits: Sequence[Tensor]) -> None:
    if len(logits) == 0 or logits[0].shape[1] == 0:
        raise ValueError("late_fusion: needs at least one modality and one class; got none.")
    for position, scores in enumerate(logits):
        if bool((scores.isnan() | scores.isposinf()).any()):
            raise ValueError(
                f"late_fusion: logits must be finite or -inf; modality {position} holds NaN or "
                "+inf: look for the overflow or the 0 / 0 in the model that gave them."
            )
