"""Learn readers on top of `tiny`, from pictures of two things beside their twins or apart.

Lesson 11 does one of these runs, the rest it takes from the table. Pictures and captions are
alike in all of them: only how often a picture and its twin, the same two things with their
colours exchanged, meet in one batch differs. About four minutes on one core. Numbers differ a
little from machine to machine: rounding grows in training.

usage: python scripts/binding_runs.py [BINDINGS.csv]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from matching_runs import write
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.clip import CLIP
from mmcourse.clip.preprocess import normalize
from mmcourse.data import pairs
from mmcourse.losses import LogitScale, clip_loss
from mmcourse.metrics import pair_accuracy, recall_at_k
from mmcourse.similarity import cosine_matrix, l2_normalize
from mmcourse.small.bindings import STORED_BINDINGS, Binding
from mmcourse.train import fit, optimizers
from mmcourse.world import Scene, minimal_pairs, render

SEEDS = range(5)
SHARES = (0.0, 0.25, 1.0)
"""Of the pictures of two things, so many stand beside their twin."""

STEPS, LR = 300, 0.01
ASKED, TESTED = 1_500, 400
"""Pairs asked for to learn from (without those whose twin is of another split), to test."""

TWINS, OTHERS = 96, 32
"""Pictures a step: of two things, and others."""

WEIGHT = 2.0
"""Of the loss within each pair of twins."""

LENGTH = 32
"""Tokens of a caption that are looked at; none is longer."""


class Parts(NamedTuple):
    """What a frozen tower knows of each place or word, and which of these there are."""

    tokens: Tensor
    there: Tensor

    def rows(self, *index: np.ndarray) -> "Parts":
        """Return some of the rows."""
        return Parts(self.tokens[index], self.there[index])


class Reader(nn.Module):
    """Each part goes through two layers by itself; the results are averaged."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.LayerNorm(dim), nn.Linear(dim, 256), nn.ReLU(), nn.Linear(256, 128)
        )

    def forward(self, tokens: Tensor, there: Tensor) -> Tensor:
        """Return one vector a row."""
        weight = there[..., None] / there.sum(dim=1)[:, None, None]
        return (self.net(tokens) * weight).sum(dim=1)


@torch.no_grad()
def places(model: CLIP, scenes: Sequence[Scene]) -> Parts:
    """Return what the picture tower knows of 16 places of each picture."""
    pixels = np.stack([render(scene, 64) for scene in scenes])
    parts = [normalize(pixels[row : row + 128]) for row in range(0, len(pixels), 128)]
    grid = torch.cat([model.image_grid(part) for part in parts])
    return Parts(grid, torch.ones(grid.shape[:2]))


@torch.no_grad()
def spoken(model: CLIP, texts: Sequence[str]) -> Parts:
    """Return what the text tower knows after each token."""
    tokens = clip.tokenize(texts)[:, :LENGTH]
    hidden = torch.cat([model.text_hidden(part) for part in torch.split(tokens, 256)])
    return Parts(hidden, (tokens > 0).float())


class Practice(NamedTuple):
    """Pictures and captions: of twins, beside each other, and of others."""

    seen: Parts
    said: Parts
    others_seen: Parts
    others_said: Parts


def practice(model: CLIP, asked: int = ASKED) -> Practice:
    """Return what is learned from, none of it of another split."""
    drawn = minimal_pairs(np.random.default_rng(11), asked, "binding", split="train")
    twins = [pair for pair in drawn if pair.twin.split == "train"]
    others = pairs(asked, 11)
    return Practice(
        places(model, [scene for pair in twins for scene in (pair.scene, pair.twin)]),
        spoken(model, [text for pair in twins for text in (pair.true, pair.false)]),
        places(model, others.scenes),
        spoken(model, others.captions(np.random.default_rng(11))),
    )


