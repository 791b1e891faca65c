"""Train watchers of films who lack a sense, the order or a name, and store what they learnt.

All train as many steps, on the same films; what is taken from the films is taken in the tests,
too. Who learnt from everything is also shown films with a sense taken away, or with the sound
late. Lesson 18 shows the table. Five seeds; about half an hour on one core.

usage: PYTHONPATH=. python scripts/film_runs.py [WATCHINGS.csv] [--folder FOLDER]
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from film_data import SEED, training_films
from matching_runs import write
from torch import Tensor
from train_films import loss_of

from mmcourse.small.watchings import STORED_WATCHINGS, Watching
from mmcourse.train import fit, optimizers
from mmcourse.video import (
    Films,
    VideoQA,
    dubbed,
    films,
    frozen,
    late,
    quiz,
    right,
    shuffled,
    silent,
    unseen,
)

ROOT = Path(__file__).resolve().parents[1]
SEEDS = range(5)
STEPS, BATCH = 300, 40
LR, MUON_LR = 2e-3, 0.02
TESTED = 1_000

Take = Callable[[Films, np.random.Generator], Films]
TAKEN: dict[str, Take] = {
    "everything": lambda shown, _: shown,
    "no sound": lambda shown, _: silent(shown),
    "no picture": lambda shown, _: unseen(shown),
    "one frame": lambda shown, _: frozen(shown),
    "a heap": shuffled,
    "no name": lambda shown, _: shown,
    "never asked what it hears": lambda shown, _: shown,
}
"""What is done to the films of each watcher."""

TRICKED: dict[str, Take] = {
    "no sound": TAKEN["no sound"],
    "a heap": TAKEN["a heap"],
    "late sound": lambda shown, _: late(shown),
    "another's sound": lambda shown, _: dubbed(shown),
}
"""What is done, in tests alone, to the films of who learnt from everything."""


def learn(trained: str, seed: int, shown: Films) -> VideoQA:
    """Return a watcher after its steps."""
    heard = "voice" if trained == "never asked what it hears" else ""
    asked = quiz(shown, named=trained != "no name", leave_out=heard)
    torch.manual_seed(seed)
    model = VideoQA()

    def loss_at(step: int) -> Tensor:
        rng = np.random.default_rng([SEED, 5, seed, step])
        rows = rng.integers(len(shown), size=BATCH)
        taken = TAKEN[trained](shown.rows(rows.tolist()), rng)
        return loss_of(model, taken, tuple(each[rows] for each in asked), "cpu")

    chosen = optimizers(model, lr=LR, muon_lr=MUON_LR)
    fit(model.train(), loss_at, STEPS, chosen=chosen, progress=False)
    return model.eval()


def examined(
    model: VideoQA, trained: str, tested: str, seed: int, take: Take, exam: Films
) -> Watching:
    """Return what a watcher gets right on test films of which something is taken."""
    shown = take(exam, np.random.default_rng([SEED, 6]))
    hits = right(model, shown, named=trained != "no name")
    shares = {kind: float(each.float().mean()) for kind, each in hits.items()}
    return Watching(trained, tested, seed, **shares, n=len(exam))


def main(arguments: Sequence[str]) -> int:
    """Train all and write the table, after every seed; return an exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, nargs="?", default=STORED_WATCHINGS)
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    shown, exam = training_films(chosen.folder), films(TESTED, [SEED, 7], split="test")
    found: list[Watching] = []
    for seed in SEEDS:
        for trained, take in TAKEN.items():
            model = learn(trained, seed, shown)
            found.append(examined(model, trained, "as trained", seed, take, exam))
            print(found[-1], flush=True)
            if trained == "everything":
                found += [
                    examined(model, trained, tested, seed, trick, exam)
                    for tested, trick in TRICKED.items()
                ]
                print(*found[-len(TRICKED) :], sep="\n", flush=True)
        write(chosen.path, found, shared=3)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
