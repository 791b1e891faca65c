"""Train lesson 05's towers with five seeds, learn maps on them, and store what came of it.

The lesson trains one of these towers and learns one of these maps; the rest it takes from the
table. About ten minutes on one core. Numbers differ a little from machine to machine:
rounding grows in training.

usage: python scripts/matching_runs.py [MATCHES.csv MINUTES.csv]
"""

import argparse
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmcourse import losses
from mmcourse.atomic import write_whole
from mmcourse.clip import CLIP, CLIPConfig
from mmcourse.clip.text import text_feature
from mmcourse.data import SMALL_WORLD, CompactTokens, Pairs, caption_words, pairs
from mmcourse.metrics import accuracy, recall_at_k
from mmcourse.similarity import cosine_matrix
from mmcourse.small.matches import STORED_MATCHES, STORED_MINUTES, Match, Minute
from mmcourse.train import fit, fit_projections, optimizers
from mmcourse.world import bayes_loss, caption

SEEDS = range(5)
STEPS, BATCH = 750, 64
SEEN = 25_600
"""Pairs that every map sees, whatever its batch."""

RATES = (0.003, 0.01, 0.03)
"""Learning rates; the lesson takes for each loss and batch the one that validation prefers."""

SETTINGS = (
    *((loss, batch, rate, 5_000, 0.0) for loss in ("softmax", "SigLIP")
      for batch in (8, 32, 128, 512) for rate in RATES),
    *(("softmax", 128, 0.01, 5_000, wrong) for wrong in (0.2, 0.4, 0.6, 0.8, 1.0)),
    *(("softmax", 128, 0.01, few, 0.0) for few in (128, 500, 2_000)),
)  # fmt: skip
"""Loss, batch, learning rate, pairs to learn from, share of wrong captions."""

Features = tuple[Tensor, Tensor]


def towers(practice: Pairs, tokens: CompactTokens, seed: int, *, steps: int = STEPS) -> CLIP:
    """Return the model of lesson 05, trained as there."""
    torch.manual_seed(seed)
    config = CLIPConfig(
        embed_dim=64,
        image_resolution=32,
        vision_layers=(1, 1, 1, 1),
        vision_width=16,
        vision_patch_size=None,
        context_length=32,
        vocab_size=len(tokens),
        transformer_width=64,
        transformer_layers=1,
    )
    model = CLIP(config).to(memory_format=torch.channels_last)
    pictures = practice.images()

    def loss_at(step: int) -> Tensor:
        rng = np.random.default_rng([seed, 1, step])
        rows = (rng.random(BATCH) * len(practice)).astype(int)
        said = tokens([caption(practice.scenes[row], rng) for row in rows])
        some = pictures[rows].contiguous(memory_format=torch.channels_last)
        scale = model.logit_scale.exp()
        return losses.clip_loss(model.encode_image(some), model.encode_text(said), scale)

    @torch.no_grad()
    def hold(_: int) -> None:
        model.logit_scale.clamp_(max=log(100))

    chosen = optimizers(model, lr=2e-3)
    fit(model, loss_at, steps, chosen=chosen, after_step=hold, progress=False)
    return model.eval()


@torch.no_grad()
def minute(model: CLIP, tokens: CompactTokens, exam: Pairs, seed: int) -> Minute:
    """Return what the towers came to."""
    kinds, colours = list(SMALL_WORLD["kinds"]), list(SMALL_WORLD["colours"])
    things = [scene.objects[0] for scene in exam.scenes]
    images, scale = model.encode_image(exam.images()), model.logit_scale.exp()
    said = model.encode_text(tokens(exam.captions(np.random.default_rng(0))))
    parts = zip(images.split(BATCH), said.split(BATCH), strict=True)
    scores = [scale * cosine_matrix(*part) for part in parts]
    loss = np.mean([bayes_loss(part.double().numpy()) for part in scores])

    def named(texts: list[str]) -> np.ndarray:
        return cosine_matrix(images, model.encode_text(tokens(texts))).argmax(dim=1).numpy()

    kind = named([f"a photo of a {kind}" for kind in kinds])
    both = [f"a photo of {a_or_an(colour)} {kind}" for kind in kinds for colour in colours]
    return Minute(
        seed,
        float(loss),
        accuracy(kind, np.array([kinds.index(thing.kind) for thing in things])),
        accuracy(named(both) % 8, np.array([colours.index(thing.colour) for thing in things])),
    )


