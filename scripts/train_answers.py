"""Train a captioner or an answerer on the frozen `tiny`; `train_weights.py NAME` calls this.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to
the same weights. What is shipped is rounded to float16, and it is the rounded model that is
measured.

A captioner's weights halfway are shipped, too: lesson 12 trains them on.
"""

from pathlib import Path

import numpy as np
import torch
from answer_data import SEED, AnswerData, features
from answer_recipes import RECIPES, Recipe
from measure_answers import measure
from precision import mixed
from safetensors.torch import load_file, save_file
from shipping import rounded, ship
from stopwatch import Stopwatch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.captioning import PrefixCaptioner, caption_loss, target_caption, target_words
from mmcourse.data import pairs
from mmcourse.tokenizer import WordTokens
from mmcourse.train import fit, optimizers
from mmcourse.vqa import CrossAttentionVQA, PooledVQA, answer_numbers, question_tokens
from mmcourse.world import questions

EVERY = 100  # steps between two checkpoints
SHARDS = 12


def loss_of(model: nn.Module, data: AnswerData, step: int, batch: int, device: str) -> Tensor:
    """Return the loss of one step, which its number decides."""
    if isinstance(model, PrefixCaptioner):
        features, tokens = (each.to(device) for each in data.captioned(step, batch))
        with mixed(device):
            logits = model(features, tokens)
        return caption_loss(logits.float(), tokens)
    features, asked, answers = (each.to(device) for each in data.asked(step, batch))
    with mixed(device):
        logits = answered(model, features, asked)
    return F.cross_entropy(logits.float(), answers)


def answered(model: nn.Module, features: Tensor, asked: Tensor) -> Tensor:
    """Return the logits of an answerer, each of which sees what it was made for."""
    if isinstance(model, CrossAttentionVQA):
        return model(features, asked)[0]
    if isinstance(model, PooledVQA):
        return model(features[:, 0], asked)
    return model(asked)


def train(model: nn.Module, recipe: Recipe, data: AnswerData, files: Path, device: str) -> None:
    """Train a model in place, from its checkpoint if there is one.

    Args:
        model: what learns.
        recipe: how.
        data: from what.
        files: a path without suffix: `.pt` is the checkpoint, `.csv` the curve, and
            `.half.safetensors` the weights of the step halfway.
        device: where.
    """
    stopwatch, unseen = Stopwatch(files.with_suffix(".seconds")), Unseen(recipe.pooled)

    def after_step(done: int) -> None:
        if done == recipe.halfway:
            save_file(model.state_dict(), files.with_suffix(".half.safetensors"))
        if done % EVERY == 0 or done == recipe.steps:
            minutes = stopwatch.lap() / 60
            found = unseen.measure(model.eval(), device)
            model.train()
            line = f"{done},{minutes:.1f},{found[0]:.4f},{found[1]:.4f}"
            with files.with_suffix(".csv").open("a") as file:
                file.write(line + "\n")
            print(f"step, minutes, loss, right captions or answers: {line}", flush=True)

    fit(
        model.train(),
        lambda step: loss_of(model, data, step, recipe.batch, device),
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=files.with_suffix(".pt"),
        every=EVERY,
    )
    stopwatch.lap()


class Unseen:
    """Some pictures for validation, to look at during training.

    Args:
        pooled: as in the recipe.
        n: how many.
    """

    def __init__(self, pooled: bool, n: int = 512) -> None:  # noqa: FBT001 - one flag
        shown = pairs(n, [SEED, 3], split="validation")
        both = features(clip.load("tiny", "cpu")[0], shown.pixels)
        self.features = both[0][:, None] if pooled else both[1]
        self.captions = WordTokens(target_words())(
            [target_caption(scene) for scene in shown.scenes]
        )
        rng = np.random.default_rng([SEED, 4])
        found = [
            (row, each)
            for row, scene in enumerate(shown.scenes)
            for each in questions(scene, rng)
        ]
        self.rows = [row for row, _ in found]
        self.asked = question_tokens()([each.text for _, each in found])
        self.answers = answer_numbers([each.answer for _, each in found])

    @torch.no_grad()
    def measure(self, model: nn.Module, device: str) -> tuple[float, float]:
        """Return the loss, and the share of captions that are all right, or of answers."""
        with mixed(device):
            if isinstance(model, PrefixCaptioner):
                tokens = self.captions.to(device)
                logits = model(self.features.to(device), tokens).float()
                right = (logits[:, :-1].argmax(-1) == tokens[:, 1:]) | (tokens[:, 1:] == 0)
                return float(caption_loss(logits, tokens)), float(right.all(1).float().mean())
            shown = self.features[self.rows].to(device)
            logits = answered(model, shown, self.asked.to(device)).float()
        answers = self.answers.to(device)
        right = logits.argmax(1) == answers
        return float(F.cross_entropy(logits, answers)), float(right.float().mean())


def train_answers(name: str, folder: Path, device: str) -> None:
    """Train, measure and ship one model."""
    recipe, files = RECIPES[name], folder / name
    data = AnswerData(folder, SHARDS, pooled=recipe.pooled)
    torch.manual_seed(recipe.seed)
    model = recipe.make().to(device)
    train(model, recipe, data, files, device)
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    model = rounded(model.cpu())
    ship(name, model, recipe.seed, minutes, measure(model))
    if recipe.halfway:
        half = recipe.make()
        half.load_state_dict(load_file(files.with_suffix(".half.safetensors")))
        half, share = rounded(half), recipe.halfway / recipe.steps
        ship(f"{name}-halfway", half, recipe.seed, minutes * share, measure(half))
