"""Train the recogniser halfway on with five seeds, as lesson 15 does, and store the errors.

The lesson trains one of these runs; the rest it takes from the table. About two minutes on one
core. Numbers differ a little from machine to machine: rounding grows in training.

usage: PYTHONPATH=. python scripts/dictation_runs.py [DICTATIONS.csv]
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from matching_runs import write
from precision import mixed
from torch import Tensor
from torch.nn import functional as F

from mmcourse.checkpoints import restore
from mmcourse.metrics import word_error_rate
from mmcourse.small.dictations import STORED_DICTATIONS, Dictation
from mmcourse.speech import (
    Recording,
    SpeechEncoder,
    padded,
    recognise,
    spelled,
    stored_recordings,
)
from mmcourse.train import fit, optimizers

SEEDS = range(5)
STEPS, EVERY, BATCH = 60, 20, 16
LR, MUON_LR = 5e-4, 0.005
"""The best of three that were tried on recordings of validation scenes: 5e-4, 1e-3 and 2e-3,
Muon's ten times as high."""


def loss_at(model: SpeechEncoder, practice: list[Recording], seed: int, step: int) -> Tensor:
    """Return the loss of one step: of recordings that seed and step choose."""
    rows = np.random.default_rng([seed, step]).integers(len(practice), size=BATCH)
    letters, lengths = spelled([practice[row].text for row in rows])
    mels, frames = padded([practice[row].log_mel for row in rows])
    with mixed("cpu"):
        logits, steps = model(mels, frames)
    logprobs = logits.float().log_softmax(dim=2).transpose(0, 1)
    return F.ctc_loss(logprobs, letters, steps, lengths, zero_infinity=True)


def errors(model: SpeechEncoder, exam: list[Recording]) -> float:
    """Return the word error rate."""
    said = recognise(model.eval(), [one.log_mel for one in exam])
    return word_error_rate(said, [one.text for one in exam]).rate


def run(
    practice: list[Recording], exams: dict[str, list[Recording]], seed: int
) -> list[Dictation]:
    """Return the rows of one seed: before the first step, and after every twentieth."""
    model = restore(SpeechEncoder(), "speech-halfway")
    found = {0: {name: errors(model, exam) for name, exam in exams.items()}}

    def look(done: int) -> None:
        if done % EVERY == 0:
            found[done] = {name: errors(model, exam) for name, exam in exams.items()}
            model.train()

    history = fit(
        model.train(),
        lambda step: loss_at(model, practice, seed, step),
        STEPS,
        chosen=optimizers(model, lr=LR, muon_lr=MUON_LR),
        after_step=look,
        progress=False,
    )
    parts = np.split(np.array(history.losses), range(EVERY, STEPS, EVERY))
    losses = [float("nan"), *(float(part.mean()) for part in parts)]
    return [
        Dictation(seed, step, loss, **rates)
        for (step, rates), loss in zip(found.items(), losses, strict=True)
    ]


if __name__ == "__main__":
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("dictations", nargs="?", type=Path, default=STORED_DICTATIONS)
    chosen = parser.parse_args()
    if not chosen.dictations.parent.is_dir():
        parser.error("the folder of the table must exist; make it first.")  # not in the end
    practice = stored_recordings("train")
    exams = {name: stored_recordings(name) for name in ("heard", "new")}
    rows = [row for seed in SEEDS for row in run(practice, exams, seed)]
    write(chosen.dictations, rows, shared=2)
