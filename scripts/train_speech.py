"""Train the recogniser on spoken captions; `train_weights.py speech` calls this.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to
the same weights. What is shipped is rounded to float16, and it is the rounded model that is
measured. Weights early on are shipped, too: lesson 15 trains them on.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from measure_speech import measure
from precision import mixed
from safetensors.torch import load_file, save_file
from shipping import HALFWAY, rounded, ship
from spoken_data import SEED, Recordings, recordings, speak_all
from stopwatch import Stopwatch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.metrics import word_error_rate
from mmcourse.speech import SpeechEncoder, padded, recognise, spelled
from mmcourse.train import fit, optimizers

EVERY = 200  # steps between two checkpoints
NEAR = 8  # batches from which one is drawn: recordings about as long as each other
MOST_BANDS, MOST_FRAMES, MASKS, MOST_SHIFT = 7, 14, 2, 2


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the recogniser is made.

    Args:
        steps: of training.
        batch: recordings a step.
        halfway: the step whose weights are shipped besides, to be trained further.
        lr: AdamW's highest learning rate.
        muon_lr: Muon's, for the matrices of transformer blocks.
        seed: of the first weights.
    """

    steps: int
    batch: int = 32
    halfway: int
    lr: float = 2e-3
    muon_lr: float = 0.02
    seed: int = 1


RECIPES = {"speech": Recipe(steps=7_000, halfway=600)}


class SpeechData:
    """Spoken captions to learn from.

    Args:
        heard: the recordings.
    """

    def __init__(self, heard: Recordings) -> None:
        self.heard = heard
        self.letters, self.lengths = spelled(heard.texts)
        self.by_length = np.argsort([each.shape[1] for each in heard.log_mels], kind="stable")

    def batch(self, step: int, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return log-mels, their frames, letters and their lengths: decided by the step."""
        rng = np.random.default_rng([SEED, 2, step])
        near = min(NEAR * size, len(self.by_length))
        first = int(rng.random() * (len(self.by_length) - near + 1))
        order = np.argsort(rng.random(near), kind="stable")[:size]
        rows = self.by_length[first : first + near][order].tolist()
        changed = [disturbed(self.heard.log_mels[row], rng) for row in rows]
        mels, frames = padded(changed)
        letters, lengths = self.letters[rows], self.lengths[rows]
        return mels, frames, letters[:, : int(lengths.max())], lengths


def disturbed(
    log_mel: Float[Tensor, "mels frames"], rng: np.random.Generator
) -> Float[Tensor, "mels frames"]:
    """Return a log-mel with its bands moved a little, and some of it wiped out.

    Bands and frames that are wiped out hold the mean (SpecAugment, arXiv 1904.08779, section
    2, without warping of time); bands moved up or down are another throat, roughly.
    """
    shift = int((2 * MOST_SHIFT + 1) * rng.random()) - MOST_SHIFT
    bands = torch.arange(len(log_mel)) + shift
    changed = log_mel[bands.clamp(0, len(log_mel) - 1)]  # a copy
    mean = changed.mean()
    for _ in range(MASKS):
        for axis, most in ((0, MOST_BANDS), (1, MOST_FRAMES)):
            width = int((most + 1) * rng.random())
            start = int((changed.shape[axis] - width) * rng.random())
            changed.narrow(axis, start, width).fill_(mean)
    return changed


def loss_of(model: nn.Module, data: SpeechData, step: int, batch: int, device: str) -> Tensor:
    """Return the mean loss a letter of one step; torch's own, to which ours is equal."""
    mels, frames, letters, lengths = (each.to(device) for each in data.batch(step, batch))
    with mixed(device):
        logits, steps = model(mels, frames)
    logprobs = logits.float().log_softmax(2).transpose(0, 1)
    return F.ctc_loss(logprobs, letters, steps, lengths, zero_infinity=True)


def glance(model: SpeechEncoder, sets: dict[str, Recordings]) -> dict[str, float]:
    """Return the error rate of words in each set that choices are made by."""
    found = {}
    for name, heard in sets.items():
        said = recognise(model.eval(), heard.log_mels)
        found[name] = round(word_error_rate(said, heard.texts).rate, 4)
    model.train()
    return found


def train(model: SpeechEncoder, recipe: Recipe, folder: Path, files: Path, device: str) -> None:
    """Train a model in place, from its checkpoint if there is one.

    Args:
        model: what learns.
        recipe: how.
        folder: where the recordings are.
        files: a path without suffix: `.pt` is the checkpoint, `.csv` the curve, and
            `.600.safetensors` the weights after 600 steps.
        device: where.
    """
    data = SpeechData(recordings(folder, "train"))
    sets = {name: recordings(folder, name) for name in ("choosing-heard", "choosing-new")}
    stopwatch = Stopwatch(files.with_suffix(".seconds"))

    def after_step(done: int) -> None:
        if done % EVERY and done != recipe.steps:
            return
        minutes = stopwatch.lap() / 60
        save_file(model.state_dict(), files.with_suffix(f".{done}.safetensors"))
        found = glance(model, sets)
        line = {"step": done, "minutes": round(minutes, 1), **found}
        curve = files.with_suffix(".csv")
        if not curve.exists():
            curve.write_text(",".join(line) + "\n")
        with curve.open("a") as file:
            file.write(",".join(map(str, line.values())) + "\n")
        print(", ".join(f"{name} {value}" for name, value in line.items()), flush=True)

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


def train_speech(name: str, folder: Path, device: str) -> None:
    """Train, measure and ship the recogniser, and its weights early on."""
    recipe, files = RECIPES[name], folder / name
    speak_all(folder)
    torch.manual_seed(recipe.seed)
    model = SpeechEncoder().to(device)
    train(model, recipe, folder, files, device)
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    model = rounded(model.cpu())
    ship(name, model, recipe.seed, minutes, measure(model, folder))
    half = SpeechEncoder()
    half.load_state_dict(load_file(files.with_suffix(f".{recipe.halfway}.safetensors")))
    half, share = rounded(half), recipe.halfway / recipe.steps
    ship(f"{name}{HALFWAY}", half, recipe.seed, minutes * share, measure(half, folder))
