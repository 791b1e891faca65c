"""Which parameters learn how: what decays, what does not, and how fast the scale moves.

Weight decay pulls matrices towards zero, but not gains and biases (arXiv 2103.00020, section
2.5). Differs from the paper: nor embeddings, most rows of which a batch does not touch, nor
the scale. Muon orthogonalises the steps of hidden matrices (Jordan et al., "Muon: an optimizer
for hidden layers in neural networks", 2024); a small vision transformer learns shapes with it
in far fewer pictures.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked

SCALE = "logit_scale"

BETAS = (0.9, 0.98)
"""Of AdamW, as for the paper's vision transformers (arXiv 2103.00020, table 18)."""

MUON_WEIGHT_DECAY = 0.01


@checked
def optimizers(
    model: nn.Module,
    *,
    lr: float = 2e-3,
    weight_decay: float = 0.05,
    scale_lr: float = 0.01,
    muon_lr: float | None = None,
) -> list[Optimizer]:
    """Return AdamW for a CLIP, and Muon besides where it is asked for.

    Args:
        model: its parameters that need a gradient are shared out, each to one group.
        lr: AdamW's learning rate.
        weight_decay: AdamW's, for matrices and filters.
        scale_lr: the learning rate of `logit_scale`, which has a long way to go.
        muon_lr: Muon's learning rate for the matrices of transformer blocks; None leaves
            them to AdamW.

    Raises:
        ValueError: a rate is negative or not finite, or no parameter needs a gradient.

    One matrix, which decays, and one bias, which does not:

    >>> [adamw] = optimizers(nn.Linear(3, 2), weight_decay=0.1)
    >>> [group["weight_decay"] for group in adamw.param_groups]
    [0.1, 0.0]
    """
    lr, scale_lr = _rate("lr", lr), _rate("scale_lr", scale_lr)
    weight_decay = _rate("weight_decay", weight_decay)
    muon_lr = None if muon_lr is None else _rate("muon_lr", muon_lr)
    parts = _shared_out(model, hidden=muon_lr is not None)
    if not any(parts.values()):
        raise ValueError(
            "optimizers: at least one parameter must need a gradient; got none; unfreeze one "
            "with parameter.requires_grad_()."
        )
    groups: list[dict[str, Any]] = [
        {"params": parts["decayed"], "weight_decay": weight_decay},
        {"params": parts["plain"], "weight_decay": 0.0},
        {"params": parts["scale"], "weight_decay": 0.0, "lr": scale_lr},
    ]
    groups = [group for group in groups if group["params"]]
    chosen: list[Optimizer] = []
    if groups:
        chosen.append(torch.optim.AdamW(groups, lr=lr, betas=BETAS))
    if muon_lr is not None and parts["hidden"]:
        chosen.append(
            torch.optim.Muon(parts["hidden"], lr=muon_lr, weight_decay=MUON_WEIGHT_DECAY)
        )
    return chosen


@checked
def first_rates(chosen: Iterable[Optimizer]) -> list[list[float]]:
    """Return every group's learning rate, by optimizer."""
    return [[group["lr"] for group in optimizer.param_groups] for optimizer in chosen]


def _shared_out(model: nn.Module, *, hidden: bool) -> dict[str, list[nn.Parameter]]:
    """Return the parameters that need a gradient, each in one part.

    Args:
        model: whose they are.
        hidden: whether the matrices of transformer blocks are a part of their own.
    """
    parts: dict[str, list[nn.Parameter]] = {
        part: [] for part in ("hidden", "decayed", "plain", "scale")
    }
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.endswith(SCALE):
            parts["scale"].append(parameter)
        elif parameter.ndim < 2 or "embedding" in name:
            parts["plain"].append(parameter)
        elif hidden and "resblocks" in name:
            parts["hidden"].append(parameter)
        else:
            parts["decayed"].append(parameter)
    return parts


def _rate(name: str, rate: float) -> float:
    return real("optimizers", name, rate, least=0)
