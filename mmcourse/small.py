"""A CLIP that learns from nothing in seconds, and what becomes of it at other temperatures.

Pictures of 32 pixels go through three convolutions; captions are bags of words. Some runs are
stored beside this file, by `scripts/temperature_runs.py`, so that lesson 04 can show nine
temperatures and train at three. Leaves out the order of words, and everything else that the
towers of `clip` are for.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, final

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.arguments import real, whole
from mmcourse.data import SMALL_WORLD, Pairs, pairs
from mmcourse.losses import clip_loss
from mmcourse.metrics import accuracy
from mmcourse.similarity import cosine_matrix
from mmcourse.train import fit

TEMPERATURES = (0.005, 0.01, 0.02, 0.05, 0.07, 0.1, 0.2, 0.5, 1.0)
"""What lesson 04 compares."""

STEPS = 200
"""Steps of a run that is stored."""

STORED = Path(__file__).with_name("small_runs.csv")
"""Runs at every temperature with several seeds."""


@final
class SmallCLIP(nn.Module):
    """Two small towers into one space of `dim` numbers.

    Args:
        words: which it can read; it skips others.
        dim: length of its embeddings.
        generator: decides the first weights; it is advanced.

    Raises:
        TypeError: `words` is one string, or `dim` no whole number.
        ValueError: `dim` is below 1.

    >>> small = SmallCLIP(["a", "cat"], 5, generator=torch.Generator().manual_seed(0))
    >>> small.encode_text(["a cat", "cat a dog"]).unique(dim=0).shape  # the same bag
    torch.Size([1, 5])
    """

    def __init__(
        self, words: Iterable[str], dim: int = 64, *, generator: torch.Generator
    ) -> None:
        super().__init__()
        dim = whole("SmallCLIP", "dim", dim, least=1)
        words = _several("SmallCLIP", "words", words)
        self.words = {word: place for place, word in enumerate(sorted(set(words)))}
        self.visual = nn.Sequential(
            *_block(3, 16), *_block(16, 32), *_block(32, 64), nn.Flatten(), nn.Linear(1024, dim)
        )
        self.word_embedding = nn.EmbeddingBag(len(self.words), 128, mode="sum")
        self.text_projection = nn.Sequential(nn.ReLU(), nn.Linear(128, dim))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear | nn.EmbeddingBag):
                nn.init.kaiming_normal_(layer.weight, generator=generator)
            if isinstance(layer, nn.Linear):
                nn.init.zeros_(layer.bias)

    def encode_image(
        self, images: Float[Tensor, "batch 3 32 32"]
    ) -> Float[Tensor, "batch dim"]:
        """Return one embedding per picture, not normalised.

        Raises:
            ValueError: another shape.
        """
        if images.ndim != 4 or tuple(images.shape[1:]) != (3, 32, 32):
            raise ValueError(
                "encode_image: images must have shape (batch, 3, 32, 32); got "
                f"{tuple(images.shape)}; pairs(n, seed, **SMALL_WORLD).images() makes them."
            )
        return self.visual(images)

    def encode_text(self, texts: Sequence[str]) -> Float[Tensor, "batch dim"]:
        """Return one embedding per text, not normalised; it does not see the order of words.

        Raises:
            TypeError: `texts` is one string.
        """
        bags = [
            [self.words[word] for word in text.split() if word in self.words]
            for text in _several("encode_text", "texts", texts)
        ]
        starts = np.cumsum([0, *map(len, bags)])[:-1]
        words = torch.tensor([word for bag in bags for word in bag], dtype=torch.long)
        return self.text_projection(self.word_embedding(words, torch.from_numpy(starts)))


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
        TypeError: a number is none.
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
def kind_accuracy(model: SmallCLIP, exam: Pairs) -> float:
    """Return the share of pictures of single things whose kind a model names, in [0, 1].

    The model is left in evaluation mode.
    """
    kinds = list(SMALL_WORLD["kinds"])
    model.eval()
    cosines = cosine_matrix(
        model.encode_image(exam.images()), model.encode_text([f"a {kind}" for kind in kinds])
    )
    true = np.array([kinds.index(scene.objects[0].kind) for scene in exam.scenes])
    return accuracy(cosines.argmax(dim=1).numpy(), true)


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


def _several(operation: str, name: str, texts: Iterable[str]) -> list[str]:
    """Return the texts as a list, but not the letters of a single one."""
    if isinstance(texts, str):
        raise TypeError(
            f"{operation}: {name} must be several texts; got {texts!r}; pass [text]."
        )
    return list(texts)


def _block(inputs: int, outputs: int) -> list[nn.Module]:
    """Return layers that halve a picture's width and height."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
