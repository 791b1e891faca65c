"""How each shipped model is made: its sizes, where it starts, and what it is fed when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training_data import Diet


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of training.

    Args:
        until: the step that it ends before.
        batch: pictures a step.
        diet: what the batches are made of.
    """

    until: int
    batch: int
    diet: Diet


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is made.

    Args:
        vision: sizes of the image tower, by the names of `CLIPConfig`.
        phases: in order; the last one's end is the end of training.
        lr: AdamW's learning rate.
        muon_lr: Muon's, for transformer blocks; None does without.
        start: a shipped model of the same shape whose weights training begins with; None
            begins with random ones.
        kept: beginnings of the names of those weights that stay as they are.
        locked: a shipped model whose image tower is taken over and kept, so that texts learn
            to fit it (arXiv 2111.07991); None learns one.
        teacher: a shipped model whose text tower is taken over and kept (as the image tower
            is in arXiv 2111.07991), and whose picture embeddings are copied besides (arXiv
            2309.12314, section 3); None starts from nothing.
        bag: whether the words of a text are read in sorted order (`mmcourse.clip.bag`).
        shards: of 4,096 pictures each.
        twin_shards: of 2,048 pairs of twin pictures each.
        seed: of pictures, captions and first weights.
    """

    vision: Mapping[str, Any]
    phases: tuple[Phase, ...]
    lr: float = 2e-3
    muon_lr: float | None = None
    start: str | None = None
    kept: tuple[str, ...] = ()
    locked: str | None = None
    teacher: str | None = None
    bag: bool = False
    shards: int = 64
    twin_shards: int = 0
    seed: int = 1

    @property
    def steps(self) -> int:
        """How many steps there are in all."""
        return self.phases[-1].until

    def phase(self, step: int) -> Phase:
        """Return the phase that a step belongs to."""
        return next(phase for phase in self.phases if step < phase.until)


RESNET = {"vision_layers": (1, 1, 1, 1), "vision_width": 16, "vision_patch_size": None}

RECIPES = {
    "tiny": Recipe(
        vision=RESNET,
        phases=(
            Phase(until=3_300, batch=128, diet=Diet(alone=True)),
            Phase(until=5_500, batch=144, diet=Diet()),
            Phase(until=9_000, batch=144, diet=Diet(augmented=True)),
            Phase(until=11_000, batch=144, diet=Diet(augmented=True, counted=0.4)),
        ),
    ),
    "tiny-vit": Recipe(
        vision={"vision_layers": 4, "vision_width": 192, "vision_patch_size": 8},
        phases=(
            Phase(until=500, batch=128, diet=Diet(alone=True)),
            Phase(until=1_200, batch=128, diet=Diet()),
            Phase(until=2_000, batch=128, diet=Diet(augmented=True, counted=0.1)),
        ),
        lr=1e-3,
        muon_lr=0.02,
        teacher="tiny",
    ),
    "tiny-hard": Recipe(
        vision=RESNET,
        phases=(
            Phase(until=800, batch=128, diet=Diet(augmented=True, twins=0.75)),
            Phase(until=1_200, batch=128, diet=Diet(augmented=True, counted=0.2, twins=0.5)),
        ),
        lr=1e-3,
        start="tiny",
        kept=("visual.conv", "visual.bn", "visual.layer1.", "visual.layer2."),
        shards=8,
        twin_shards=11,
    ),
    "tiny-bag": Recipe(
        vision=RESNET,
        phases=(
            Phase(until=2_200, batch=160, diet=Diet()),
            Phase(until=3_000, batch=160, diet=Diet(counted=0.2)),
        ),
        locked="tiny",
        bag=True,
        shards=14,
    ),
}
