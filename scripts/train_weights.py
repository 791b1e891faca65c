"""Train one of the shipped models from its seed, measure it and put it into mmcourse/weights.

Seeded, and resumable: a run that was killed goes on where it last wrote its checkpoint, to
the same weights. What is shipped is rounded to float16, as OpenAI's loader does, and it is
the rounded model that is measured.

usage: python scripts/train_weights.py NAME [--folder FOLDER] [--device cpu|cuda] [--threads N]
"""

import argparse
import math
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from measure_weights import Model, measure
from stopwatch import Stopwatch
from torch import Tensor
from torch.nn import functional as F
from training_data import Diet, TrainingSet

from mmcourse import checkpoints, clip
from mmcourse.checkpoints.weights import WEIGHTS
from mmcourse.clip import CLIP, CLIPConfig
from mmcourse.data.compact import CompactTokens
from mmcourse.losses import multi_positive_loss, multi_positive_targets
from mmcourse.train import fit, optimizers

ROOT = Path(__file__).resolve().parents[1]
LARGEST_SCALE = 100
EVERY = 500  # steps between two checkpoints


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of training.

    Args:
        until: the step that it ends before.
        batch: pictures a step.
        diet: what the batches are made of.
    """

    until: int
    batch: int
    diet: Diet


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is made.

    Args:
        vision: sizes of the image tower, by the names of `CLIPConfig`.
        phases: in order; the last one's end is the end of training.
        lr: AdamW's learning rate.
        muon_lr: Muon's, for transformer blocks; None does without.
        teacher: a shipped model whose text tower is taken over and kept (as the image tower
            is in arXiv 2111.07991), and whose picture embeddings are copied besides (arXiv
            2309.12314, section 3); None starts from nothing.
        shards: of 4,096 pictures each.
        seed: of pictures, captions and first weights.
    """

    vision: Mapping[str, Any]
    phases: tuple[Phase, ...]
    lr: float = 2e-3
    muon_lr: float | None = None
    teacher: str | None = None
    shards: int = 64
    seed: int = 1

    @property
    def steps(self) -> int:
        """How many steps there are in all."""
        return self.phases[-1].until

    def phase(self, step: int) -> Phase:
        """Return the phase that a step belongs to."""
        return next(phase for phase in self.phases if step < phase.until)


