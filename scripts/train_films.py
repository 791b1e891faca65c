"""Train the watcher of films; `train_weights.py films` calls this.

Weights early on are shipped, too: lesson 18 trains them on.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from film_data import SEED, training_films
from long_training import finish, train
from precision import mixed
from torch import Tensor
from torch.nn import functional as F

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


def train_films(name: str, folder: Path, device: str) -> None:
    """Train, measure and ship the watcher, and its weights early on."""
    recipe, files = RECIPES[name], folder / name
    torch.manual_seed(recipe.seed)
    model, shown = VideoQA().to(device), training_films(folder)
    asked, unseen = quiz(shown), films(400, [SEED, 0], split="validation")

    def loss_at(step: int) -> Tensor:
        rows = np.random.default_rng([SEED, 3, step]).integers(len(shown), size=recipe.batch)
        questions, answers = (each[rows] for each in asked)
        return loss_of(model, shown.rows(rows.tolist()), (questions, answers), device)

    def look() -> dict[str, float]:
        return {kind: share for kind, (share, _) in measure(model, unseen).items()}

    train(model, recipe, loss_at, files, every=EVERY, look=look)
    exam = films(TESTED, [SEED, 1], split="test")
    finish(name, model, recipe, files, make=VideoQA, measure=partial(measure, shown=exam))
