"""Train one of the shipped models from its seed, measure it and put it into mmcourse/weights.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to
the same weights. What is shipped is rounded to float16, as OpenAI's loader does, and it is
the rounded model that is measured.

CLIPs are trained here; the painter, its autoencoder and its judge in `train_painter.py`, the
picture tokenizer and the transformer of its codes in `train_spelled.py`, captioners and
answerers in `train_answers.py`, models of sound in `train_audio.py`, the recogniser of speech
in `train_speech.py`, the watcher of films in `train_films.py`, what plays the word game in
`train_game.py`.

usage: python scripts/train_weights.py NAME [--folder FOLDER] [--device cpu|cuda] [--threads N]
       torchrun --standalone --nproc-per-node N scripts/train_weights.py NAME ...  (CLIPs alone)
"""

import argparse
import math
import sys
from functools import partial
from pathlib import Path

import torch
from answer_recipes import RECIPES as ANSWERS
from audio_recipes import RECIPES as AUDIO
from game_recipes import RECIPES as GAME
from long_training import note
from measure_weights import Model, measure, progress
from processes import Processes, started
from recipes import RECIPES
from shipping import rounded, ship
from stopwatch import Stopwatch
from train_answers import train_answers
from train_audio import train_audio
from train_films import RECIPES as FILMS
from train_films import train_films
from train_game import train_game
from train_painter import TRAINED
from train_speech import RECIPES as SPEECH
from train_speech import train_speech
from train_spelled import TRAINED as SPELLED
from trainee import Trainee
from training_data import TrainingSet, draw_shards
from training_twins import TwinSet

from mmcourse.train import fit, optimizers

ROOT = Path(__file__).resolve().parents[1]
LARGEST_SCALE = 100
EVERY = 100  # steps between two checkpoints
FAMILIES = (
    (ANSWERS, train_answers),
    (AUDIO, train_audio),
    (SPEECH, train_speech),
    (FILMS, train_films),
    (GAME, train_game),
)
OTHERS = (
    TRAINED
    | SPELLED
    | {name: partial(train, name) for names, train in FAMILIES for name in names}
)
"""How each model is trained that is no CLIP: name -> a function of folder and device."""


def train(trainee: Trainee, checkpoint: Path, stopwatch: Stopwatch) -> None:
    """Train a model in place, from its checkpoint if there is one."""
    model, recipe, limit = trainee.model, trainee.recipe, math.log(LARGEST_SCALE)
    first = trainee.processes.first

    def after_step(done: int) -> None:
        with torch.no_grad():
            model.logit_scale.clamp_(max=limit)
        if first and (done % EVERY == 0 or done == recipe.steps):
            glance(trainee, done, stopwatch.lap() / 60, checkpoint.with_suffix(".csv"))

    fit(
        model.train(),
        trainee.processes.spread(model, trainee.loss_at),
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=checkpoint,
        every=EVERY,
        writes=first,
        progress=first,
    )


def glance(trainee: Trainee, done: int, minutes: float, curve: Path) -> None:
    """Add to a file, and print, what a model can do with pictures for validation."""
    found = progress(Model(trainee.model.eval(), trainee.tokens))
    trainee.model.train()
    note(curve, {"step": done, "minutes": round(minutes, 1), **found})


def measure_and_ship(name: str, trainee: Trainee, minutes: float) -> None:
    """Round a model to float16, measure it, and write its file and its manifest entry."""
    with torch.no_grad():
        trainee.model.token_embedding.weight[0] = 0  # padding: in the table, but never read
    model, ids = rounded(trainee.model), trainee.tokens.ids
    metrics = measure(Model(model, trainee.tokens), 4000)
    ship(name, model, trainee.recipe.seed, minutes, metrics, vocabulary=ids)


def train_clip(name: str, folder: Path, device: str, processes: Processes) -> None:
    """Train a CLIP; the first process alone draws its pictures, measures and ships it."""
    recipe, first = RECIPES[name], processes.first
    with processes.first_before_others():
        twins = TwinSet(folder, recipe.twin_shards, recipe.seed, progress=first)
        draw_shards(folder, recipe.shards, recipe.seed)
    data = TrainingSet(folder, recipe.shards, recipe.seed, twins=twins, progress=first)
    trainee = Trainee(recipe, data, device, processes)
    stopwatch = Stopwatch(folder / f"{name}.seconds")
    train(trainee, folder / f"{name}.pt", stopwatch)
    if first:
        measure_and_ship(name, trainee, stopwatch.lap() / 60)


def refusal(name: str, device: str, processes: Processes) -> str:
    """Return why a model cannot be trained by so many processes; empty if it can."""
    if not processes.several:
        return ""
    if name in OTHERS:
        return f"several processes train {', '.join(RECIPES)} alone; got {name}; start one."
    if device == "cuda" and torch.cuda.device_count() <= processes.local:
        return "every process must have a GPU of its own; start fewer, or choose --device cpu."
    phases = RECIPES[name].phases
    return processes.refusal(
        size for each in phases for size in (each.batch, each.diet.pairs(each.batch))
    )


def main(arguments: list[str]) -> int:
    """Train, measure and ship one model; return an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=[*RECIPES, *OTHERS])
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    processes = started()
    wrong = refusal(chosen.name, chosen.device, processes)
    if wrong:
        if processes.first:
            print(f"train_weights: {wrong}", file=sys.stderr)
        return 2
    if chosen.name in OTHERS:
        OTHERS[chosen.name](chosen.folder, chosen.device)
        return 0
    device = processes.device(chosen.device)
    with processes.joined(device):
        train_clip(chosen.name, chosen.folder, device, processes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
