"""Fine-tune lesson 10's towers on a few shots, with five draws of them, and store what came.

The lesson runs one of these itself; the rest it takes from the table. About fifteen minutes on
one core. Numbers differ a little from machine to machine: rounding grows in training. Which
learning rate a method gets is decided by 200 validation pictures of the new look, on a sixth
draw of shots; of equals, the lowest.

usage: python scripts/adaptation_runs.py [ADAPTATIONS.csv]
"""

import argparse
import time
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import torch
from matching_runs import write
from torch import Tensor, nn

from mmcourse import clip, zeroshot
from mmcourse.clip import CLIP
from mmcourse.data import Pairs, pairs
from mmcourse.few_shot import (
    ImageClassifier,
    LinearProbe,
    add_lora,
    few_shot_split,
    fine_tune,
    interpolate,
    linear_probe,
)
from mmcourse.similarity import l2_normalize
from mmcourse.small.adaptations import STORED_ADAPTATIONS, Adaptation
from mmcourse.world import KINDS

NAMES = [kind for kind in KINDS if "crane" not in kind]
SEEDS, CHOOSING = range(5), 5
SHOTS = {"tiny": (1, 4, 16), "tiny-vit": (1, 4)}  # the larger one takes thrice the time
ALPHAS = (0.2, 0.4, 0.6, 0.8, 1.0)
RATES = {"full": (1e-4, 3e-4, 1e-3), "LP-FT": (1e-4, 3e-4, 1e-3), "LoRA": (1e-3, 3e-3, 1e-2)}
BATCH, RANK, LORA_ALPHA = 32, 4, 8.0

SETTINGS = (
    ("tiny", "sketch", "full"),
    ("tiny", "sketch", "LP-FT"),
    ("tiny", "night-camera", "full"),
    ("tiny-vit", "sketch", "full"),
    ("tiny-vit", "sketch", "LoRA"),
)
"""Model, style and method; each with every number of shots and every seed."""

Scores = tuple[float, float, float, float]


@cache
def part(style: str, split: str, n: int) -> tuple[Pairs, Tensor]:
    """Return pictures of single things in a style, and the place of each kind in `NAMES`."""
    seed = {"train": 10, "validation": 11, "test": 12}[split]
    some = pairs(n, seed, split=split, style=style, n_objects=1, kinds=NAMES)
    return some, torch.tensor([NAMES.index(scene.objects[0].kind) for scene in some.scenes])


@torch.no_grad()
def through(tower: nn.Module, some: Pairs) -> Tensor:
    """Return what a tower gives for pictures."""
    return torch.cat([tower(some.images(slice(i, i + 64))) for i in range(0, len(some), 64)])


def text_head(model: CLIP) -> LinearProbe:
    """Return the texts' classifier, with the model's scale."""
    columns = zeroshot.build_classifier(model, NAMES, "a photo of a {}")
    return LinearProbe(model.logit_scale.exp().detach() * columns, torch.zeros(len(NAMES)))


def scores(classifier: nn.Module, style: str) -> Scores:
    """Return the shares named right: new and old style, for validation and for the test."""
    asked = ((style, "validation", 200), ("flat", "validation", 200),
             (style, "test", 500), ("flat", "test", 500))  # fmt: skip
    found = []
    for each in asked:
        some, labels = part(*each)
        right = through(classifier, some).argmax(dim=1) == labels
        found.append(right.double().mean().item())
    return found[0], found[1], found[2], found[3]


def adapt(  # noqa: PLR0913 - a setting has that many parts
    model: CLIP, style: str, method: str, k: int, rate: float, seed: int, *, steps: int = 60
) -> tuple[ImageClassifier, ImageClassifier, float]:
    """Return the classifier before and after fine-tuning on k shots, and the CPU seconds."""
    pool, labels = part(style, "train", 1000)
    rows = few_shot_split(labels, k, np.random.default_rng(seed))[0]
    images, generator = pool.images(rows.numpy()), torch.Generator().manual_seed(seed)
    tower, head = model.visual, text_head(model)
    began = time.process_time()
    if method == "LP-FT":
        with torch.no_grad():
            head = linear_probe(l2_normalize(tower(images)), labels[rows])
    if method == "LoRA":
        tower = add_lora(tower, RANK, LORA_ALPHA, generator=generator)
    before = ImageClassifier(tower, head)
    after = fine_tune(
        tower, head, images, labels[rows],
        steps=steps, batch=BATCH, lr=rate, generator=generator,
    )  # fmt: skip
    return before, after, time.process_time() - began


def runs(setting: tuple[str, str, str], k: int, rate: float, seed: int) -> Iterator[Adaptation]:
    """Yield one run at its end, and where its weights can be mixed, on the way there."""
    name, style, method = setting
    before, after, seconds = adapt(loaded(name), style, method, k, rate, seed)
    numbers = sum(each.numel() for each in after.parameters() if each.requires_grad)
    state = deepcopy(after.state_dict())  # else what is loaded below would overwrite it
    mixed = name == "tiny" and seed != CHOOSING
    for alpha in ALPHAS if mixed else (1.0,):
        after.load_state_dict(interpolate(before.state_dict(), state, alpha))
        found = scores(after, style)
        yield Adaptation(*setting, k, rate, seed, alpha, *found, seconds, numbers)


@cache
def loaded(name: str) -> CLIP:
    """Return a shipped model."""
    return clip.load(name, device="cpu")[0]


def everything() -> Iterator[Adaptation]:
    """Yield for each setting the runs that choose its rate, then those with the chosen one."""
    for setting in SETTINGS:
        tried = [run for rate in RATES[setting[2]] for run in runs(setting, 4, rate, CHOOSING)]
        yield from tried
        chosen = max(tried, key=lambda run: run.new_validation).rate
        for k in SHOTS[setting[0]]:
            for seed in SEEDS:
                yield from runs(setting, k, chosen, seed)


def main(path: Path) -> None:
    """Run all settings, and write the table."""
    write(path, list(everything()), shared=Adaptation._fields.index("new_validation"))


if __name__ == "__main__":
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", nargs="?", type=Path, default=STORED_ADAPTATIONS)
    chosen = parser.parse_args()
    if not chosen.table.parent.is_dir():
        parser.error("the table's folder must exist; make it first.")  # not in the end
    main(chosen.table)