RECIPES = {
    "tiny": Recipe(
        vision={"vision_layers": (1, 1, 1, 1), "vision_width": 16, "vision_patch_size": None},
        phases=(
            Phase(until=3_300, batch=128, diet=Diet(alone=True)),
            Phase(until=5_500, batch=144, diet=Diet()),
            Phase(until=9_000, batch=144, diet=Diet(augmented=True)),
            Phase(until=11_000, batch=144, diet=Diet(augmented=True, counted=0.4)),
        ),
    ),
    "tiny-vit": Recipe(
        vision={"vision_layers": 4, "vision_width": 192, "vision_patch_size": 8},
        phases=(
            Phase(until=500, batch=128, diet=Diet(alone=True)),
            Phase(until=1_200, batch=128, diet=Diet()),
            Phase(until=2_000, batch=128, diet=Diet(augmented=True, counted=0.1)),
        ),
        lr=1e-3,
        muon_lr=0.02,
        teacher="tiny",
    ),
}


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
        self.model = build(recipe, len(self.tokens)).to(device)
        self.teacher: CLIP | None = None
        if recipe.teacher is not None:
            self.teacher = clip.load(recipe.teacher, device)[0]
            take_over_text(self.model, self.teacher, self.tokens.ids)

    def loss_at(self, step: int) -> Tensor:
        """Return the loss of one step, which its number decides."""
        phase, device = self.recipe.phase(step), self.model.logit_scale.device
        images, captions = self.data.batch(step, phase.batch, phase.diet)
        images = images.to(device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            image_features = self.model.encode_image(images)
            text_features = self.model.encode_text(self.tokens(captions).to(device))
        image_features = F.normalize(image_features.float(), dim=-1)
        cosines = image_features @ F.normalize(text_features.float(), dim=-1).T
        targets = multi_positive_targets(captions).to(device)
        loss = multi_positive_loss(self.model.logit_scale.exp() * cosines, targets)
        if self.teacher is None:
            return loss
        return loss + self._distance(image_features, images)

    def _distance(self, image_features: Tensor, images: Tensor) -> Tensor:
        """Return how far the picture embeddings are from the teacher's, in logits."""
        assert self.teacher is not None
        with torch.no_grad(), torch.autocast(images.device.type, torch.bfloat16):
            wanted = F.normalize(self.teacher.encode_image(images).float(), dim=-1)
        scale = self.model.logit_scale.detach().exp()
        return scale * (1 - (image_features * wanted).sum(-1)).mean()


def build(recipe: Recipe, vocab_size: int) -> CLIP:
    """Return the untrained model; its weights follow from the seed."""
    torch.manual_seed(recipe.seed)
    config = CLIPConfig(
        embed_dim=128,
        image_resolution=64,
        context_length=77,
        vocab_size=vocab_size,
        transformer_width=128,
        transformer_layers=2,
        **recipe.vision,
    )
    return CLIP(config).to(memory_format=torch.channels_last)


def take_over_text(model: CLIP, teacher: CLIP, ids: Tensor) -> None:
    """Give a model its teacher's text tower and scale, and keep the tower as it is."""
    state = {
        name: tensor
        for name, tensor in teacher.state_dict().items()
        if not name.startswith("visual.")
    }
    state["token_embedding.weight"] = state["token_embedding.weight"][
        ids.to(teacher.logit_scale.device)
    ]
    model.load_state_dict(state, strict=False)
    for name, parameter in model.named_parameters():
        if name in state and name != "logit_scale":
            parameter.requires_grad_(requires_grad=False)


def train(trainee: Trainee, checkpoint: Path, stopwatch: Stopwatch) -> None:
    """Train a model in place, from its checkpoint if there is one."""
    model, recipe, limit = trainee.model, trainee.recipe, math.log(LARGEST_SCALE)

    def after_step(done: int) -> None:
        with torch.no_grad():
            model.logit_scale.clamp_(max=limit)
        if done % EVERY == 0 or done == recipe.steps:
            report(trainee, f"{done:6d} {stopwatch.lap() / 60:5.1f} min", n=1000)

    fit(
        model.train(),
        trainee.loss_at,
        recipe.steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
        after_step=after_step,
        checkpoint=checkpoint,
        every=EVERY,
    )


def report(trainee: Trainee, head: str, n: int) -> dict[str, tuple[float, int]]:
    """Print what a model can do, in one line, and return it."""
    model = trainee.model.eval()
    found = measure(Model(model, trainee.tokens), n)
    model.train()
    words = ", ".join(f"{name} {100 * share:.1f}" for name, (share, _) in found.items())
    print(f"{head}  scale {model.logit_scale.exp().item():.1f}: {words}", flush=True)
    return found


def ship(name: str, trainee: Trainee, minutes: float) -> None:
    """Round a model to float16, measure it, and write its file and its manifest entry."""
    model = trainee.model.half()
    with torch.no_grad():
        model.token_embedding.weight[0] = 0  # padding: in the table, but never read
    path = WEIGHTS / f"{name}.safetensors"
    checkpoints.save(model, path, vocabulary=trainee.tokens.ids)
    model.float()
    device = model.logit_scale.device
    entry = checkpoints.Entry(
        sha256=checkpoints.sha256(path),
        command=f"python scripts/train_weights.py {name}",
        seed=trainee.recipe.seed,
        device=torch.cuda.get_device_name() if device.type == "cuda" else processor(),
        minutes=round(minutes, 1),
        metrics=report(trainee, name, n=4000),
    )
    checkpoints.write_manifest_entry(name, entry)


def processor() -> str:
    """Return what this machine computes on, in words."""
    return f"CPU ({platform.machine()}), {torch.get_num_threads()} thread(s), bfloat16"


def main(arguments: list[str]) -> int:
    """Train, measure and ship one model; return an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    recipe = RECIPES[chosen.name]
    data = TrainingSet(chosen.folder, recipe.shards, recipe.seed)
    trainee = Trainee(recipe, data, chosen.device)
    stopwatch = Stopwatch(chosen.folder / f"{chosen.name}.seconds")
    train(trainee, chosen.folder / f"{chosen.name}.pt", stopwatch)
    ship(chosen.name, trainee, stopwatch.lap() / 60)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
