"""How each shipped captioner and answerer is made."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from mmcourse.captioning import PrefixCaptioner
from mmcourse.vqa import CrossAttentionVQA, PooledVQA, QuestionOnly


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is made.

    Args:
        make: a new one.
        steps: of training.
        batch: pictures a step; an answerer is asked all that each of them has.
        pooled: whether it sees the pooled vector, not the grid.
        halfway: the step whose weights are shipped besides, to be trained further; 0 is none.
        lr: AdamW's highest learning rate.
        muon_lr: Muon's, for the matrices of transformer blocks.
        seed: of the first weights.
    """

    make: Callable[[], nn.Module]
    steps: int
    batch: int = 128
    pooled: bool = False
    halfway: int = 0
    lr: float = 2e-3
    muon_lr: float | None = 0.02
    seed: int = 1


RECIPES = {
    "captioner": Recipe(make=PrefixCaptioner, steps=1_400, batch=96, halfway=200),
    "captioner-pooled": Recipe(
        make=lambda: PrefixCaptioner(dim=128, places=1), steps=1_000, batch=96, pooled=True
    ),
    "vqa": Recipe(make=CrossAttentionVQA, steps=4_000, batch=32, lr=1e-3, muon_lr=0.006),
    "vqa-pooled": Recipe(
        make=PooledVQA, steps=1_500, batch=32, pooled=True, lr=1e-3, muon_lr=0.006
    ),
    "vqa-question": Recipe(
        make=QuestionOnly, steps=500, batch=32, pooled=True, lr=1e-3, muon_lr=0.006
    ),
}
