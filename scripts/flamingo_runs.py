"""Train Flamingo with a part missing, and store what each answers beside the whole.

Every sight learns for as many steps, from the same documents, with the seeds of `SEEDS`. The
language models below them are trained once each: as many steps as it took the shipped one to
play in words as well as it ever will. What learns catches on suddenly, on some seeds not within
these steps, so that what does not learn here may yet. About 17 minutes on one core for the
first seed, 13 for each further. Numbers differ a little from machine to machine: rounding grows
in training.

usage: PYTHONPATH=.:scripts python scripts/flamingo_runs.py --folder FOLDER [SHOTS.csv]
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import torch
from game_data import training_album
from game_recipes import RECIPES
from matching_runs import write
from measure_game import PICTURES, SHOTS, Exam
from safetensors.torch import load_file, save_file
from train_game import picture_loss, text_loss

from mmcourse.checkpoints import restore
from mmcourse.flamingo import Album, Flamingo, GameLanguageModel, Sight
from mmcourse.small.shots import STORED_SHOTS, Shot, stored_shots
from mmcourse.train import fit, optimizers

SEEDS = range(5)
"""Of a sight's first weights and its documents; every way is trained on each of them."""
RECIPE = replace(RECIPES["flamingo"], steps=600, halfway=0)
TEXTS = replace(RECIPES["word-game"], steps=400)
MADE = ("whole", "no games", "no convolution", "from scratch")
ASKED = ("pictures", "words")
WHOLE_ASKED = ("pictures", "words", "shuffled", "own words")
QUESTIONS = 1_000


def language(made: str, folder: Path) -> GameLanguageModel:
    """Return the language model of one way; those that are not shipped are trained once."""
    if made == "whole":
        return restore(GameLanguageModel(), "word-game")
    torch.manual_seed(RECIPE.seed)
    model = GameLanguageModel(taps=1 if made == "no convolution" else 4)
    path = folder / f"word-game-{made.replace(' ', '-')}.safetensors"
    if made != "from scratch" and not path.exists():
        loss_at = text_loss(model, TEXTS, bind=made != "no games")
        chosen = optimizers(model, lr=TEXTS.lr, muon_lr=TEXTS.muon_lr)
        fit(model.train(), loss_at, TEXTS.steps, chosen=chosen)
        save_file(model.state_dict(), path)
    if path.exists():
        model.load_state_dict(load_file(path))
    return model


def trained(made: str, seed: int, pictures: Album, folder: Path) -> Flamingo:
    """Return a model whose sight has learnt; from scratch, all of it has."""
    words = language(made, folder)
    torch.manual_seed(seed)
    model, recipe = Flamingo(words, Sight()), replace(RECIPE, seed=100 + seed)
    if made == "from scratch":
        model.requires_grad_()
    learns = model if made == "from scratch" else model.sight
    chosen = optimizers(learns, lr=recipe.lr, muon_lr=recipe.muon_lr)
    fit(learns.train(), picture_loss(model, recipe, pictures), recipe.steps, chosen=chosen)
    return model.eval()


def answers(model: Flamingo, made: str, seed: int, exam: Exam) -> Iterator[Shot]:
    """Yield what a model answers; only the whole one is asked in every way."""
    for asked in WHOLE_ASKED if made == "whole" else ASKED:
        for kinds in PICTURES:
            for shots in SHOTS:
                two, every = exam.answers(model, kinds, shots, asked)
                rule = np.array([one.rule for one in exam.questions[kinds, shots]])
                shares = [float(two[rule == fact].mean()) for fact in ("kind", "colour")]
                right, open_ = float(two.mean()), float(every.mean())
                yield Shot(made, asked, seed, kinds, shots, right, *shares, open_, len(two))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table, anew after every training; what it holds is not trained again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("shots", nargs="?", type=Path, default=STORED_SHOTS)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    pictures, exam = training_album(chosen.folder), Exam("test", QUESTIONS)
    found = stored_shots(chosen.shots) if chosen.shots.exists() else []
    known = {(run.made, run.seed) for run in found}
    for seed, made in product(SEEDS, MADE):
        if (made, seed) not in known:
            model = trained(made, seed, pictures, chosen.folder)
            found += answers(model, made, seed, exam)
            write(chosen.shots, found, shared=5)
            print(f"{made}, seed {seed}", flush=True)


if __name__ == "__main__":
    main()
