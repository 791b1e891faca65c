"""Train the language model of the word game, or the sight that it is given.

`train_weights.py NAME` calls this. Seeded, and resumable: a run that was killed goes on where
it last wrote its checkpoint, to the same weights. What is shipped is rounded to float16, and it
is the rounded model that is measured. `flamingo` needs the shipped `word-game`.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from game_data import shown_documents, texts, training_album
from game_recipes import RECIPES, Recipe
from measure_game import Exam, measure
from precision import mixed
from safetensors.torch import load_file, save_file
from shipping import HALFWAY, rounded, ship
from stopwatch import Stopwatch
from torch import Tensor, nn

from mmcourse.checkpoints import restore
from mmcourse.flamingo import Album, Flamingo, GameLanguageModel, Sight, document_loss
from mmcourse.train import fit, optimizers

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


def train(
    whole: Flamingo, learns: nn.Module, recipe: Recipe, loss_at: LossAt, files: Path
) -> None:
    """Train a part of a model in place, from its checkpoint if there is one.

    Args:
        whole: the model, which is looked at during training.
        learns: the part of it.
        recipe: how.
        loss_at: step -> its loss.
        files: a path without suffix: `.pt` is the checkpoint, `.csv` the curve, and
            `.half.safetensors` the weights of the step halfway.
    """
    exam, stopwatch = Exam("validation", 300), Stopwatch(files.with_suffix(".seconds"))

    def after_step(done: int) -> None:
        if done == recipe.halfway:
            save_file(learns.state_dict(), files.with_suffix(".half.safetensors"))
        if done % EVERY and done != recipe.steps:
            return
        minutes = stopwatch.lap() / 60
        found = exam.glance(whole.eval(), in_words=learns is whole.language)
        whole.train()
        line = {"step": done, "minutes": round(minutes, 1), **found}
        curve = files.with_suffix(".csv")
        if not curve.exists():
            curve.write_text(",".join(line) + "\n")
        with curve.open("a") as file:
            file.write(",".join(map(str, line.values())) + "\n")
        print(", ".join(f"{name} {value}" for name, value in line.items()), flush=True)

    fit(
        learns.train(),
        loss_at,
        recipe.steps,
        chosen=optimizers(learns, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=files.with_suffix(".pt"),
        every=EVERY,
    )
    stopwatch.lap()


def train_game(name: str, folder: Path, device: str) -> None:  # noqa: ARG001 - minutes on a CPU
    """Train, measure and ship one model; of `flamingo` the weights of an early step, too."""
    recipe, files = RECIPES[name], folder / name
    torch.manual_seed(recipe.seed)
    if name == "word-game":
        language = GameLanguageModel()
        whole = Flamingo(language, Sight())
        language.requires_grad_()
        train(whole, language, recipe, text_loss(language, recipe), files)
        learns = language
    else:
        whole = Flamingo(restore(GameLanguageModel(), "word-game"), Sight())
        learns = whole.sight
        train(whole, learns, recipe, picture_loss(whole, recipe, training_album(folder)), files)
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    rounded(learns)
    ship(name, learns, recipe.seed, minutes, measure(whole, in_words=name == "word-game"))
    if recipe.halfway:
        learns.load_state_dict(load_file(files.with_suffix(".half.safetensors")))
        rounded(learns)
        share = recipe.halfway / recipe.steps
        ship(f"{name}{HALFWAY}", learns, recipe.seed, minutes * share, measure(whole))
