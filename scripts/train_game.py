"""Train the language model of the word game, or the sight that it is given.

`train_weights.py NAME` calls this. `flamingo` needs the shipped `word-game`.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from game_data import shown_documents, texts, training_album
from game_recipes import RECIPES, Recipe
from long_training import finish, train
from measure_game import Exam, Found, measure
from precision import mixed
from torch import Tensor, nn

from mmcourse.checkpoints import restore
from mmcourse.flamingo import Album, Flamingo, GameLanguageModel, Sight, document_loss

EVERY = 50  # steps between two looks, and two checkpoints

LossAt = Callable[[int], Tensor]


def text_loss(model: GameLanguageModel, recipe: Recipe, *, bind: bool = True) -> LossAt:
    """Return the loss of each step in words alone."""

    def loss_at(step: int) -> Tensor:
        tokens = texts(step, recipe.batch, recipe.seed, bind=bind)
        with mixed("cpu"):
            logits = model(tokens)
        return document_loss(logits.float(), tokens, others=recipe.others)

    return loss_at


def picture_loss(model: Flamingo, recipe: Recipe, pictures: Album) -> LossAt:
    """Return the loss of each step with pictures."""

    def loss_at(step: int) -> Tensor:
        tokens, shown = shown_documents(step, recipe.batch, recipe.seed, pictures)
        with mixed("cpu"):
            logits = model(tokens, shown)
        return document_loss(logits.float(), tokens, others=recipe.others)

    return loss_at


def train_game(name: str, folder: Path, device: str) -> None:  # noqa: ARG001 - minutes on a CPU
    """Train, measure and ship one model; of `flamingo` the weights of an early step, too."""
    recipe, files, in_words = RECIPES[name], folder / name, name == "word-game"
    torch.manual_seed(recipe.seed)
    language = GameLanguageModel() if in_words else restore(GameLanguageModel(), "word-game")
    whole = Flamingo(language, Sight())
    learns: nn.Module = whole.sight
    if in_words:
        learns = language.requires_grad_()
        loss_at = text_loss(language, recipe)
    else:
        loss_at = picture_loss(whole, recipe, training_album(folder))
    exam = Exam("validation", 300)

    def look() -> dict[str, float]:
        return exam.glance(whole.eval(), in_words=in_words)

    def measured(stage: nn.Module) -> Found:
        both = Flamingo(stage, Sight()) if in_words else Flamingo(language, stage)
        return measure(both.eval(), in_words=in_words)

    train(learns, recipe, loss_at, files, every=EVERY, look=look)
    finish(name, learns, recipe, files, make=Sight, measure=measured)
