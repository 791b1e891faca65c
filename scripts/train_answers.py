"""Train a captioner or an answerer on the frozen `tiny`, and put it into mmcourse/weights.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to
the same weights. What is shipped is rounded to float16, and it is the rounded model that is
measured.

usage: python scripts/train_answers.py NAME [--folder FOLDER] [--device cpu|cuda] [--threads N]
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from answer_data import SEED, AnswerData, features
from answer_recipes import RECIPES, Recipe
from measure_answers import measure
from safetensors.torch import load_file, save_file
from stopwatch import Stopwatch
from torch import Tensor, nn
from torch.nn import functional as F
from train_weights import processor

from mmcourse import checkpoints, clip
from mmcourse.captioning import PrefixCaptioner, caption_loss, target_caption, target_words
from mmcourse.checkpoints.weights import WEIGHTS
from mmcourse.data import pairs
from mmcourse.tokenizer import WordTokens
from mmcourse.train import fit, optimizers
from mmcourse.vqa import CrossAttentionVQA, PooledVQA, answer_numbers, question_tokens
from mmcourse.world import questions

ROOT = Path(__file__).resolve().parents[1]
EVERY = 100  # steps between two checkpoints
SHARDS = 12


def loss_of(model: nn.Module, data: AnswerData, step: int, batch: int, device: str) -> Tensor:
    """Return the loss of one step, which its number decides."""
    if isinstance(model, PrefixCaptioner):
        features, tokens = (each.to(device) for each in data.captioned(step, batch))
        with torch.autocast(device, torch.bfloat16):
            logits = model(features, tokens)
        return caption_loss(logits.float(), tokens)
    features, asked, answers = (each.to(device) for each in data.asked(step, batch))
    with torch.autocast(device, torch.bfloat16):
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
        with torch.autocast(device, torch.bfloat16):
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


def main(arguments: list[str]) -> int:
    """Train and ship one model; return an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    recipe, files = RECIPES[chosen.name], chosen.folder / chosen.name
    data = AnswerData(chosen.folder, SHARDS, pooled=recipe.pooled)
    torch.manual_seed(recipe.seed)
    model = recipe.make().to(chosen.device)
    train(model, recipe, data, files, chosen.device)
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    save_file(model.state_dict(), files.with_suffix(".safetensors"))
    ship(chosen.name, model, minutes)
    if recipe.halfway:
        half = recipe.make()
        half.load_state_dict(load_file(files.with_suffix(".half.safetensors")))
        ship(f"{chosen.name}-halfway", half, minutes * recipe.halfway / recipe.steps)
    return 0


def ship(name: str, model: nn.Module, minutes: float) -> None:
    """Round a model to float16, measure it, and write its file and its manifest entry."""
    device = next(model.parameters()).device.type
    path = WEIGHTS / f"{name}.safetensors"
    checkpoints.save(model.cpu().half(), path)
    entry = checkpoints.Entry(
        model=type(model).__name__,
        sha256=checkpoints.sha256(path),
        command=f"python scripts/train_answers.py {name.removesuffix('-halfway')}",
        seed=RECIPES[name.removesuffix("-halfway")].seed,
        device=torch.cuda.get_device_name() if device == "cuda" else processor(),
        minutes=round(minutes, 1),
        metrics=measure(model.float().eval()),
    )
    checkpoints.write_manifest_entry(name, entry)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