def a_or_an(colour: str) -> str:
    """Return a colour with its article."""
    return f"{'an' if colour == 'orange' else 'a'} {colour}"


@torch.no_grad()
def trunk(model: CLIP, tokens: CompactTokens, data: Pairs, captions: list[str]) -> Features:
    """Return what both towers know before their last layers."""
    ids = tokens(captions)
    parts = [slice(row, row + 500) for row in range(0, len(data), 500)]
    pictures = torch.cat([model.image_grid(data.images(part)).mean(dim=1) for part in parts])
    return pictures, text_feature(model.text_hidden(ids), ids)


def moved(texts: Tensor, share: float, seed: int) -> Tensor:
    """Return the texts, this share of them moved on to another picture."""
    rows = torch.randperm(len(texts), generator=torch.Generator().manual_seed(seed))
    rows, texts = rows[: round(share * len(texts))], texts.clone()
    texts[rows] = texts[rows.roll(1)]
    return texts


def learn(
    learned_from: Features, loss: str, batch: int, rate: float, seed: int, *, seen: int = SEEN
) -> Callable[[Features], float]:
    """Return what gives, of other pairs, the share found among the first five."""
    bias, softmax = nn.Parameter(torch.tensor(-10.0)), loss == "softmax"
    maps = fit_projections(
        *learned_from,
        64,
        losses.clip_loss if softmax else lambda u, v, s: losses.siglip_loss(u, v, s, bias),
        steps=seen // batch,
        batch=batch,
        lr=rate,
        scale=losses.LogitScale() if softmax else losses.LogitScale(10),
        also=[] if softmax else [bias],
        generator=torch.Generator().manual_seed(seed),
    )

    def found(features: Features) -> float:
        scores = cosine_matrix(features[0] @ maps.image, features[1] @ maps.text)
        return recall_at_k(scores.double().numpy(), ks=[5])[5]

    return found


def matches(
    practice: Features, validation: Features, exam: Features, seed: int, *, seen: int = SEEN
) -> Iterator[Match]:
    """Yield what comes of every setting with one pair of towers."""
    for loss, batch, rate, few, wrong in SETTINGS:
        texts = moved(practice[1][:few], wrong, seed)
        found = learn((practice[0][:few], texts), loss, batch, rate, seed, seen=seen)
        yield Match(loss, batch, rate, few, wrong, seed, found(validation), found(exam))


def write(path: Path, runs: Sequence[Any], *, shared: int) -> None:
    """Write one row a run; the file appears only when it is whole.

    Args:
        path: of the file.
        runs: named tuples, all of one sort.
        shared: how many columns say which run it is; the numbers after them are measured.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(runs[0]._fields)
    table.writerows(
        [*run[:shared], *(_said(number) for number in run[shared:])] for run in runs
    )
    write_whole("matching_runs", path, text.getvalue().encode())


def _said(number: float) -> str:
    return f"{number:.4f}" if isinstance(number, float) else str(number)


def main(to_matches: Path, to_minutes: Path) -> None:
    """Run all seeds, and write both tables."""
    practice, validation = pairs(5_000, 0, **SMALL_WORLD), pairs(512, 1, **SMALL_WORLD)
    exam = pairs(512, 0, split="test", **SMALL_WORLD)
    tokens = CompactTokens(caption_words(practice.scenes))
    minutes, found = [], []
    for seed in SEEDS:
        model = towers(practice, tokens, seed)
        minutes.append(minute(model, tokens, exam, seed))
        features = [
            trunk(model, tokens, data, data.captions(np.random.default_rng(said)))
            for data, said in ((practice, [seed, 2]), (validation, [1]), (exam, [0]))
        ]
        found += matches(features[0], features[1], features[2], seed)
    write(to_minutes, minutes, shared=1)
    write(to_matches, found, shared=6)


if __name__ == "__main__":
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("matches", nargs="?", type=Path, default=STORED_MATCHES)
    parser.add_argument("minutes", nargs="?", type=Path, default=STORED_MINUTES)
    chosen = parser.parse_args()
    if not (chosen.matches.parent.is_dir() and chosen.minutes.parent.is_dir()):
        parser.error(
            "the folders of both tables must exist; make them first."
        )  # not in the end
    main(chosen.matches, chosen.minutes)
