"""Minimal pairs: which facts a model reads off a picture, and which it guesses.

Each pair is two pictures one fact apart and the captions of both (`world.minimal_pairs`). Every
picture chooses between the captions and every caption between the pictures, so that a model
which sees only one side is right half of the time exactly. Leaves out the scores themselves
(`metrics.pairs`).
"""

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float

from mmcourse.metrics import pair_accuracy, winoground_scores
from mmcourse.metrics.pairs import GUESSED
from mmcourse.probe.rows import Row, counted, resampled
from mmcourse.probe.vectors import BATCH, Model
from mmcourse.world import minimal_pairs, render

CAPTION, PICTURE, BOTH, BLIND = (
    "Which of two captions",
    "Which of two pictures",
    "Winoground's scores",
    "Captions alone",
)
"""The parts of the battery that are made of pairs."""


def ask(
    model: Model, kind: str, n: int, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "pairs 2 2"], Float[np.ndarray, "pairs 2"]]:
    """Return the cosines of both pictures with both captions, and of captions with no picture.

    The latter are a caption's cosines with the mean of all pictures: how well it suits pictures
    in general.

    Args:
        model: what is asked.
        kind: of the minimal pairs.
        n: how many.
        rng: advanced.
    """
    images, texts = [], []
    for start in range(0, n, BATCH):
        tested = minimal_pairs(rng, min(BATCH, n - start), kind)
        scenes = [scene for pair in tested for scene in (pair.scene, pair.twin)]
        images.append(model.images(np.stack([render(scene, model.size) for scene in scenes])))
        texts.append(model.texts([text for pair in tested for text in (pair.true, pair.false)]))
    seen, read = torch.cat(images), torch.cat(texts)
    pairs, words = seen.reshape(n, 2, -1), read.reshape(n, 2, -1)
    table = torch.einsum("npd,ncd->npc", pairs, words)  # picture, caption
    return table.cpu().numpy(), (words @ seen.mean(0)).cpu().numpy()


def rows(
    kind: str, table: Float[np.ndarray, "pairs 2 2"], rng: np.random.Generator
) -> Iterator[Row]:
    """Yield the rows of one kind of pairs; the two answers of a pair are resampled together."""
    chosen = choices(table), choices(table.transpose(0, 2, 1))
    for part, end, scores in zip((CAPTION, PICTURE), ("", ", picture"), chosen, strict=True):
        yield resampled(part, kind + end, scores, 1 / 2, rng, each=2)
    each = np.array([winoground_scores(one[None]) for one in table]) == 1
    for name, right, chance in zip(GUESSED._fields, each.T, GUESSED, strict=True):
        yield counted(BOTH, f"{kind}, {name} score", right, chance)


def blind(captions: Float[np.ndarray, "pairs 2"], rng: np.random.Generator) -> Row:
    """Return how often whoever hears both captions, and sees no picture, chooses the true one.

    The same caption is chosen for the picture and for its twin: one of both is right, always.
    """
    table = np.stack([captions, captions], axis=1)  # the same for either picture
    return resampled(BLIND, "seeing no picture", choices(table), 1 / 2, rng, each=2)


def choices(table: Float[np.ndarray, "pairs 2 2"]) -> Float[np.ndarray, " pairs"]:
    """Return for each pair the share of its two rows that prefer their own column.

    >>> choices(np.array([[[9.0, 1], [2, 8]], [[9, 1], [5, 4]], [[1, 1], [0, 1]]]))
    array([1.  , 0.5 , 0.75])
    """
    own, other = table[:, [0, 1], [0, 1]], table[:, [0, 1], [1, 0]]
    return np.array([pair_accuracy(*both) for both in zip(own, other, strict=True)])
