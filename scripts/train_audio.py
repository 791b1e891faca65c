"""Train a model of sound: a tower beside the frozen `tiny`, or a captioner of recordings.

`train_weights.py NAME` calls this. Seeded, and resumable: a run that was killed goes on where
it last wrote its checkpoint, to the same weights. What is shipped is rounded to float16, and it
is the rounded model that is measured. A tower's weights of an early step are shipped, too.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from audio_data import (
    PAIR_SHARDS,
    SCENE_SHARDS,
    SEED,
    SHARD,
    heard,
    pair_shard,
    scene_shard,
    sound_scenes,
    spectrograms,
)
from audio_recipes import RECIPES, Recipe
from measure_audio import kinds_right, measure, texts_of
from precision import mixed
from safetensors.torch import load_file, save_file
from shipping import HALFWAY, rounded, ship
from stopwatch import Stopwatch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.audio import AudioCaptioner, AudioTower
from mmcourse.audio.spectrogram import FLOOR
from mmcourse.captioning import caption_loss
from mmcourse.data import sample_scenes
from mmcourse.losses import clip_loss
from mmcourse.train import fit, optimizers
from mmcourse.world import SoundScene, caption, sound_caption

EVERY = 100  # steps between two checkpoints
CUT = 0.2
"""Share of training recordings that end after the last call, with silence behind them."""

HOP_SECONDS, FRAME_SECONDS = 0.016, 0.032

LossAt = Callable[[int], Tensor]


class Pairs:
    """Sounds, and what stands beside them: vectors of `tiny` that stay as they are.

    Args:
        folder: where the shards are, or will be.
        recipe: says what stands beside the sounds.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        shards = [pair_shard(folder, shard) for shard in range(PAIR_SHARDS)]
        self.mels = torch.cat([shard["mels"] for shard in shards])
        self.beside = torch.cat([shard["images"] for shard in shards]).float()
        if recipe.beside == "texts":
            self.beside = _captions(len(self.beside))
        if recipe.beside == "shuffled":
            order = np.random.default_rng([SEED, 3]).permutation(len(self.beside))
            self.beside = self.beside[order]
        self.beside = F.normalize(self.beside, dim=-1)
        self.scale = clip.load("tiny", "cpu")[0].logit_scale.detach().exp()
        self.batch = recipe.batch

    def loss_at(self, model: nn.Module, step: int, device: str) -> Tensor:
        """Return the loss of one step, which its number decides."""
        rng = np.random.default_rng([SEED, 4, step])
        rows = rng.choice(len(self.beside), self.batch, replace=False)
        takes = (rng.random(self.batch) * self.mels.shape[1]).astype(int)
        mels, beside = self.mels[rows, takes].float().to(device), self.beside[rows].to(device)
        with mixed(device):
            sounds = model(mels)
        return clip_loss(sounds.float(), beside, self.scale.to(device))


class Recordings:
    """Recordings with their sentences.

    Args:
        folder: where the shards are, or will be.
        recipe: of the captioner.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        shards = [scene_shard(folder, shard) for shard in range(SCENE_SHARDS)]
        self.scenes = [scene for scenes, _ in shards for scene in scenes]
        self.mels = [mels for _, mels in shards]
        self.batch = recipe.batch

    def loss_at(self, model: AudioCaptioner, step: int, device: str) -> Tensor:
        """Return the loss of one step, which its number decides."""
        rng = np.random.default_rng([SEED, 5, step])
        rows = [int(place * len(self.scenes)) for place in rng.random(self.batch)]
        mels = torch.stack([self.mels[row // SHARD][row % SHARD].float() for row in rows])
        for place, row in enumerate(rows):
            if rng.random() < CUT:
                silence_after(mels[place], self.scenes[row])
        tokens = model.decoder.tokens([sound_caption(self.scenes[row]) for row in rows])
        tokens = tokens.to(device)
        with mixed(device):
            logits = model(mels.to(device), tokens)
        return caption_loss(logits.float(), tokens)


def silence_after(mels: Tensor, scene: SoundScene) -> None:
    """Silence, in place, what of a recording comes after the last call."""
    mels[:, int((scene.end + FRAME_SECONDS) / HOP_SECONDS) :] = float(np.log(FLOOR))


def _captions(n: int) -> Tensor:
    """Return one caption of every training scene, as `tiny` reads it."""
    rng = np.random.default_rng([SEED, 6])
    said = [
        caption(scene, rng)
        for shard in range(n // SHARD)
        for scene in sample_scenes(SHARD, np.random.default_rng([SEED, 1000 + shard]))
    ]
    return texts_of(said)


def unseen(model: nn.Module, device: str) -> Callable[[], float]:
    """Return what asks a model about recordings for validation: a share of right answers."""
    if isinstance(model, AudioTower):
        shown = heard(400, 2, "validation", n_objects=1)

        def ask() -> float:
            return float(kinds_right(model, shown).float().mean())

    else:
        scenes = sound_scenes(256, 2)
        mels = spectrograms(scenes).to(device)
        tokens = model.decoder.tokens(list(map(sound_caption, scenes))).to(device)

        def ask() -> float:
            right = (model(mels, tokens)[:, :-1].argmax(-1) == tokens[:, 1:]) | (
                tokens[:, 1:] == 0
            )
            return float(right.all(1).float().mean())

    return ask


def train(model: nn.Module, recipe: Recipe, loss_at: LossAt, files: Path, device: str) -> None:
    """Train a model in place, from its checkpoint if there is one.

    Args:
        model: what learns.
        recipe: how.
        loss_at: step -> its loss.
        files: a path without suffix: `.pt` is the checkpoint, `.csv` the curve, and
            `.half.safetensors` the weights of the step halfway.
        device: where the model is.
    """
    ask = unseen(model, device)
    stopwatch = Stopwatch(files.with_suffix(".seconds"))

    def after_step(done: int) -> None:
        if done == recipe.halfway:
            packed = {name: each.contiguous() for name, each in model.state_dict().items()}
            save_file(packed, files.with_suffix(".half.safetensors"))
        if done % EVERY == 0 or done == recipe.steps:
            minutes = stopwatch.lap() / 60
            model.eval()
            with torch.no_grad():
                line = f"{done},{minutes:.1f},{ask():.4f}"
            model.train()
            with files.with_suffix(".csv").open("a") as file:
                file.write(line + "\n")
            print(f"step, minutes, right for validation: {line}", flush=True)

    fit(
        model.train(),
        loss_at,
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=files.with_suffix(".pt"),
        every=EVERY,
    )
    stopwatch.lap()


def train_audio(name: str, folder: Path, device: str) -> None:
    """Train, measure and ship one model; of a control only say what was measured."""
    recipe, files = RECIPES[name], folder / name
    data = (Pairs if recipe.beside else Recordings)(folder, recipe)
    torch.manual_seed(recipe.seed)
    model = recipe.make().to(device)
    train(model, recipe, lambda step: data.loss_at(model, step, device), files, device)
    minutes = float(files.with_suffix(".seconds").read_text()) / 60
    model = rounded(model.cpu())
    found = measure(model)
    if not recipe.shipped:
        print(f"{name} is a control, which is not shipped; measured: {found}")
        return
    ship(name, model, recipe.seed, minutes, found)
    if recipe.halfway:
        half = recipe.make()
        half.load_state_dict(load_file(files.with_suffix(".half.safetensors")))
        half, share = rounded(half), recipe.halfway / recipe.steps
        ship(f"{name}{HALFWAY}", half, recipe.seed, minutes * share, measure(half))
