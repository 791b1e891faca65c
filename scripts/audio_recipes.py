"""How each model of sound is made."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from mmcourse.audio import AudioCaptioner, AudioTower


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is made.

    Args:
        make: a new one.
        steps: of training.
        batch: recordings a step.
        beside: what stands beside the sounds of a tower: "images", their captions ("texts"),
            or the pictures of others ("shuffled").
        halfway: the step whose weights are shipped besides, to be trained further; 0 is none.
        lr: AdamW's highest learning rate.
        muon_lr: Muon's, for the matrices of transformer blocks.
        seed: of the first weights.
        shipped: whether its weights are; of a control it is enough to know what it can do.
    """

    make: Callable[[], nn.Module]
    steps: int
    batch: int = 64
    beside: str = ""
    halfway: int = 0
    lr: float = 2e-3
    muon_lr: float = 0.02
    seed: int = 1
    shipped: bool = True


RECIPES = {
    "audio-tower": Recipe(
        make=AudioTower, steps=1_400, batch=128, beside="images", halfway=150
    ),
    "audio-tower-shuffled": Recipe(
        make=AudioTower, steps=300, batch=128, beside="shuffled", shipped=False
    ),
    "audio-tower-texts": Recipe(make=AudioTower, steps=1_000, batch=128, beside="texts"),
    "audio-captioner": Recipe(make=AudioCaptioner, steps=2_600),
    "audio-captioner-pooled": Recipe(make=lambda: AudioCaptioner(pooled=True), steps=1_500),
}
