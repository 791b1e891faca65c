"""One long training of a model that is shipped, and often of its weights early on, too.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to the
same weights. What is shipped is rounded to float16, and it is the rounded model that is
measured. Leaves out what a model learns from: that is a function from a step to its loss.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file, save_file
from shipping import HALFWAY, rounded, ship
from stopwatch import Stopwatch
from torch import Tensor, nn

from mmcourse.train import fit, optimizers


class Recipe(Protocol):
    """What a training must know of how its model is made."""

    @property
    def steps(self) -> int:
        """Of training."""

    @property
    def halfway(self) -> int:
        """The step whose weights are shipped besides; 0 is none."""

    @property
    def lr(self) -> float:
        """AdamW's highest learning rate."""

    @property
    def muon_lr(self) -> float | None:
        """Muon's, for the matrices of transformer blocks."""

    @property
    def seed(self) -> int:
        """Of the first weights."""


def train(
    model: nn.Module,
    recipe: Recipe,
    loss_at: Callable[[int], Tensor],
    files: Path,
    *,
    every: int,
    look: Callable[[], Mapping[str, float]],
) -> None:
    """Train a model in place, from its checkpoint if there is one.

    Args:
        model: what learns.
        recipe: how.
        loss_at: step -> its loss.
        files: a path without suffix: `.pt` is the checkpoint, `.csv` the curve, `.seconds` the
            time that was spent, and `.half.safetensors` the weights of the step halfway.
        every: steps between two checkpoints, and two points of the curve.
        look: what the model can do on validation, by name; called in test mode.
    """
    stopwatch = Stopwatch(files.with_suffix(".seconds"))

    def after_step(done: int) -> None:
        if done == recipe.halfway:
            packed = {name: each.contiguous() for name, each in model.state_dict().items()}
            save_file(packed, files.with_suffix(".half.safetensors"))
        if done % every == 0 or done == recipe.steps:
            minutes = stopwatch.lap() / 60
            model.eval()
            with torch.no_grad():
                found = look()
            model.train()
            point = {"step": done, "minutes": round(minutes, 1), **found}
            note(files.with_suffix(".csv"), point)

    fit(
        model.train(),
        loss_at,
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=files.with_suffix(".pt"),
        every=every,
    )
    stopwatch.lap()


def note(curve: Path, point: Mapping[str, float]) -> None:
    """Add a point to a curve, and print it."""
    rounded_off = {name: round(value, 4) for name, value in point.items()}
    if not curve.exists():
        curve.write_text(",".join(rounded_off) + "\n")
    with curve.open("a") as file:
        file.write(",".join(map(str, rounded_off.values())) + "\n")
    print(", ".join(f"{name} {value}" for name, value in rounded_off.items()), flush=True)


def finish(
    name: str,
    model: nn.Module,
    recipe: Recipe,
    files: Path,
    *,
    make: Callable[[], nn.Module],
    measure: Callable[[nn.Module], Mapping[str, tuple[float, int]]],
) -> None:
    """Ship a model at the end of its training, and its weights of the step halfway.

    Args:
        name: of the file.
        model: as `train` left it.
        recipe: how it was trained.
        files: as for `train`.
        make: a new model, for the weights of the step halfway.
        measure: what is told of a model in the manifest.
    """
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    stages = [(name, model, minutes)]
    if recipe.halfway:
        half = make()
        half.load_state_dict(load_file(files.with_suffix(".half.safetensors")))
        stages.append((f"{name}{HALFWAY}", half, minutes * recipe.halfway / recipe.steps))
    for each, stage, spent in stages:
        ready = rounded(stage.cpu())
        ship(each, ready, recipe.seed, spent, measure(ready))