def learn(share: float, seed: int, learned_from: Practice, steps: int = STEPS) -> nn.ModuleList:
    """Return two readers and their scale."""
    seen, said, others_seen, others_said = learned_from
    torch.manual_seed(seed)
    readers = nn.ModuleList([Reader(256), Reader(128), LogitScale()])

    def loss_at(step: int) -> Tensor:
        rng = np.random.default_rng([seed, step])
        rows, twice = draw(share, len(seen.tokens) // 2, rng)
        other = rng.permutation(len(others_seen.tokens))[:OTHERS]
        images, texts = (
            torch.cat([reader(*part.rows(rows)), reader(*rest.rows(other))])
            for reader, part, rest in zip(
                readers, (seen, said), (others_seen, others_said), strict=False
            )
        )
        scale = readers[2]()
        loss = clip_loss(images, texts, scale)
        return loss + WEIGHT * twin_loss(images[:twice], texts[:twice], scale)

    fit(readers, loss_at, steps, chosen=optimizers(readers, lr=LR), progress=False)
    return readers


def draw(share: float, n: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Return rows of one batch, those that meet their twin first, and how many do."""
    twice = 2 * round(share * TWINS / 2)
    pair = rng.permutation(n)[: TWINS - twice // 2]
    together = (2 * pair[: twice // 2, None] + [0, 1]).reshape(-1)
    alone = 2 * pair[twice // 2 :] + (2 * rng.random(TWINS - twice)).astype(int)
    return np.concatenate([together, alone]), twice


def twin_loss(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    """Return CLIP's loss within each pair of twins alone; 0 where there is none."""
    if not len(images):
        return torch.zeros(())
    u, v = (l2_normalize(each).reshape(-1, 2, each.shape[1]) for each in (images, texts))
    logits = scale * u @ v.mT  # (pairs, 2, 2)
    right = torch.arange(2).expand(len(logits), 2)
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.mT, right)) / 2


class Exam(NamedTuple):
    """Test pictures with their true and, of minimal pairs, their false captions."""

    seen: Parts
    true: Parts
    false: Parts


def exam(model: CLIP, kind: str, n: int = TESTED) -> Exam:
    """Return minimal pairs of the test split."""
    tested = minimal_pairs(np.random.default_rng(11), n, kind)
    said = ([pair.true for pair in tested], [pair.false for pair in tested])
    return Exam(
        places(model, [pair.scene for pair in tested]), *(spoken(model, each) for each in said)
    )


@torch.no_grad()
def asked(readers: nn.ModuleList, binding: Exam, sides: Exam, album: Exam) -> list[float]:
    """Return accuracy on binding, on left and right, and recall at 1 in an album."""
    shares = []
    for seen, true, false in (binding, sides):
        views, texts = l2_normalize(readers[0](*seen)), (readers[1](*true), readers[1](*false))
        shares.append(pair_accuracy(*((views * l2_normalize(each)).sum(1) for each in texts)))
    cosines = cosine_matrix(readers[0](*album.seen), readers[1](*album.true))
    return [*shares, recall_at_k(cosines.double(), ks=[1])[1]]


def main(path: Path) -> None:
    """Run all seeds, and write the table."""
    model, _ = clip.load("tiny", device="cpu")
    learned_from, shown = practice(model), pairs(TESTED, 11, split="test")
    said = spoken(model, shown.captions(np.random.default_rng(11)))
    exams = (
        exam(model, "binding"), exam(model, "left-right"),
        Exam(places(model, shown.scenes), said, said),
    )  # fmt: skip
    found = [
        Binding(share, seed, *asked(learn(share, seed, learned_from), *exams))
        for seed in SEEDS
        for share in SHARES
    ]
    write(path, found, shared=2)


if __name__ == "__main__":
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bindings", nargs="?", type=Path, default=STORED_BINDINGS)
    chosen = parser.parse_args()
    if not chosen.bindings.parent.is_dir():
        parser.error("the folder of the table must exist; make it first.")  # not in the end
    main(chosen.bindings)
