"""Train the watcher of films; `train_weights.py films` calls this.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to the
same weights. What is shipped is rounded to float16, and it is the rounded model that is
measured. Weights early on are shipped, too: lesson 18 trains them on.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from film_data import SEED, training_films
from precision import mixed
from safetensors.torch import load_file, save_file
from shipping import HALFWAY, rounded, ship
from stopwatch import Stopwatch
from torch import Tensor
from torch.nn import functional as F

from mmcourse.train import fit, optimizers
from mmcourse.video import Films, VideoQA, films, quiz, right

EVERY = 50  # steps between two checkpoints
TESTED = 2_000


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the watcher is made.

    Args:
        steps: of training.
        batch: films a step, of each of which everything is asked.
        halfway: the step whose weights are shipped besides, to be trained further.
        lr: AdamW's highest learning rate.
        muon_lr: Muon's, for the matrices of transformer blocks.
        seed: of the first weights.
    """

    steps: int
    batch: int = 40
    halfway: int
    lr: float = 2e-3
    muon_lr: float = 0.02
    seed: int = 1


RECIPES = {"films": Recipe(steps=1_000, halfway=100)}


def loss_of(model: VideoQA, shown: Films, asked: tuple[Tensor, Tensor], device: str) -> Tensor:
    """Return the loss of all questions about some films."""
    questions, answers = (each.to(device) for each in asked)
    with mixed(device):
        logits = model(shown.pictures.to(device), shown.sounds.to(device), questions)
    return F.cross_entropy(logits.float().flatten(0, 1), answers.flatten())


def measure(model: VideoQA, shown: Films) -> dict[str, tuple[float, int]]:
    """Return the share of right answers of each type, with their number."""
    return {
        kind: (round(float(hits.float().mean()), 4), len(hits))
        for kind, hits in right(model, shown).items()
    }


def train(model: VideoQA, recipe: Recipe, shown: Films, files: Path, device: str) -> None:
    """Train a model in place, from its checkpoint if there is one.

    Args:
        model: what learns.
        recipe: how.
        shown: from what.
        files: a path without suffix: `.pt` is the checkpoint, `.csv` the curve, and
            `.100.safetensors` the weights after 100 steps.
        device: where.
    """
    asked, unseen = quiz(shown), films(400, [SEED, 0], split="validation")
    stopwatch = Stopwatch(files.with_suffix(".seconds"))

    def loss_at(step: int) -> Tensor:
        rows = np.random.default_rng([SEED, 3, step]).integers(len(shown), size=recipe.batch)
        questions, answers = (each[rows] for each in asked)
        return loss_of(model, shown.rows(rows.tolist()), (questions, answers), device)

    def after_step(done: int) -> None:
        if done % EVERY and done != recipe.steps:
            return
        minutes = stopwatch.lap() / 60
        packed = {name: each.contiguous() for name, each in model.state_dict().items()}
        save_file(packed, files.with_suffix(f".{done}.safetensors"))
        found = measure(model.eval(), unseen)
        model.train()
        line = f"{done},{minutes:.1f},{','.join(str(share) for share, _ in found.values())}"
        with files.with_suffix(".csv").open("a") as file:
            file.write(f"{line}\n")
        print(f"step, minutes, {', '.join(found)}: {line}", flush=True)

    fit(
        model.train(),
        loss_at,
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=files.with_suffix(".pt"),
        every=EVERY,
    )
    stopwatch.lap()


def train_films(name: str, folder: Path, device: str) -> None:
    """Train, measure and ship the watcher, and its weights early on."""
    recipe, files = RECIPES[name], folder / name
    torch.manual_seed(recipe.seed)
    model = VideoQA().to(device)
    train(model, recipe, training_films(folder), files, device)
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    model, shown = rounded(model.cpu()), films(TESTED, [SEED, 1], split="test")
    ship(name, model, recipe.seed, minutes, measure(model, shown))
    half = VideoQA()
    half.load_state_dict(load_file(files.with_suffix(f".{recipe.halfway}.safetensors")))
    half, share = rounded(half), recipe.halfway / recipe.steps
    ship(f"{name}{HALFWAY}", half, recipe.seed, minutes * share, measure(half, shown))
