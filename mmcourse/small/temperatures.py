"""What becomes of a small CLIP at other temperatures: runs to make, and runs that are stored.

`scripts/temperature_runs.py` has stored some beside this file, so that lesson 04 can show what
takes minutes to train.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.data import SMALL_WORLD, Pairs, pairs
from mmcourse.losses import clip_loss
from mmcourse.metrics import accuracy
from mmcourse.similarity import cosine_matrix
from mmcourse.small.towers import SmallCLIP
from mmcourse.train import fit

TEMPERATURES = (0.005, 0.01, 0.02, 0.05, 0.07, 0.1, 0.2, 0.5, 1.0)
"""What lesson 04 compares."""

STEPS = 200
"""Steps of a run that is stored."""

STORED = Path(__file__).with_name("runs.csv")
"""Runs at every temperature with several seeds."""


class TemperatureRun(NamedTuple):
    """What one run came to.

    Args:
        temperature: it was trained at.
        seed: of first weights and batches.
        first_loss: of the first step, in nats.
        last_loss: mean of the last twenty steps, in nats.
        accuracy: share of new pictures whose kind it names, among eight.
    """

    temperature: float
    seed: int
    first_loss: float
    last_loss: float
    accuracy: float


def temperature_pictures() -> tuple[Pairs, Pairs]:
    """Return the pictures that runs learn from, and those that test them, of `SMALL_WORLD`."""
    return pairs(2048, 1, **SMALL_WORLD), pairs(512, 2, split="test", **SMALL_WORLD)


@checked
def temperature_run(
    practice: Pairs, exam: Pairs, temperature: float, *, seed: int = 0, steps: int = STEPS
) -> TemperatureRun:
    """Return what comes of training a `SmallCLIP` with `clip_loss` at a fixed temperature.

    Args:
        practice: what it learns from; every picture has one caption throughout.
        exam: pictures of single things; it names the kind whose text "a <kind>" is closest.
        temperature: what divides the cosines, above 0.
        seed: of first weights and batches.
        steps: of 128 pairs each.

    Raises:
        ValueError: a number is out of range.
    """
    temperature = real("temperature_run", "temperature", temperature)
    if temperature <= 0:
        raise ValueError(f"temperature_run: temperature must be positive; got {temperature}.")
    captions = np.array(practice.captions(np.random.default_rng(seed)))
    images, generator = practice.images(), torch.Generator().manual_seed(seed)
    model = SmallCLIP({word for text in captions for word in text.split()}, generator=generator)

    def loss_at(_: int) -> Tensor:
        rows = torch.randperm(len(images), generator=generator)[:128]
        texts = model.encode_text(captions[rows].tolist())
        return clip_loss(model.encode_image(images[rows]), texts, 1 / temperature)

    losses = fit(model, loss_at, steps, progress=False).losses
    last = float(np.mean(losses[-20:]))
    return TemperatureRun(temperature, seed, losses[0], last, kind_accuracy(model, exam))


@torch.inference_mode()
@checked
def kind_accuracy(model: SmallCLIP, exam: Pairs) -> float:
    """Return the share of pictures of single things whose kind a model names, in [0, 1].

    The model is left in evaluation mode.
    """
    kinds = list(SMALL_WORLD["kinds"])
    model.eval()
    texts = model.encode_text([f"a {kind}" for kind in kinds])
    cosines = cosine_matrix(model.encode_image(exam.images().to(texts.device)), texts)
    true = np.array([kinds.index(scene.objects[0].kind) for scene in exam.scenes])
    return accuracy(cosines.argmax(dim=1).numpy(force=True), true)


@checked
def stored_runs(path: Path = STORED) -> list[TemperatureRun]:
    """Return the runs that `scripts/temperature_runs.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    with path.open(newline="", encoding="utf-8") as file:
        heading, *rows = list(csv.reader(file)) or [[]]
    if tuple(heading) != TemperatureRun._fields:
        raise ValueError(
            f"stored_runs: {path} must have the columns {', '.join(TemperatureRun._fields)}; "
            f"got {', '.join(heading)}; python scripts/temperature_runs.py writes it anew."
        )
    return [
        TemperatureRun(float(temperature), int(seed), *map(float, numbers))
        for temperature, seed, *numbers in rows
    ]
