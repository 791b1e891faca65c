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
"""

import argparse
import math
import sys
from functools import partial
from pathlib import Path

import torch
from answer_recipes import RECIPES as ANSWERS
from audio_recipes import RECIPES as AUDIO
from first_weights import first_weights
from game_recipes import RECIPES as GAME
from locked_pictures import LockedPictures
from long_training import note
from measure_weights import Model, measure, progress
from precision import mixed
from recipes import RECIPES, Phase, Recipe
from shipping import rounded, ship
from stopwatch import Stopwatch
from torch import Tensor
from torch.nn import functional as F
from train_answers import train_answers
from train_audio import train_audio
from train_films import RECIPES as FILMS
from train_films import train_films
from train_game import train_game
from train_painter import TRAINED
from train_speech import RECIPES as SPEECH
from train_speech import train_speech
from train_spelled import TRAINED as SPELLED
from training_data import TrainingSet
from training_twins import TwinSet, twin_loss

from mmcourse import clip
from mmcourse.data.compact import CompactTokens
from mmcourse.losses import multi_positive_loss, multi_positive_targets
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


class Trainee:
    """A model in training, with what it learns from.

    Args:
        recipe: how it is made.
        data: pictures and captions.
        device: where it learns.
    """

    def __init__(self, recipe: Recipe, data: TrainingSet, device: str) -> None:
        self.recipe, self.data = recipe, data
        self.tokens = CompactTokens(sorted(data.words))
        self.model = first_weights(recipe, self.tokens.ids).to(device)
        self.locked, self.teacher = None, None
        if recipe.locked is not None:
            self.locked = LockedPictures(data, self.model.eval())
        if recipe.teacher is not None:
            self.teacher = clip.load(recipe.teacher, device)[0]

    def loss_at(self, step: int) -> Tensor:
        """Return the loss of one step, which its number decides."""
        phase, device = self.recipe.phase(step), self.model.logit_scale.device
        if self.locked is not None:
            image_features, captions = self.locked.batch(step, phase.batch, phase.diet)
            return self._matching(image_features, captions, phase)
        images, captions = self.data.batch(step, phase.batch, phase.diet)
        images = images.to(device).contiguous(memory_format=torch.channels_last)
        with mixed(device.type):
            image_features = self.model.encode_image(images)
        image_features = F.normalize(image_features.float(), dim=-1)
        loss = self._matching(image_features, captions, phase)
        return loss if self.teacher is None else loss + self._distance(image_features, images)

    def _matching(self, image_features: Tensor, captions: list[str], phase: Phase) -> Tensor:
        """Return how badly pictures and captions find each other, and twins among two."""
        device, scale = image_features.device, self.model.logit_scale.exp()
        with mixed(device.type):
            text_features = self.model.encode_text(self.tokens(captions).to(device))
        text_features = F.normalize(text_features.float(), dim=-1)
        logits = scale * image_features @ text_features.T
        loss = multi_positive_loss(logits, multi_positive_targets(captions).to(device))
        twice = 2 * phase.diet.pairs(phase.batch)
        if not twice:
            return loss
        return loss + twin_loss(image_features[:twice], text_features[:twice], scale)

    def _distance(self, image_features: Tensor, images: Tensor) -> Tensor:
        """Return how far the picture embeddings are from the teacher's, in logits."""
        assert self.teacher is not None
        with torch.no_grad(), mixed(images.device.type):
            wanted = F.normalize(self.teacher.encode_image(images).float(), dim=-1)
        scale = self.model.logit_scale.detach().exp()
        return scale * (1 - (image_features * wanted).sum(-1)).mean()


def train(trainee: Trainee, checkpoint: Path, stopwatch: Stopwatch) -> None:
    """Train a model in place, from its checkpoint if there is one."""
    model, recipe, limit = trainee.model, trainee.recipe, math.log(LARGEST_SCALE)

    def after_step(done: int) -> None:
        with torch.no_grad():
            model.logit_scale.clamp_(max=limit)
        if done % EVERY == 0 or done == recipe.steps:
            glance(trainee, done, stopwatch.lap() / 60, checkpoint.with_suffix(".csv"))

    fit(
        model.train(),
        trainee.loss_at,
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=checkpoint,
        every=EVERY,
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


def main(arguments: list[str]) -> int:
    """Train, measure and ship one model; return an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=[*RECIPES, *OTHERS])
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    if chosen.name in OTHERS:
        OTHERS[chosen.name](chosen.folder, chosen.device)
        return 0
    recipe = RECIPES[chosen.name]
    twins = TwinSet(chosen.folder, recipe.twin_shards, recipe.seed)
    data = TrainingSet(chosen.folder, recipe.shards, recipe.seed, twins=twins)
    trainee = Trainee(recipe, data, chosen.device)
    stopwatch = Stopwatch(chosen.folder / f"{chosen.name}.seconds")
    train(trainee, chosen.folder / f"{chosen.name}.pt", stopwatch)
    measure_and_ship(chosen.name, trainee, stopwatch.lap() / 60)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
